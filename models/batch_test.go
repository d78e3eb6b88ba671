package models_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
)

// minute is a time of the tests of batches.
func minute(n int) models.Time {
	return models.Time{Time: modelstest.Start.Add(time.Duration(n) * time.Minute)}
}

// toBeApplied stores a delivery, which then says what change makes of it.
func toBeApplied(db *modelstest.DB, n int, change func(d *models.Decoded)) models.Decoded {
	s := db.Store(models.Delivery{Body: fmt.Append(nil, "delivery ", n), ReceivedAt: minute(-n)})
	d := models.Decoded{ID: s.ID, ReceivedAt: s.ReceivedAt}
	change(&d)
	return d
}

func says(wamid string, who models.InContact, n int) func(d *models.Decoded) {
	return func(d *models.Decoded) {
		d.Messages = []models.InMessage{{WAMID: wamid, Type: "text", Contact: who, At: minute(n), Body: []byte("{}")}}
	}
}

func isSent(wamid string, who models.InContact, n int) func(d *models.Decoded) {
	return func(d *models.Decoded) {
		d.Statuses = []models.InStatus{{WAMID: wamid, State: "sent", Contact: who, At: minute(n)}}
	}
}

func applyNow(t *testing.T, db *modelstest.DB, ds ...models.Decoded) {
	t.Helper()
	if err := db.ApplyDeliveries(context.Background(), ds); err != nil {
		t.Fatalf("ApplyDeliveries = %v", err)
	}
}

func TestTwoProcessesThatKnowACustomerByAnotherNameBothCount(t *testing.T) {
	dbs := two(t)
	p := modelstest.SQL(t, dbs[0].URL)
	applyNow(t, dbs[0], toBeApplied(dbs[0], 1, says("w0", models.InContact{Phone: "100", UserID: "U1", Name: "Old"}, 1)))
	moved := toBeApplied(dbs[0], 2, says("w1", models.InContact{Phone: "200", UserID: "U1", Name: "Old"}, 5))
	late := toBeApplied(dbs[0], 3, says("w2", models.InContact{Phone: "100", Name: "Older"}, 3))
	plug, err := p.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plug.Exec(`LOCK TABLE messages IN SHARE MODE`); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for i, d := range []models.Decoded{moved, late} {
		go func() { errs <- dbs[i].ApplyDeliveries(context.Background(), []models.Decoded{d}) }()
		time.Sleep(300 * time.Millisecond) // each reads before the other has written
	}
	plug.Rollback()
	for range 2 {
		if err := <-errs; err != nil {
			t.Errorf("ApplyDeliveries = %v", err)
		}
	}
	if got := text(t, dbs[0], `SELECT phone FROM contacts WHERE user_id = 'U1'`); got != "200" {
		t.Errorf("the number of U1 is %s; want 200, the newest", got)
	}
}

func TestAMessageOfABatchIsOfACustomerWhoIsThere(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		applyNow(t, db, toBeApplied(db, 1, says("w0", models.InContact{UserID: "U1", Name: "Ada"}, 1)))
		applyNow(t, db, toBeApplied(db, 2, isSent("o1", models.InContact{Phone: "100"}, 2)),
			toBeApplied(db, 3, isSent("o2", models.InContact{Phone: "100", UserID: "U1"}, 3)))
		if n := count(t, db, `SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id AND c.phone = '100' AND c.user_id = 'U1'`); n != 3 {
			t.Errorf("%s: %d messages are of the one customer; want 3", name, n)
		}
	}
}

func TestOnPostgresThousandsOfUpdatesFitIntoTheLocksThatPostgreSQLHasAsItComes(t *testing.T) {
	s := pgtest.Start(t)
	for _, statement := range []string{"ALTER SYSTEM SET max_connections = 100", "ALTER SYSTEM SET max_locks_per_transaction = 64"} {
		if err := s.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Restart("fast"); err != nil {
		t.Fatal(err)
	}
	db := modelstest.OpenAt(t, s.NewDatabase(t))
	var ds []models.Decoded
	for n := range 30 {
		ds = append(ds, toBeApplied(db, n, func(d *models.Decoded) {
			for i := range []int{150, 1000}[n%2*n/29] { // the last one has a thousand
				who := models.InContact{Phone: fmt.Sprint(n*10_000 + i)}
				d.Statuses = append(d.Statuses, models.InStatus{WAMID: fmt.Sprintf("o%d.%d", n, i), State: "sent", Contact: who, At: minute(1)})
			}
		}))
	}
	applyNow(t, db, ds...)
	if done, sent := count(t, db, `SELECT count(*) FROM deliveries WHERE state = 'done'`), count(t, db, `SELECT count(*) FROM messages WHERE status = 'sent'`); done != 30 || sent != 29*150+1000 {
		t.Errorf("%d deliveries are done, %d messages sent; want 30, %d", done, sent, 29*150+1000)
	}
}

func TestACustomerOfManyResponsesMayChangeTheName(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		db.NewFlow("claim")
		for i := range 3 {
			db.NewResponse().Token(fmt.Sprint("claim.", i)).Contact("100", "Old").Save()
		}
		applyNow(t, db, toBeApplied(db, 9, says("w9", models.InContact{Phone: "100", Name: "Grace"}, 60)))
		found, err := db.CountResponses(t.Context(), models.ResponseFilter{Text: "grace"})
		if err != nil || found != 3 {
			t.Errorf("%s: %d responses are found by the new name, %v; want 3", name, found, err)
		}
	}
}

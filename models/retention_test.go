package models_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

const day = 24 * time.Hour

// aged is a database with deliveries in each state and steps of 200, 100 and 1 days ago.
func aged(t *testing.T, url string) *modelstest.DB {
	t.Helper()
	db := modelstest.OpenAt(t, url)
	flow := db.NewFlow("booking")
	now := db.Now()
	for _, days := range []time.Duration{200, 100, 1} {
		then := models.Time{Time: now.Add(-days * day)}
		for n := range 3 {
			db.Deliver(models.Delivery{ReceivedAt: then, Body: fmt.Appendf(nil, "done %d %d", days, n)}, models.Decoded{})
		}
		db.Deliver(models.Delivery{ReceivedAt: then, Body: fmt.Appendf(nil, "for a person %d", days)}, models.Decoded{Reason: "not JSON"})
		db.NewVisit(flow, fmt.Sprint("token", days), func(v *models.Visit) { v.StartedAt, v.LastAt = then, then })
	}
	db.Store(models.Delivery{ReceivedAt: models.Time{Time: now.Add(-200 * day)}, Body: []byte("pending")})
	return db
}

// left is how many deliveries of each state and how many steps there are.
func left(t *testing.T, db *modelstest.DB) string {
	t.Helper()
	var done, others, steps int
	err := modelstest.SQL(t, db.URL).QueryRow(`SELECT (SELECT count(*) FROM deliveries WHERE state = 'done'),
		(SELECT count(*) FROM deliveries WHERE state <> 'done'), (SELECT count(*) FROM steps)`).Scan(&done, &others, &steps)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d done, %d others, %d steps", done, others, steps)
}

func TestMaintainDropsWhatIsOlderAndDone(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := aged(t, url)
			for _, c := range []struct {
				keep    models.Keep
				dropped models.Dropped
				left    string
			}{
				{models.Keep{}, models.Dropped{}, "9 done, 4 others, 3 steps"},
				{models.Keep{Steps: 150 * day}, models.Dropped{Steps: 1}, "9 done, 4 others, 2 steps"},
				{models.Keep{Deliveries: 150 * day}, models.Dropped{Deliveries: 4}, "6 done, 3 others, 2 steps"},
				{models.Keep{Deliveries: 60 * day, Steps: 60 * day}, models.Dropped{Deliveries: 4, Steps: 1}, "3 done, 2 others, 1 steps"},
				{models.Keep{Deliveries: 60 * day, Steps: 60 * day}, models.Dropped{}, "3 done, 2 others, 1 steps"},
			} {
				got, err := db.Maintain(t.Context(), c.keep)
				if err != nil || got != c.dropped {
					t.Errorf("Maintain(%+v) = %+v, %v; want %+v", c.keep, got, err, c.dropped)
				}
				if now := left(t, db); now != c.left {
					t.Errorf("after Maintain(%+v): %s; want %s", c.keep, now, c.left)
				}
			}
			counts, oldest, err := db.DeliveryCounts(t.Context())
			if err != nil || counts[models.Pending] != 1 || counts[models.Unmatched] != 1 || !oldest.Equal(db.Now().Add(-200*day)) {
				t.Errorf("DeliveryCounts() = %v, oldest %s, %v; want the pending one of 200 days ago and 1 unmatched", counts, oldest, err)
			}
		})
	}
}

func TestWhatIsYoungerThanKeptStays(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := aged(t, url)
			got, err := db.Maintain(t.Context(), models.Keep{Deliveries: 200*day + time.Minute, Steps: 200*day + time.Minute})
			if err != nil || got != (models.Dropped{}) {
				t.Errorf("Maintain(keep what is there and a minute) = %+v, %v; want nothing dropped", got, err)
			}
		})
	}
}

func TestManyRowsGoInManySteps(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			old := models.Time{Time: db.Now().Add(-80 * day)}
			var ds []models.Delivery
			for n := range 2600 {
				ds = append(ds, models.Delivery{Source: "meta", ReceivedAt: old, Body: []byte(strings.Repeat("x", 9000) + fmt.Sprint(n))})
			}
			if err := db.StoreDeliveries(t.Context(), ds); err != nil {
				t.Fatal(err)
			}
			raw := modelstest.SQL(t, url)
			// One of them needs a person, so that PostgreSQL keeps the month.
			if _, err := raw.Exec(`UPDATE deliveries SET state = CASE WHEN id % 2600 = 7 THEN 'failed' ELSE 'done' END`); err != nil {
				t.Fatal(err)
			}
			raw.Close()
			got, err := db.Maintain(t.Context(), models.Keep{Deliveries: 20 * day})
			if err != nil || got.Deliveries != 2599 {
				t.Errorf("Maintain() = %+v, %v; want 2599 deliveries dropped", got, err)
			}
			if now := left(t, db); now != "0 done, 1 others, 0 steps" {
				t.Errorf("after Maintain: %s; want the one that failed", now)
			}
		})
	}
}

func TestSQLiteGivesSpaceBack(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t))
	old := models.Time{Time: db.Now().Add(-100 * day)}
	for n := range 12 {
		body := []byte(strings.Repeat(fmt.Sprint(n), 1<<20))
		db.Deliver(models.Delivery{ReceivedAt: old, Body: body}, models.Decoded{})
	}
	_, _, before, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := db.Maintain(t.Context(), models.Keep{Deliveries: 20 * day}); err != nil || got.Deliveries != 12 {
		t.Fatalf("Maintain() = %+v, %v; want 12 deliveries dropped", got, err)
	}
	_, _, after, err := db.Version(t.Context())
	if err != nil || after > before/2 {
		t.Errorf("the file has %d bytes, %v; want less than half of %d", after, err, before)
	}
}

func TestStepsOfAClockThatWasAheadDoNotKeepOlderOnes(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			flow := db.NewFlow("booking")
			for n, days := range []time.Duration{-365, 100, 100} {
				then := models.Time{Time: db.Now().Add(-days * day)}
				db.NewVisit(flow, fmt.Sprint("token", n), func(v *models.Visit) { v.StartedAt, v.LastAt = then, then })
			}
			got, err := db.Maintain(t.Context(), models.Keep{Steps: 20 * day})
			if err != nil || got.Steps != 2 {
				t.Errorf("Maintain() = %+v, %v; want 2 steps dropped", got, err)
			}
		})
	}
}

package models_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestWhatNeedsAPersonOrWasNotPassedOnIsKeptNinetyDays(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			raw := modelstest.SQL(t, url)
			for _, days := range []time.Duration{200, 80} {
				then := models.Time{Time: db.Now().Add(-days * day)}
				for n, state := range []string{"done", "unmatched", "failed", "done", "done", "done"} {
					d := db.Store(models.Delivery{ReceivedAt: then, Body: fmt.Append(nil, days, n)})
					if _, err := raw.Exec(`UPDATE deliveries SET state = '` + state + `' WHERE id = ` + fmt.Sprint(d.ID)); err != nil {
						t.Fatal(err)
					}
					if n >= 3 {
						forward := fmt.Sprintf(`INSERT INTO forwards (target_id, delivery_id, received_at, state, next_at) VALUES (1, %d, %d, '%s', 0)`,
							d.ID, then.Micros(), []string{"waiting", "dead", "done"}[n-3])
						if _, err := raw.Exec(forward); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			raw.Close()
			got, err := db.Maintain(t.Context(), models.Keep{Deliveries: 30 * day})
			if err != nil || got.Deliveries != 8 {
				t.Errorf("Maintain(30 days) = %+v, %v; want the 6 of 200 days ago and 2 of 80 days dropped", got, err)
			}
			left := fmt.Sprint(lines(t, db, `SELECT state || ' ' || coalesce((SELECT f.state FROM forwards f WHERE f.delivery_id = d.id), 'no forward')
				FROM deliveries d ORDER BY 1`))
			if want := "[done dead done waiting failed no forward unmatched no forward]"; left != want {
				t.Errorf("left are %s; want %s", left, want)
			}
		})
	}
}

func TestOldMessagesGoWithAllThatIsAboutThem(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			db.NewFlow("claim")
			told := func(days time.Duration, change func(d *models.Decoded)) {
				t.Helper()
				then := models.Time{Time: db.Now().Add(-days * day)}
				d := db.Store(models.Delivery{ReceivedAt: then, Body: fmt.Append(nil, days, time.Now().UnixNano())})
				decoded := models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt}
				change(&decoded)
				for i := range decoded.Messages {
					decoded.Messages[i].At = then
				}
				for i := range decoded.People {
					decoded.People[i].At = then
				}
				applyNow(t, db, decoded)
			}
			text := func(wamid, phone string) func(d *models.Decoded) {
				return says(wamid, models.InContact{Phone: phone}, 0)
			}
			told(500, text("old1", "100"))
			told(500, becomes(models.InContact{Phone: "100"}, models.InContact{Phone: "101"}, 0))
			told(500, text("old2", "200"))
			told(500, isSent("old3", models.InContact{Phone: "300"}, -500*24*60))
			told(500, func(d *models.Decoded) { d.Others = []models.InOther{{Key: "o1", Field: "security"}} })
			told(500, func(d *models.Decoded) {
				d.Messages = []models.InMessage{{WAMID: "r1", Type: "interactive", Contact: models.InContact{Phone: "400"},
					Flow: &models.InResponse{Raw: "{}", Token: "claim.1", Answers: map[string]any{"a": "b"}}}}
			})
			told(10, text("new1", "200"))
			told(10, func(d *models.Decoded) { d.Others = []models.InOther{{Key: "o2", Field: "security"}} })
			got, err := db.Maintain(t.Context(), models.Keep{Messages: 400 * day})
			if want := (models.Dropped{Messages: 4, Statuses: 1, Others: 1, Contacts: 2}); err != nil || got != want {
				t.Errorf("Maintain(400 days) = %+v, %v; want %+v", got, err, want)
			}
			for _, c := range []struct{ query, want string }{
				{`SELECT wamid FROM messages ORDER BY wamid`, "[new1]"}, {`SELECT wamid FROM statuses`, "[]"},
				{`SELECT key FROM account_events`, "[o2]"}, {`SELECT phone FROM contacts ORDER BY phone`, "[200 400]"},
				{`SELECT value FROM former_ids`, "[]"}, {`SELECT wamid FROM responses`, "[r1]"}, {`SELECT text FROM answers`, "[b]"},
			} {
				if left := fmt.Sprint(lines(t, db, c.query)); left != c.want {
					t.Errorf("%s = %s; want %s", c.query, left, c.want)
				}
			}
			if again, err := db.Maintain(t.Context(), models.Keep{Messages: 400 * day}); err != nil || again != (models.Dropped{}) {
				t.Errorf("Maintain again = %+v, %v; want nothing", again, err)
			}
		})
	}
}

// Between two transactions of retention there is room for at least one of intake, and none of them is large.
func TestRetentionLetsIntakeThrough(t *testing.T) {
	const most, total = 2500, 3000
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			old := models.Time{Time: db.Now().Add(-100 * day)}
			for n := 0; n < total; n += 500 {
				d := db.Store(models.Delivery{ReceivedAt: old, Body: fmt.Append(nil, "many ", n)})
				many := models.Decoded{ID: d.ID, ReceivedAt: d.ReceivedAt}
				for i := n; i < n+500; i++ {
					for _, state := range []string{"sent", "delivered", "read"} {
						many.Statuses = append(many.Statuses, models.InStatus{WAMID: fmt.Sprint("w", i), State: state, At: old})
					}
				}
				applyNow(t, db, many)
			}
			storeMany(t, db, "old", 1000)
			raw := modelstest.SQL(t, url)
			if _, err := raw.Exec(fmt.Sprintf(`UPDATE messages SET received_at = %d`, old.Micros())); err != nil {
				t.Fatal(err)
			}
			raw.Close()
			ctx, cancel := context.WithCancel(t.Context())
			stored := make(chan int)
			go func() {
				n := 0
				for ; ctx.Err() == nil; n++ {
					body := []byte(strings.Repeat("x", 1500) + fmt.Sprint(n))
					if err := db.StoreDeliveries(context.WithoutCancel(ctx), []models.Delivery{{Source: "meta", Body: body}}); err != nil {
						t.Errorf("StoreDeliveries during retention = %v", err)
					}
				}
				stored <- n
			}()
			steps, largest := 0, int64(0)
			got, err := db.Maintain(t.Context(), models.Keep{Deliveries: 20 * day, Messages: 20 * day, Stepped: func(rows int64) {
				steps++
				largest = max(largest, rows)
			}})
			cancel()
			during := <-stored
			if err != nil || got.Messages != total || got.Statuses != 3*total {
				t.Errorf("Maintain() = %+v, %v; want %d messages with three statuses each dropped", got, err, total)
			}
			if largest > most || steps < total/most || during < steps-1 {
				t.Errorf("%d transactions, the largest of %d rows, %d bodies stored meanwhile; want none above %d rows and a body between each two", steps, largest, during, most)
			}
		})
	}
}

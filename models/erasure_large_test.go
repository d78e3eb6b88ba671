package models_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// TestALargePersonGoesWithoutHoldingOthersUp erases somebody with many responses among those of others.
func TestALargePersonGoesWithoutHoldingOthersUp(t *testing.T) {
	db := modelstest.Open(t)
	flow := db.NewFlow("claim")
	n := 300
	if os.Getenv("LARGE") != "" {
		n = 10000
	}
	long := strings.Repeat(erasedAnswer+" ", 40)
	for some := range n / 100 {
		var all []models.InMessage
		for i := range 100 {
			id, phone, name, answer := fmt.Sprintf("wamid.x.%d.%d", some, i), erasedPhone, erasedName, long
			if i%10 == 9 {
				phone, name, answer = fmt.Sprintf("4477009%05d", some*100+i), "Ada", "fine"
			}
			m := message(id, phone, name, db.Time())
			m.Flow = &models.InResponse{Answers: map[string]any{"note": answer, "n": i}, Token: flow.Slug + "." + id, Raw: `{"note":"` + answer + `"}`}
			all = append(all, m)
		}
		db.Deliver(models.Delivery{Body: meta(all...)}, models.Decoded{Messages: all})
	}
	p, err := db.PersonByNumber(t.Context(), erasedPhone)
	check(t, err)
	_, err = db.Erase(t.Context(), p, models.By{Name: "Root"})
	check(t, err)
	done, began := make(chan time.Duration), time.Now()
	stop := make(chan struct{})
	go func() {
		var worst time.Duration
		for {
			select {
			case <-stop:
				done <- worst
				return
			default:
			}
			if took, err := db.Probe(context.Background()); err != nil || took > worst {
				worst = took
			}
			time.Sleep(time.Millisecond)
		}
	}()
	finishErasures(t, db)
	close(stop)
	worst := <-done
	t.Logf("%d responses in %s, the longest wait of another writer was %s", n*9/10, time.Since(began), worst)
	if worst > 2*time.Second {
		t.Errorf("another writer waited %s", worst)
	}
	for _, text := range erasedTexts {
		if db.Holds(text) {
			t.Errorf("the database holds %q", text)
		}
	}
	if got := count(t, db, `SELECT count(*) FROM responses`); got != n/10 {
		t.Errorf("%d responses of others are left; want %d", got, n/10)
	}
}

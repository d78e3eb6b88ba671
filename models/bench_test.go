package models_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/ingest"
	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
)

// engines runs a benchmark on both in one go, so that their figures can be compared.
func engines(b *testing.B, run func(b *testing.B, db *modelstest.DB)) {
	for _, e := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", modelstest.SQLiteURL}, {"postgres", durableURL}} {
		b.Run(e.name, func(b *testing.B) { run(b, modelstest.OpenAt(b, e.url(b))) })
	}
}

// durableURL is a database of a server that waits for the disk, as that of the tests does not.
func durableURL(t testing.TB) string {
	t.Helper()
	s, err := pgtest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on", "SELECT pg_reload_conf()"} {
		if err := s.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return modelstest.PostgresURL(t)
}

// BenchmarkSubmit is a webhook body of 1.5 KB made durable, by many waiters at once.
func BenchmarkSubmit(b *testing.B) {
	for _, waiters := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("waiters=%d", waiters), func(b *testing.B) {
			engines(b, func(b *testing.B, db *modelstest.DB) { submit(b, db, waiters) })
		})
	}
}

func submit(b *testing.B, db *modelstest.DB, waiters int) {
	q := ingest.New(db.StoreDeliveries, 1024, 256, 0, nil)
	stop := checkpoints(db)
	defer stop()
	var sent atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range waiters {
		all.Go(func() {
			for {
				i := sent.Add(1)
				if i > int64(b.N) {
					return
				}
				body := fmt.Appendf(make([]byte, 0, 1500), "%01500d", i)
				if err := q.Submit(context.Background(), models.Delivery{Source: "meta", Body: body, Signature: "sha256=…"}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
	if err := q.Close(context.Background()); err != nil {
		b.Error(err)
	}
}

// checkpoints does what the server does each second.
func checkpoints(db *modelstest.DB) (stop func()) {
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				_ = db.Checkpoint(context.Background()) // a benchmark's checkpoint may fail; its figures show it
			}
		}
	})
	return func() { close(done); running.Wait() }
}

// BenchmarkApply decodes the mix of decisions.md 66: 90 % statuses, 9 % messages, 1 % responses.
func BenchmarkApply(b *testing.B) { engines(b, applyMix) }

func applyMix(b *testing.B, db *modelstest.DB) {
	db.NewFlow("claim")
	const batch = 256
	n := 0
	for b.Loop() {
		b.StopTimer()
		ds := make([]models.Delivery, batch)
		for i := range ds {
			ds[i] = models.Delivery{Source: "meta", Body: fmt.Append(nil, n+i)}
		}
		must(b, db.StoreDeliveries(b.Context(), ds))
		pending, err := db.PendingDeliveries(b.Context(), batch)
		must(b, err)
		decoded := make([]models.Decoded, len(pending))
		for i, d := range pending {
			decoded[i] = mixed(d.ID, n+i)
			decoded[i].ReceivedAt = d.ReceivedAt
		}
		n += batch
		b.StartTimer()
		must(b, db.ApplyDeliveries(context.Background(), decoded))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "deliveries/s")
}

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func mixed(id int64, n int) models.Decoded {
	at := models.Time{Time: modelstest.Start.Add(time.Duration(n) * time.Millisecond)}
	who := models.InContact{Phone: fmt.Sprint(5511900000000 + n%5000), Name: "João da Silva"}
	switch {
	case n%100 == 0:
		return models.Decoded{ID: id, Messages: []models.InMessage{{WAMID: fmt.Sprint("wamid.", n), Type: "interactive", Contact: who, At: at,
			Body: []byte(`{}`), Flow: &models.InResponse{Token: fmt.Sprint("claim.", n), Raw: "{}", Answers: twelve(n)}}}}
	case n%10 == 0:
		return models.Decoded{ID: id, Messages: []models.InMessage{{WAMID: fmt.Sprint("wamid.", n), Type: "text", Contact: who, At: at, Body: []byte(`{"text":{"body":"olá"}}`)}}}
	}
	state := []string{"sent", "delivered", "read"}[n%3]
	return models.Decoded{ID: id, Statuses: []models.InStatus{{WAMID: fmt.Sprint("wamid.out", n/3), State: state, Contact: who, At: at}}}
}

// twelve answers, as a longer form has.
func twelve(n int) map[string]any {
	return map[string]any{
		"department": "dental", "date": "2026-12-01", "time": "10:30", "name": fmt.Sprint("Sofía Martínez ", n), "email": fmt.Sprintf("s%d@example.com", n),
		"terms": true, "symptoms": []any{"0_pain", "2_swelling"}, "notes": "after work, please — “late” is fine", "age": json.Number("42"),
		"country": "BR", "city": "São Paulo", "plan": "gold",
	}
}

// fill makes n responses of twelve answers in two flows.
func fill(b *testing.B, db *modelstest.DB, n int) models.Flow {
	b.Helper()
	flow := db.NewFlow("claim")
	db.NewFlow("appointment")
	for done := 0; done < n; done += 500 {
		d := db.Store(models.Delivery{ReceivedAt: models.Time{Time: modelstest.Start.Add(time.Duration(done) * time.Second)}})
		many := models.Decoded{ID: d.ID}
		for i := done; i < done+500; i++ {
			slug := []string{"claim", "appointment"}[i%2]
			many.Messages = append(many.Messages, models.InMessage{WAMID: fmt.Sprint("wamid.", i), Type: "interactive", At: d.ReceivedAt,
				Contact: models.InContact{Phone: fmt.Sprint(5511900000000 + i%5000), Name: "João da Silva"}, Body: []byte(`{}`),
				Flow: &models.InResponse{Token: fmt.Sprint(slug, ".", i), Raw: "{}", Answers: twelve(i)}})
		}
		must(b, db.ApplyDeliveries(context.Background(), []models.Decoded{many}))
	}
	return flow
}

// BenchmarkResponses reads at 100,000 rows: pages by key, a capped count, and the whole for an export.
func BenchmarkResponses(b *testing.B) { engines(b, readResponses) }

func readResponses(b *testing.B, db *modelstest.DB) {
	const n = 100_000
	flow := fill(b, db, n)
	if _, err := modelstest.SQL(b, db.URL).Exec("ANALYZE"); err != nil { // as both engines do by and by
		b.Fatal(err)
	}
	middle := modelstest.Start.Add(n / 2 * time.Second)
	pages := map[string]models.ResponseFilter{
		"newest": {}, "flow": {FlowID: flow.ID}, "deep": {FlowID: flow.ID, Before: n / 20}, "dates": {From: middle, To: middle.Add(time.Hour)},
		"text": {Text: "sao paulo 77"},
	}
	for name, f := range pages {
		b.Run("page/"+name, func(b *testing.B) {
			for b.Loop() {
				if p, err := db.Responses(b.Context(), f); err != nil || len(p.Rows) != 50 {
					b.Fatalf("%d rows, %v", len(p.Rows), err)
				}
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			_, err := db.CountResponses(b.Context(), models.ResponseFilter{FlowID: flow.ID})
			must(b, err)
		}
	})
	b.Run("keys", func(b *testing.B) {
		for b.Loop() {
			_, err := db.AnswerKeys(b.Context(), flow.ID)
			must(b, err)
		}
	})
	b.Run("days", func(b *testing.B) {
		for b.Loop() {
			_, err := db.ResponsesPerDay(b.Context(), 0, 30, time.UTC)
			must(b, err)
		}
	})
	b.Run("each", func(b *testing.B) {
		rows := 0
		for b.Loop() {
			for _, err := range db.EachResponse(context.Background(), models.ResponseFilter{}) {
				must(b, err)
				rows++
			}
		}
		b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	})
}

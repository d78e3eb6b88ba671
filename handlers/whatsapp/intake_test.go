package whatsapp_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/ingest"
	"switchyard/models/modelstest"
	"switchyard/web/play"
)

// An intake is a webhook with its queue, its database and a worker that decodes behind it.
type intake struct {
	*hook
	db     *modelstest.DB
	worker *whatsapp.Worker
	sent   atomic.Int64
}

func newIntake(t testing.TB, db *modelstest.DB) *intake {
	t.Helper()
	db.NewFlow("play")
	q := ingest.New(db.StoreDeliveries, 4096, 256, 256<<20, func(d models.Delivery) int64 { return int64(len(d.Body)) })
	in := &intake{db: db, worker: &whatsapp.Worker{DB: db.DB, Now: time.Now, Log: slog.New(slog.DiscardHandler)}}
	in.hook = newHook(func(h *hook) {
		h.Submit = func(ctx context.Context, d models.Delivery) error {
			defer in.worker.Wake()
			return q.Submit(ctx, d)
		}
		h.Note, h.Count, h.Now = func(string, string) {}, nil, time.Now
	})
	t.Cleanup(func() {
		if err := q.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return in
}

// send posts the next n bodies of the mix by that many senders.
func (in *intake) send(t testing.TB, senders int, n int64) {
	t.Helper()
	end := in.sent.Load() + n
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for {
				i := in.sent.Add(1)
				if i > end {
					return
				}
				body := play.Mix("INTAKE", int(i))
				if w := in.do("POST", "/webhooks/meta", bytes.NewReader(body), wire.Sign(appSecret, body)); w.Code != 200 {
					t.Errorf("POST = %d %s", w.Code, w.Body)
					return
				}
			}
		})
	}
	all.Wait()
	in.sent.Store(end)
}

// heap is what is live.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemoryStaysFlatOverManyDeliveries takes and decodes 20,000 deliveries, a million with SWITCHYARD_VERIFY=1. What is
// live after the first tenth is what is live at the end.
func TestMemoryStaysFlatOverManyDeliveries(t *testing.T) {
	total := int64(20_000)
	if os.Getenv("SWITCHYARD_VERIFY") != "" {
		total = 1_000_000
	}
	in := newIntake(t, modelstest.Open(t))
	round := func() {
		in.send(t, 64, total/10)
		if err := in.worker.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := in.db.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	round()
	first := heap()
	for range 9 {
		round()
	}
	if last := heap(); last > first+4<<20 {
		t.Errorf("after %d deliveries %d KiB are live, after %d %d KiB; want at most 4 MiB more", total/10, first>>10, total, last>>10)
	}
	if left := modelstest.States(t, in.db.URL); left[models.Pending] != 0 || left[models.Done] != total {
		t.Errorf("deliveries: %v; want %d done", left, total)
	}
}

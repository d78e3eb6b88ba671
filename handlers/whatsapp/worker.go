package whatsapp

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

const (
	// poll is how often the worker looks without being woken: what waited for its next try, what another process stored.
	poll = time.Second
	// maxBatch bounds one batch in deliveries; PendingDeliveries bounds it in bytes.
	maxBatch = 256
	// claimTime is how long what was claimed is tried again: within the claim's 30 s.
	claimTime = 20 * time.Second
)

// A Worker decodes stored deliveries and writes what they say.
type Worker struct {
	// DB is the inbox.
	DB *models.DB
	// Now is the clock.
	Now func() time.Time
	// Log takes what went wrong on our side; nil: slog.Default.
	Log *slog.Logger
	// Written hears that deliveries were decoded and what they say was written. May be nil.
	Written func()
	// Responded hears the flow_token of every response that was written (Endpoint.Forget). May be nil.
	Responded func(token string)

	// parse stands in for wire.ParseWebhook in tests.
	parse func(body []byte, source wire.Source) (wire.Events, error)

	slowAfter, longest time.Duration // of decoding one body; 0: the constants
	hung               hanging

	once   sync.Once
	wake   chan struct{}
	looked atomic.Int64 // epoch microseconds

	waiting seldom
}

func (w *Worker) init() {
	w.once.Do(func() {
		w.wake = make(chan struct{}, 1)
		if w.Log == nil {
			w.Log = slog.Default()
		}
		if w.parse == nil {
			w.parse = wire.ParseWebhook
		}
		w.slowAfter, w.longest = cmp.Or(w.slowAfter, slowAfter), cmp.Or(w.longest, longestDecode)
	})
}

// Wake tells that something was stored. It never blocks.
func (w *Worker) Wake() {
	w.init()
	select {
	case w.wake <- struct{}{}:
	default: // it is awake already and will look again
	}
}

// Looked tells when the worker last found nothing left to do; long ago: it hangs, or cannot reach the database.
func (w *Worker) Looked() time.Time {
	if at := w.looked.Load(); at > 0 {
		return time.UnixMicro(at)
	}
	return time.Time{}
}

// Run decodes until ctx ends; it then finishes the batch in its hands and returns nil. A database that cannot be
// read or written is tried again each second.
func (w *Worker) Run(ctx context.Context) error {
	w.init()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if err := w.empty(ctx); err != nil && ctx.Err() == nil {
			w.waiting.error(w.Log, "deliveries wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-w.wake:
		case <-tick.C:
		}
	}
}

// Settle decodes all that is due and returns; it is Run for who does not stay.
func (w *Worker) Settle(ctx context.Context) error {
	w.init()
	if err := w.empty(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// empty decodes batch by batch until nothing is due or ctx ends.
func (w *Worker) empty(ctx context.Context) error {
	for ctx.Err() == nil {
		batch, err := w.DB.ClaimDeliveries(ctx, maxBatch)
		if err != nil {
			return fmt.Errorf("claim deliveries: %w", err)
		}
		if len(batch) == 0 {
			w.looked.Store(w.Now().UnixMicro())
			return nil
		}
		if err := w.applyClaimed(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// applyClaimed tries again while the claim holds: who let go of it now would wait for its end.
func (w *Worker) applyClaimed(ctx context.Context, batch []models.Delivery) error {
	err := w.apply(context.WithoutCancel(ctx), batch)
	if err != nil && w.DB.Shared() {
		w.waiting.error(w.Log, "deliveries wait", "error", err)
	}
	for began := time.Now(); err != nil && time.Since(began) < claimTime && ctx.Err() == nil && w.DB.Shared(); {
		select {
		case <-ctx.Done():
		case <-time.After(poll):
			err = w.apply(context.WithoutCancel(ctx), batch)
		}
	}
	return err
}

// apply decodes and writes one batch.
func (w *Worker) apply(ctx context.Context, batch []models.Delivery) error {
	ds, late := w.decodeAll(batch)
	if err := w.write(ctx, ds); err != nil || len(late) == 0 {
		return err
	}
	return w.write(ctx, w.await(late))
}

func (w *Worker) write(ctx context.Context, ds []models.Decoded) error {
	if err := w.DB.ApplyDeliveries(ctx, ds); err != nil {
		return fmt.Errorf("write decoded deliveries: %w", err)
	}
	if w.Written != nil {
		w.Written()
	}
	w.tell(ds)
	return nil
}

func (w *Worker) tell(ds []models.Decoded) {
	if w.Responded == nil {
		return
	}
	for _, d := range ds {
		for _, m := range d.Messages {
			if m.Flow != nil && m.Flow.Token != "" {
				w.Responded(m.Flow.Token)
			}
		}
	}
}

package whatsapp

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/ingest"
)

func newTestRecorder(room int, record func(context.Context, models.StepRecord) error) *recorder {
	return newRecorder(record, slog.New(slog.DiscardHandler), room, 10_000)
}

func TestRecorderMakesTheCustomerWaitAQuarterOfASecondAtMost(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var done atomic.Bool
		r := newTestRecorder(1, func(context.Context, models.StepRecord) error {
			time.Sleep(3 * time.Second)
			done.Store(true)
			return nil
		})
		began := time.Now()
		settled := make(chan struct{})
		r.keep(t.Context(), models.StepRecord{}, 500, func() { close(settled) })
		if waited := time.Since(began); waited != awaited || done.Load() {
			t.Errorf("keep took %s; want %s", waited, awaited)
		}
		<-settled
		if !done.Load() {
			t.Error("settled before the step was recorded")
		}
	})
}

func TestRecorderTriesAgainUntilTheStepIsRecorded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var asked atomic.Int32
		r := newTestRecorder(1, func(context.Context, models.StepRecord) error {
			if asked.Add(1) < 5 {
				return errors.New("database is locked")
			}
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		settled := make(chan struct{})
		r.keep(ctx, models.StepRecord{}, 500, func() { close(settled) })
		cancel() // the request is over; the step is not
		<-settled
		if asked.Load() != 5 {
			t.Errorf("record was asked %d times; want 5", asked.Load())
		}
	})
}

func TestRecorderGivesUpInTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for err, most := range map[error]int32{errors.New("poison"): tries, ingest.ErrClosed: 1} {
			var asked atomic.Int32
			r := newTestRecorder(1, func(context.Context, models.StepRecord) error { asked.Add(1); return err })
			r.keep(t.Context(), models.StepRecord{}, 500, func() {})
			r.running.Wait()
			if asked.Load() != most || r.held != 0 || r.bytes != 0 {
				t.Errorf("record that says %v was asked %d times, %d under way; want %d, 0", err, asked.Load(), r.held, most)
			}
		}
	})
}

func TestRecorderIsBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		gate := make(chan struct{})
		var recorded atomic.Int32
		r := newTestRecorder(2, func(context.Context, models.StepRecord) error { <-gate; recorded.Add(1); return nil })
		var settled atomic.Int32
		for range 3 {
			r.keep(t.Context(), models.StepRecord{}, 500, func() { settled.Add(1) })
		}
		if settled.Load() != 1 {
			t.Errorf("%d of 3 settled while 2 have room; want 1", settled.Load())
		}
		close(gate)
		if err := r.drain(t.Context()); err != nil || recorded.Load() != 2 || settled.Load() != 3 {
			t.Errorf("drain = %v, %d recorded, %d settled; want nil, 2, 3", err, recorded.Load(), settled.Load())
		}
	})
}

func TestRecorderIsBoundedInBytes(t *testing.T) {
	bubble(t, func(t *testing.T) {
		gate := make(chan struct{})
		var recorded atomic.Int32
		r := newTestRecorder(100, func(context.Context, models.StepRecord) error { <-gate; recorded.Add(1); return nil })
		for range 5 {
			r.keep(t.Context(), models.StepRecord{}, 4_500, func() {})
		}
		close(gate)
		if err := r.drain(t.Context()); err != nil || recorded.Load() != 2 {
			t.Errorf("drain = %v, %d of 5 recorded; want nil, the 2 that 10,000 bytes hold", err, recorded.Load())
		}
	})
}

func TestDrainEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		gate := make(chan struct{})
		r := newTestRecorder(1, func(context.Context, models.StepRecord) error { <-gate; return nil })
		r.keep(t.Context(), models.StepRecord{}, 500, func() {})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("drain with a step that never ends = %v; want the deadline", err)
		}
		close(gate)
		r.running.Wait()
	})
}

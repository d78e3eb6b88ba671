package whatsapp

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"switchyard/models"
	"switchyard/models/ingest"
)

const (
	// awaited is how long a customer waits for the step to be durable (design/decisions.md 6).
	awaited = 250 * time.Millisecond
	// maxUnrecorded and maxUnrecordedBytes bound the steps that wait for a database that does not write.
	maxUnrecorded      = 4096
	maxUnrecordedBytes = 128 << 20
	// tries and the pauses between them (doubling from firstPause to longestPause) make about five minutes.
	tries        = 64
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// A recorder makes steps durable, behind the customer's back when it takes long.
type recorder struct {
	record    func(context.Context, models.StepRecord) error
	log       *slog.Logger
	most      int
	mostBytes int64

	mu    sync.Mutex
	held  int
	bytes int64

	writers  crew
	running  sync.WaitGroup
	lost     seldom
	draining chan struct{} // closed: the last tries, without long pauses
	stop     sync.Once
}

func newRecorder(record func(context.Context, models.StepRecord) error, log *slog.Logger, most int, mostBytes int64) *recorder {
	return &recorder{record: record, log: log, most: most, mostBytes: mostBytes, writers: make(crew), draining: make(chan struct{})}
}

// keep takes a step of size bytes and waits a little until it is durable; settled is called when nothing more will be
// tried.
func (r *recorder) keep(ctx context.Context, rec models.StepRecord, size int64, settled func()) {
	if !r.enter(size) {
		settled()
		r.lost.error(r.log, "a step is lost: too many wait for the database", "flow", rec.Step.FlowID)
		return
	}
	done := make(chan struct{})
	r.running.Add(1)
	r.writers.do(func() {
		defer r.running.Done()
		defer close(done)
		defer r.leave(size)
		defer settled()
		r.try(context.WithoutCancel(ctx), &rec)
	})
	late := time.NewTimer(awaited)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	}
}

// enter makes room for a step; one alone always has it.
func (r *recorder) enter(size int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held > 0 && (r.held >= r.most || size > r.mostBytes-r.bytes) {
		return false
	}
	r.held++
	r.bytes += size
	return true
}

func (r *recorder) leave(size int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held--
	r.bytes -= size
}

func (r *recorder) try(ctx context.Context, rec *models.StepRecord) {
	pause := firstPause
	var err error
	for range tries {
		if err = r.record(ctx, *rec); err == nil || errors.Is(err, ingest.ErrClosed) {
			break
		}
		rec.Again = true
		select {
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		case <-r.draining:
			time.Sleep(firstPause)
		}
	}
	if err != nil {
		r.lost.error(r.log, "a step is lost", "flow", rec.Step.FlowID, "error", err)
	}
}

// drain waits for what was taken.
func (r *recorder) drain(ctx context.Context) error {
	r.stop.Do(func() { close(r.draining) })
	done := make(chan struct{})
	go func() {
		r.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

package ingest_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"switchyard/models/ingest"
)

func TestWhatComesWhileTheQueueGathersIsInTheSameBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var batches []int
		q := ingest.New(func(_ context.Context, items []int) error {
			batches = append(batches, len(items))
			return nil
		}, 100, 3, 0, nil)
		q.Gather = func() { time.Sleep(time.Second) }
		began := time.Now()
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 300 * time.Millisecond) // the fourth comes later than the batch is full
				if err := q.Submit(t.Context(), i); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if want := []int{3, 1}; !slices.Equal(batches, want) || time.Since(began) != 2*time.Second {
			t.Errorf("batches of %v after %s; want %v after 2s", batches, time.Since(began), want)
		}
		if err := q.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAFullBatchIsNotGatheredFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gathered := 0
		q := ingest.New(func(context.Context, []int) error { return nil }, 100, 1, 0, nil)
		q.Gather = func() { gathered++ }
		for i := range 3 {
			if err := q.Submit(t.Context(), i); err != nil {
				t.Error(err)
			}
		}
		if err := q.Close(t.Context()); err != nil || gathered != 0 {
			t.Errorf("gathered %d times, %v; want 0, nil", gathered, err)
		}
	})
}

package ingest_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"switchyard/models/ingest"
)

func TestAQueueIsFullByCount(t *testing.T) {
	q, g := open(t, 3, 100, 0, nil)
	first := submit(t, q, 1)
	<-g.begun // the running commit still counts: its bodies are in memory
	submit(t, q, 2)
	submit(t, q, 3)
	if err := q.Submit(t.Context(), 4); !errors.Is(err, ingest.ErrFull) {
		t.Errorf("Submit(4) = %v; want %v", err, ingest.ErrFull)
	}
	g.ended <- nil
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	submit(t, q, 5) // there is room again
}

func TestAQueueIsFullByBytes(t *testing.T) {
	q, g := open(t, 100, 100, 10, func(v int) int64 { return int64(v) })
	first := submit(t, q, 4)
	<-g.begun
	submit(t, q, 6)
	for _, v := range []int{1, 11} {
		if err := q.Submit(t.Context(), v); !errors.Is(err, ingest.ErrFull) {
			t.Errorf("Submit of %d bytes beside 10 of 10 = %v; want %v", v, err, ingest.ErrFull)
		}
	}
	submit(t, q, 0)
	g.ended <- nil
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	submit(t, q, 4) // beside 6 of 10
	if err := q.Submit(t.Context(), 1); !errors.Is(err, ingest.ErrFull) {
		t.Errorf("Submit of 1 byte beside 10 of 10 = %v; want %v", err, ingest.ErrFull)
	}
}

func TestCloseTakesNoMoreAndStoresWhatWasTaken(t *testing.T) {
	g := newGate()
	q := ingest.New(g.store, 100, 2, 0, nil)
	results := []<-chan error{submit(t, q, 1)}
	<-g.begun
	for v := 2; v <= 4; v++ {
		results = append(results, submit(t, q, v))
	}
	results = append(results, submit(t, q, 5))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Close(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Close with an ended context = %v; want %v", err, context.Canceled)
	}
	if err := q.Submit(t.Context(), 6); !errors.Is(err, ingest.ErrClosed) {
		t.Errorf("Submit after Close = %v; want %v", err, ingest.ErrClosed)
	}
	for _, want := range [][]int{{2, 3}, {4, 5}} {
		g.ended <- nil
		if got := <-g.begun; !slices.Equal(got, want) {
			t.Errorf("batch = %v; want %v", got, want)
		}
	}
	g.ended <- nil
	for range 2 {
		if err := q.Close(t.Context()); err != nil {
			t.Errorf("Close() = %v; want nil", err)
		}
	}
	for i, c := range results {
		if err := <-c; err != nil {
			t.Errorf("Submit(%d) = %v; want nil", i+1, err)
		}
	}
}

func TestLimitsBelowOneCountAsOne(t *testing.T) {
	q := ingest.New(func(context.Context, []int) error { return nil }, 0, -1, 0, nil)
	defer q.Close(context.Background())
	if err := q.Submit(t.Context(), 1); err != nil {
		t.Errorf("Submit(1) = %v; want nil", err)
	}
}

// Every submission is stored exactly once and told so, with many senders, refusals and failing commits at a time.
func TestManySendersAtOnce(t *testing.T) {
	stored := map[int]int{} // only the storing goroutine writes it
	calls := 0
	q := ingest.New(func(_ context.Context, items []int) error {
		if calls++; calls%5 == 0 {
			return errors.New("now and then")
		}
		for _, v := range items {
			stored[v]++
		}
		return nil
	}, 40, 16, 0, nil)
	var told sync.Map
	var full atomic.Int64
	var all sync.WaitGroup
	for s := range 64 {
		all.Go(func() {
			for i := range 200 {
				v := s*1000 + i
				err := q.Submit(context.Background(), v)
				if err == nil {
					told.Store(v, true)
				}
				if errors.Is(err, ingest.ErrFull) {
					full.Add(1)
				}
			}
		})
	}
	all.Wait()
	if err := q.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	told.Range(func(k, _ any) bool {
		if n++; stored[k.(int)] != 1 {
			t.Errorf("%d was told durable and stored %d times", k, stored[k.(int)])
		}
		return true
	})
	if n != len(stored) {
		t.Errorf("%d told durable, %d stored", n, len(stored))
	}
	t.Logf("%d stored, %d refused as full, %d commits", n, full.Load(), calls)
}

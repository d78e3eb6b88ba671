package ingest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"switchyard/models/ingest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A gate is a store that stops at each batch until the test lets it go on with a result.
type gate struct {
	begun chan []int
	ended chan error
	busy  atomic.Int32
}

func newGate() *gate { return &gate{begun: make(chan []int), ended: make(chan error)} }

func (g *gate) store(_ context.Context, items []int) error {
	if g.busy.Add(1) != 1 {
		panic("store called concurrently")
	}
	defer g.busy.Add(-1)
	g.begun <- slices.Clone(items)
	return <-g.ended
}

// open starts a queue behind a gate; at the end the gate is held open and the queue closed.
func open(t *testing.T, limit, batch int, maxBytes int64, size func(int) int64) (*ingest.Queue[int], *gate) {
	t.Helper()
	g := newGate()
	q := ingest.New(g.store, limit, batch, maxBytes, size)
	t.Cleanup(func() {
		stop := make(chan struct{})
		var pump sync.WaitGroup
		pump.Go(func() {
			for {
				select {
				case <-g.begun:
				case g.ended <- nil:
				case <-stop:
					return
				}
			}
		})
		if err := q.Close(context.Background()); err != nil {
			t.Errorf("Close() = %v; want nil", err)
		}
		close(stop)
		pump.Wait()
	})
	return q, g
}

// submit starts Submit(v) and returns where its result comes; it returns when the queue holds v.
func submit(t *testing.T, q *ingest.Queue[int], v int) <-chan error {
	t.Helper()
	before, result := q.Depth(), make(chan error, 1)
	go func() { result <- q.Submit(context.Background(), v) }()
	waitDepth(t, q, before+1)
	return result
}

func waitDepth(t *testing.T, q *ingest.Queue[int], want int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); q.Depth() != want; {
		if time.Now().After(deadline) {
			t.Fatalf("Depth() = %d; want %d", q.Depth(), want)
		}
		time.Sleep(50 * time.Microsecond)
	}
}

func TestABatchIsWhatArrivedWhileTheLastCommitRan(t *testing.T) {
	q, g := open(t, 100, 100, 0, nil)
	first := submit(t, q, 1)
	if got := <-g.begun; !slices.Equal(got, []int{1}) {
		t.Fatalf("first batch = %v; want [1] at once, without collecting", got)
	}
	var later []<-chan error
	for v := 2; v <= 5; v++ {
		later = append(later, submit(t, q, v))
	}
	select {
	case err := <-first:
		t.Fatalf("Submit(1) returned %v before its batch was durable", err)
	default:
	}
	g.ended <- nil
	if err := <-first; err != nil {
		t.Errorf("Submit(1) = %v; want nil", err)
	}
	if got := <-g.begun; !slices.Equal(got, []int{2, 3, 4, 5}) {
		t.Errorf("second batch = %v; want [2 3 4 5]", got)
	}
	g.ended <- nil
	for i, c := range later {
		if err := <-c; err != nil {
			t.Errorf("Submit(%d) = %v; want nil", i+2, err)
		}
	}
	waitDepth(t, q, 0)
}

func TestABatchHoldsAtMostItsLimitAndKeepsOrder(t *testing.T) {
	q, g := open(t, 100, 3, 0, nil)
	submit(t, q, 0)
	<-g.begun
	for v := 1; v <= 7; v++ {
		submit(t, q, v)
	}
	for _, want := range [][]int{{1, 2, 3}, {4, 5, 6}, {7}} {
		g.ended <- nil
		if got := <-g.begun; !slices.Equal(got, want) {
			t.Errorf("batch = %v; want %v", got, want)
		}
	}
	g.ended <- nil
}

func TestAStoreErrorReachesExactlyTheWaitersOfItsBatch(t *testing.T) {
	q, g := open(t, 100, 2, 0, nil)
	results := []<-chan error{submit(t, q, 0)}
	<-g.begun
	for v := 1; v <= 4; v++ {
		results = append(results, submit(t, q, v))
	}
	broken := errors.New("disk full")
	for _, err := range []error{nil, broken} {
		g.ended <- err
		<-g.begun
	}
	g.ended <- nil
	for v, want := range []error{nil, broken, broken, nil, nil} {
		if err := <-results[v]; !errors.Is(err, want) {
			t.Errorf("Submit(%d) = %v; want %v", v, err, want)
		}
	}
}

func TestAPanicInStoreIsItsBatchsErrorAndTheNextIsStored(t *testing.T) {
	q := ingest.New(func(_ context.Context, items []int) error {
		if items[0] == 1 {
			panic("bad row")
		}
		return nil
	}, 10, 1, 0, nil)
	defer q.Close(context.Background())
	if err := q.Submit(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "bad row") {
		t.Errorf("Submit(1) = %v; want the panic as an error", err)
	}
	if err := q.Submit(t.Context(), 2); err != nil {
		t.Errorf("Submit(2) = %v; want nil", err)
	}
}

func TestAnEndedContextFreesItsWaiterOnly(t *testing.T) {
	q, g := open(t, 100, 100, 0, nil)
	first := submit(t, q, 1)
	<-g.begun
	ctx, cancel := context.WithCancel(context.Background())
	second := make(chan error, 1)
	go func() { second <- q.Submit(ctx, 2) }()
	waitDepth(t, q, 2)
	third := submit(t, q, 3)
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("Submit with an ended context = %v; want %v", err, context.Canceled)
	}
	g.ended <- nil
	if got := <-g.begun; !slices.Equal(got, []int{2, 3}) {
		t.Errorf("second batch = %v; want [2 3]: what was taken is stored", got)
	}
	g.ended <- nil
	for i, c := range []<-chan error{first, third} {
		if err := <-c; err != nil {
			t.Errorf("waiter %d = %v; want nil", i, err)
		}
	}
	if err := q.Submit(ctx, 4); !errors.Is(err, context.Canceled) || q.Depth() != 0 {
		t.Errorf("Submit after the context's end = %v, Depth() = %d; want %v and 0", err, q.Depth(), context.Canceled)
	}
}

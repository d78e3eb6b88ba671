// Package ingest turns many submissions into few transactions.
package ingest

import (
	"context"
	"errors"
	"sync"
)

// ErrFull says that the queue holds as much as it may: the caller answers 503 and the platform retries.
var ErrFull = errors.New("ingest: queue full")

// ErrClosed says that the queue is stopping.
var ErrClosed = errors.New("ingest: queue closed")

// A Queue groups what arrives while the last commit runs into the next one. By itself it never sleeps to collect.
type Queue[T any] struct {
	// Gather is called before each batch that is not full: it may wait a little for more to come. nil: nothing is waited
	// for. Set it before the first Submit.
	Gather func()

	store    func(context.Context, []T) error
	max      int
	batch    int
	maxBytes int64
	size     func(T) int64
	done     chan struct{} // closed when the storing goroutine has ended

	mu      sync.Mutex
	wake    sync.Cond   // something was queued, or the queue closed
	groups  []*group[T] // waiting to be stored; the last one still grows
	last    int         // how many the last batch held: as many may come again
	held    int         // submissions taken and not yet settled
	bytes   int64       // their size
	closing bool
}

// A group is one batch in the making; its waiters share one channel and one result.
type group[T any] struct {
	items   []T
	bytes   int64
	settled chan struct{} // closed when err is final
	err     error
}

// New starts a queue. store makes one batch durable, all of it or none; it is never called concurrently, its context
// never ends, and a panic in it is that batch's error. At most limit submissions of at most maxBytes together are held
// (size tells one's bytes; nil = 0; maxBytes 0 = no limit), counted until their batch is settled, and a batch holds at
// most batch of them. limit and batch below 1 count as 1.
func New[T any](store func(context.Context, []T) error, limit, batch int, maxBytes int64, size func(T) int64) *Queue[T] {
	if size == nil {
		size = func(T) int64 { return 0 }
	}
	q := &Queue[T]{store: store, max: max(limit, 1), batch: max(batch, 1), maxBytes: maxBytes, size: size,
		done: make(chan struct{})}
	q.wake.L = &q.mu
	go q.run()
	return q
}

// Submit returns nil when the batch that holds v is durable, store's error when it could not be made so,
// ErrFull at once when there is no room, ErrClosed after Close, and ctx's error when ctx ends first
// (v may then still become durable).
func (q *Queue[T]) Submit(ctx context.Context, v T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g, err := q.take(&v, q.size(v))
	if err != nil {
		return err
	}
	select {
	case <-g.settled:
		return g.err
	case <-ctx.Done():
	}
	select {
	case <-g.settled: // both at once: the truth about v is worth more
		return g.err
	default:
		return ctx.Err()
	}
}

// Depth is how many submissions wait now, those of the running commit among them.
func (q *Queue[T]) Depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held
}

// Close takes no more, stores what was taken, and returns when that is done or ctx ends. When ctx ends first,
// storing goes on behind; Close may be called again to wait longer.
func (q *Queue[T]) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closing = true
	q.mu.Unlock()
	q.wake.Signal()
	select {
	case <-q.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take adds v, of n bytes, to the youngest group and returns it.
func (q *Queue[T]) take(v *T, n int64) (*group[T], error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closing:
		return nil, ErrClosed
	case q.held >= q.max, q.maxBytes > 0 && n > q.maxBytes-q.bytes:
		return nil, ErrFull
	}
	g := q.youngest()
	g.items = append(g.items, *v)
	g.bytes += n
	q.held++
	q.bytes += n
	q.wake.Signal()
	return g, nil
}

// youngest returns the group that still has room, a new one when none has.
func (q *Queue[T]) youngest() *group[T] {
	if n := len(q.groups); n > 0 && len(q.groups[n-1].items) < q.batch {
		return q.groups[n-1]
	}
	g := &group[T]{settled: make(chan struct{}), items: make([]T, 0, q.last)}
	q.groups = append(q.groups, g)
	return g
}

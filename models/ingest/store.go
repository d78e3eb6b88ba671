package ingest

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// run is the one storing goroutine: it ends when the queue is closed and empty.
func (q *Queue[T]) run() {
	defer close(q.done)
	for g := q.next(); g != nil; g = q.next() {
		g.err = q.storeOne(g.items)
		q.settle(g)
	}
}

// next waits for the oldest group and cuts it off from growing; nil when the queue is closed and empty.
func (q *Queue[T]) next() *group[T] {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.groups) == 0 {
		if q.closing {
			return nil
		}
		q.wake.Wait()
	}
	full := len(q.groups[0].items) == q.batch
	q.mu.Unlock()
	if q.Gather != nil && !full {
		q.Gather()
	}
	runtime.Gosched() // who is about to submit does so first: on busy cores a batch holds more, on idle ones it costs nothing
	q.mu.Lock()
	g := q.groups[0]
	q.groups[0] = nil // or the array would hold the bodies until it is reallocated
	q.groups, q.last = q.groups[1:], len(g.items)
	return g
}

// settle frees the group's room before its waiters go on, so that a waiter that submits again finds it.
func (q *Queue[T]) settle(g *group[T]) {
	q.mu.Lock()
	q.held -= len(g.items)
	q.bytes -= g.bytes
	q.mu.Unlock()
	close(g.settled)
}

// storeOne turns a panic into the error of this batch: the next one must still be stored.
func (q *Queue[T]) storeOne(items []T) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("ingest: store panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return q.store(context.Background(), items)
}

// Package ingest turns many submissions into few transactions.
package ingest

import (
	"context"
	"errors"
)

// ErrFull says that the queue holds as much as it may: the caller answers 503 and the platform retries.
var ErrFull = errors.New("ingest: queue full")

// ErrClosed says that the queue is stopping.
var ErrClosed = errors.New("ingest: queue closed")

// A Queue groups what arrives while the last commit runs into the next one; it never sleeps to collect.
type Queue[T any] struct {
	// contract: unexported fields
}

// New starts a queue. store makes one batch durable, all of it or none; it is never called concurrently.
// At most max waiting submissions of at most maxBytes together are held (size tells one's bytes; nil = 0),
// and a batch holds at most batch of them.
func New[T any](store func(context.Context, []T) error, max, batch int, maxBytes int64, size func(T) int64) *Queue[T] {
	panic("contract")
}

// Submit returns nil when the batch that holds v is durable, store's error when it could not be made so,
// ErrFull at once when there is no room, ErrClosed after Close, and ctx's error when ctx ends first
// (v may then still become durable).
func (q *Queue[T]) Submit(ctx context.Context, v T) error { panic("contract") }

// Offer queues v without waiting for it to be durable; ErrFull or ErrClosed when it was not taken.
func (q *Queue[T]) Offer(v T) error { panic("contract") }

// Depth is how many submissions wait now.
func (q *Queue[T]) Depth() int { panic("contract") }

// Close takes no more, stores what was taken, and returns when that is done or ctx ends.
func (q *Queue[T]) Close(ctx context.Context) error { panic("contract") }

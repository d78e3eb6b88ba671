package whatsapp

import (
	"context"
	"sync/atomic"
	"time"
)

// gatherTime is by how much steps are recorded later while a crowd waits: a few times what a commit takes.
const gatherTime = 3 * time.Millisecond

// turns lets one request per core decrypt at a time: more would only take the processor from each other.
type turns struct {
	taken   chan struct{}
	waiting *atomic.Int64
}

func newTurns(cores int) turns { return turns{make(chan struct{}, cores), new(atomic.Int64)} }

// take waits for a turn; false when ctx ended first.
func (t turns) take(ctx context.Context) bool {
	t.waiting.Add(1)
	defer t.waiting.Add(-1)
	select {
	case t.taken <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t turns) give() { <-t.taken }

// crowded tells that whoever comes now waits for two decryptions or more.
func (t turns) crowded() bool { return int(t.waiting.Load()) >= 2*cap(t.taken) }

// Gather waits a moment while a crowd waits for RSA, and else not at all. The steps queue calls it before it stores a
// batch: fewer commits leave more of the processor for RSA, which everybody then waits for.
func (e *Endpoint) Gather() {
	e.init()
	if e.turns.crowded() {
		time.Sleep(gatherTime)
	}
}

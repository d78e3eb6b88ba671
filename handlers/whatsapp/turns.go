package whatsapp

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// leastGather and mostGather bound by how much steps are recorded later while a crowd waits: a few times what a commit
	// takes, and what nobody notices who waits for so many.
	leastGather = 3 * time.Millisecond
	mostGather  = 8 * time.Millisecond
	// perTurn is what a decryption takes at least; who comes last waits for so many of them as stand before it on its core.
	perTurn = 300 * time.Microsecond
)

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

// pause is by how much steps may be recorded later: not at all unless who comes now waits for two decryptions or more, and
// then by about what the last in the crowd waits for RSA anyway.
func (t turns) pause() time.Duration {
	before := int(t.waiting.Load()) / cap(t.taken)
	if before < 2 {
		return 0
	}
	return min(max(time.Duration(before)*perTurn, leastGather), mostGather)
}

// Gather waits a moment while a crowd waits for RSA, and else not at all. The steps queue calls it before it stores a
// batch: fewer commits leave more of the processor for RSA, which everybody then waits for.
func (e *Endpoint) Gather() {
	e.init()
	if pause := e.turns.pause(); pause > 0 {
		time.Sleep(pause)
	}
}

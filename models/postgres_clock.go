package models

import (
	"context"
	"sync/atomic"
	"time"
)

const (
	// clockEvery is how often this machine's clock is held against the server's.
	clockEvery = time.Minute
	// clockExact is how far it may be off before that counts, and how long an answer may take to tell anything.
	clockExact = 2 * time.Second
)

// A serverClock knows how far the server's clock is ahead of this machine's. Leases and retries go by the server's, since
// all processes meet them: one whose machine is a day ahead must not make a delivery due tomorrow.
type serverClock struct {
	ahead atomic.Int64 // ns; 0: as good as nothing
	asked atomic.Int64 // Unix ns
}

// hold asks the server now and then. What it does not learn it learns the next time.
func (c *serverClock) hold(ctx context.Context, q querier) {
	begin := time.Now()
	asked := c.asked.Load()
	if begin.Sub(time.Unix(0, asked)).Abs() < clockEvery || !c.asked.CompareAndSwap(asked, begin.UnixNano()) {
		return
	}
	var server time.Time
	err := q.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&server)
	took := time.Since(begin)
	if err != nil || took > clockExact {
		return
	}
	ahead := server.Sub(begin.Add(took / 2))
	if ahead.Abs() < clockExact {
		ahead = 0
	}
	c.ahead.Store(int64(ahead))
}

func (e *postgresEngine) due(now time.Time) time.Time {
	return now.Add(time.Duration(e.clock.ahead.Load()))
}

// dueClock is the clock by which deliveries are due.
func (db *DB) dueClock() Time { return at(db.engine.due(db.Now())) }

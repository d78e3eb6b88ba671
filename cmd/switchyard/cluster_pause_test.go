package main

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestClusterTakesOverOnceWhatAStoppedProcessHolds stops a process in the middle of its work, as a machine that sleeps, and
// lets it go on when the other one did that work.
func TestClusterTakesOverOnceWhatAStoppedProcessHolds(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 2)
	sleeper, other := c.procs[0], c.procs[1]
	l := newLoad(c)

	other.signal(syscall.SIGSTOP) // so that it is the sleeper who claims
	first, err := c.plug(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.c.procs = []*process{sleeper}
	for n := range roundSize { // it claims the first one alone, and is then held up
		l.deliver(t.Context(), itemBody(n), n)
	}
	second := make(chan *pgx.Conn)
	go func() {
		conn, _ := c.plug(t.Context())
		second <- conn
	}()
	time.Sleep(300 * time.Millisecond) // until the second one stands in line behind the sleeper
	first.Close(t.Context())
	rest := <-second
	l.c.procs = []*process{sleeper, other}
	claimed := func() string {
		return c.rows(t, `SELECT count(*) FROM deliveries WHERE state = 'pending' AND next_at > received_at`)[0]
	}
	sleeper.soon(t, "has claimed", func() bool { return len(claimed()) > 1 })
	waits := `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	sleeper.soon(t, "is held up in the middle of writing", func() bool { return c.rows(t, waits)[0] != "0" })
	held := claimed()
	sleeper.signal(syscall.SIGSTOP)
	began := time.Now()
	other.signal(syscall.SIGCONT)
	rest.Close(t.Context())
	c.settled(t)
	took := time.Since(began)
	l.look(t, roundSize)

	sleeper.signal(syscall.SIGCONT)
	time.Sleep(3 * time.Second) // in which it finds its transaction ended, and does the same once more
	for n := range roundSize {
		l.deliver(t.Context(), itemBody(n), n)
	}
	c.stop(t)
	l.look(t, roundSize)
	t.Logf("a process stopped with %s of %d deliveries claimed: the other had done all %.1f s later, and nothing was doubled when it went on", held, roundSize, took.Seconds())
}

// plug keeps everybody from writing statuses until it is closed.
func (c *cluster) plug(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, c.url)
	if err == nil {
		_, err = conn.Exec(ctx, `BEGIN; LOCK TABLE statuses IN SHARE MODE`)
	}
	return conn, err
}

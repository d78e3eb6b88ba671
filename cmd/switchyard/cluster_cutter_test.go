package main

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A cutter stands between processes and PostgreSQL. What it cuts, PostgreSQL has done; only the answer never comes.
type cutter struct {
	address, server string

	commits atomic.Int64 // so many of the next ones get no answer

	mu   sync.Mutex
	open map[*passage]bool
}

// A passage is one connection through a cutter.
type passage struct {
	client, server net.Conn
	mute           atomic.Bool
}

func newCutter(t *testing.T, server string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{address: l.Addr().String(), server: server, open: map[*passage]bool{}}
	t.Cleanup(func() {
		l.Close()
		c.cut()
	})
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go c.pass(client)
		}
	}()
	return c
}

func (c *cutter) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.server)
	if err != nil {
		return
	}
	defer server.Close()
	p := &passage{client: client, server: server}
	c.mu.Lock()
	c.open[p] = true
	c.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.forward(server, client, c.asked) })
	both.Go(func() { p.forward(client, server, (*passage).answered) })
	both.Wait()
	c.mu.Lock()
	delete(c.open, p)
	c.mu.Unlock()
}

// forward ends both directions when one ends. pass tells what goes on.
func (p *passage) forward(to, from net.Conn, pass func(*passage, []byte) bool) {
	defer p.client.Close()
	defer p.server.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if !pass(p, buf[:n]) {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// asked keeps the answer to a commit back when it is that one's turn.
func (c *cutter) asked(p *passage, request []byte) bool {
	if bytes.Contains(request, []byte("commit\x00")) && c.commits.Add(-1) >= 0 {
		p.mute.Store(true)
		time.AfterFunc(20*time.Millisecond, func() { p.client.Close(); p.server.Close() })
	}
	return true
}

func (p *passage) answered([]byte) bool { return !p.mute.Load() }

// cut keeps the answers on all open connections back for a moment, in which PostgreSQL does what it was asked, and then
// ends them.
func (c *cutter) cut() {
	c.mu.Lock()
	var all []*passage
	for p := range c.open {
		p.mute.Store(true)
		all = append(all, p)
	}
	c.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	for _, p := range all {
		p.client.Close()
		p.server.Close()
	}
}

func TestClusterLosesAndDoublesNothingWhenAnswersOfPostgreSQLAreLost(t *testing.T) {
	t.Parallel()
	cuts := verify(30, 300)
	c := newDatabase(t)
	cutter := newCutter(t, c.address())
	c.vars["SWITCHYARD_DATABASE"] = c.through(cutter.address)
	c.run(t, 2)
	l := startLoad(t, c)
	for range cuts {
		time.Sleep(250 * time.Millisecond)
		cutter.commits.Store(5)
		time.Sleep(250 * time.Millisecond)
		cutter.cut()
	}
	items := l.end()
	took := c.settled(t)
	c.stop(t)
	l.look(t, items)
	if missing := l.lookSteps(t); missing > 0 {
		t.Errorf("%d answered steps are lost; want none", missing)
	}
	visits := l.lookVisits(t)
	t.Logf("all connections to PostgreSQL cut %d times, and %d commits, under load before the answer came: %d bodies acknowledged, %d requests sent again, 0 lost, 0 doubled, all written %.1f s after the load; %d of %d answered steps recorded once, %d of %d conversations undisturbed",
		cuts, 5*cuts, len(l.bodies), l.unserved, took.Seconds(), len(l.steps), len(l.steps), visits, len(l.talks))
}

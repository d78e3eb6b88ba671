package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
)

const (
	// senders and talkers are how many send webhooks and hold conversations at once, pause what they wait in between: it
	// is about the order of things, not about speed.
	senders, talkers = 8, 2
	pause            = 20 * time.Millisecond
	// resend is when a sender that got no answer tries again.
	resend = 100 * time.Millisecond
)

// A load is what is sent to a cluster, and what came of it.
type load struct {
	c       *cluster
	items   atomic.Int64 // taken so far
	halt    atomic.Bool
	finish  atomic.Int64 // set with halt: how many items there shall be
	all     sync.WaitGroup
	talkers int // begun so far

	mu       sync.Mutex
	bodies   map[string]*sending // by SHA-256
	talks    []string            // tokens of conversations that ended, with a completion sent
	steps    []answered
	unserved int         // requests that got no good answer and were sent again
	refused  map[int]int // webhooks by the status that they got instead of 200
}

// A sending is how often one body was sent and acknowledged.
type sending struct{ tries, acks int }

// An answered is a step of a conversation that the customer got an answer to.
type answered struct {
	mark, token string
	by          *process
	at          time.Time
	took        time.Duration
}

func newLoad(c *cluster) *load {
	return &load{c: c, bodies: map[string]*sending{}, refused: map[int]int{}}
}

func startLoad(t *testing.T, c *cluster) *load {
	l := newLoad(c)
	l.start(t)
	return l
}

// start begins, or goes on after end.
func (l *load) start(t *testing.T) {
	l.items.Store(l.finish.Load())
	l.halt.Store(false)
	for range senders {
		l.all.Go(func() { l.send(t.Context()) })
	}
	for range talkers {
		talker := l.talkers
		l.all.Go(func() { l.converse(t.Context(), talker) })
		l.talkers++
	}
}

// end lets the senders end the round and the talkers their conversation.
func (l *load) end() int {
	taken := l.items.Load()
	l.finish.Store((taken + senders + roundSize) / roundSize * roundSize)
	l.halt.Store(true)
	l.all.Wait()
	return int(l.finish.Load())
}

func (l *load) send(ctx context.Context) {
	for ctx.Err() == nil {
		n := l.items.Add(1) - 1
		if l.halt.Load() && n >= l.finish.Load() {
			return
		}
		body := itemBody(int(n))
		l.deliver(ctx, body, int(n))
		if n%10 == n/10%10 { // one of ten comes once more, to the other process
			l.deliver(ctx, body, int(n)+1)
		}
		time.Sleep(pause)
	}
}

// deliver sends until it is acknowledged, to one process after the other, as Meta does over days.
func (l *load) deliver(ctx context.Context, body []byte, first int) {
	header := http.Header{wire.SignatureHeader: {wire.Sign(clusterSecret, body)}, "Content-Type": {"application/json"}}
	for i := first; ctx.Err() == nil; i++ {
		l.note(body, func(s *sending) { s.tries++ })
		status, _ := ask(ctx, http.MethodPost, l.c.procs[i%len(l.c.procs)].url("/webhooks/meta"), body, header)
		if status == http.StatusOK {
			l.note(body, func(s *sending) { s.acks++ })
			return
		}
		l.note(body, func(*sending) { l.refused[status]++ })
		l.retry()
	}
}

func (l *load) retry() {
	l.mu.Lock()
	l.unserved++
	l.mu.Unlock()
	time.Sleep(resend)
}

func (l *load) note(body []byte, what func(*sending)) {
	sum := sha256.Sum256(body)
	key := hex.EncodeToString(sum[:])
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bodies[key] == nil {
		l.bodies[key] = &sending{}
	}
	what(l.bodies[key])
}

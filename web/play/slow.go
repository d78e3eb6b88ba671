package play

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// slowed sends the bodies of a share of the requests late, as phones in a bad network do: the server waits for them.
type slowed struct {
	next  http.RoundTripper
	share float64 // of all requests, spread evenly
	by    time.Duration
	sent  atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (s *slowed) RoundTrip(r *http.Request) (*http.Response, error) {
	n := float64(s.sent.Add(1))
	if r.Body != nil && int(n*s.share) > int((n-1)*s.share) {
		r = r.Clone(r.Context())
		r.Body = &late{ReadCloser: r.Body, ctx: r.Context(), by: s.by}
	}
	return s.next.RoundTrip(r)
}

// A late body begins when some time is over.
type late struct {
	io.ReadCloser
	ctx  context.Context
	by   time.Duration
	once sync.Once
}

func (l *late) Read(p []byte) (int, error) {
	l.once.Do(func() {
		select {
		case <-time.After(l.by):
		case <-l.ctx.Done():
		}
	})
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	return l.ReadCloser.Read(p)
}

// slow makes the client late when the options say so.
func (o Options) slow(c *http.Client) *http.Client {
	if o.Slow == 0 {
		return c
	}
	next := c.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	late := *c
	late.Transport = &slowed{next: next, share: o.Slow, by: o.SlowBy}
	return &late
}

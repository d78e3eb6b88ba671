package web

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	probeEvery  = 2 * time.Second
	probeWithin = 2 * time.Second
	// tolerated is how long writes may fail before traffic should go elsewhere.
	tolerated = 10 * time.Second
	minFree   = 64 << 20 // bytes; or 2 % of the file system if that is more
)

// A readiness tells whether traffic should come here.
type readiness struct {
	now      func() time.Time
	probe    func(context.Context) (time.Duration, error)
	free     func() (free, total uint64, err error)
	draining atomic.Bool
	working  atomic.Bool // the inbox worker runs

	mu      sync.Mutex
	probed  time.Time
	failing time.Time // since when writes fail; zero: they do not
	full    bool
}

// problem is why traffic should go elsewhere, "" when it should not.
func (r *readiness) problem(ctx context.Context) string {
	switch {
	case r.draining.Load():
		return "stopping"
	case !r.working.Load():
		return "the inbox worker is not running"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); r.probed.IsZero() || now.Sub(r.probed) >= probeEvery {
		r.look(ctx, now)
	}
	switch {
	case r.full:
		return "the disk is nearly full"
	case !r.failing.IsZero() && r.now().Sub(r.failing) >= tolerated:
		return "the database cannot be written"
	}
	return ""
}

func (r *readiness) look(ctx context.Context, now time.Time) {
	r.probed = now
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeWithin)
	defer cancel()
	if _, err := r.probe(ctx); err == nil {
		r.failing = time.Time{}
	} else if r.failing.IsZero() {
		r.failing = now
	}
	free, total, err := r.free()
	r.full = err == nil && total > 0 && free < max(minFree, total/50) // total 0: it is another machine's
}

// healthz says that the process answers; it asks no database.
func healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether traffic should come here.
func (a *App) readyz(c echo.Context) error {
	if problem := a.ready.problem(c.Request().Context()); problem != "" {
		return c.String(http.StatusServiceUnavailable, problem+"\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

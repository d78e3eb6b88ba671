package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// A trip is one request as the log and the metrics see it. Only the route's pattern is kept of its address: paths
// and queries may hold secrets.
type trip struct {
	id     string
	route  string
	gone   bool // the client did not wait for the answer
	status int
}

type tripKey struct{}

// tripOf returns the trip of a request that observe let in.
func tripOf(r *http.Request) *trip {
	t, _ := r.Context().Value(tripKey{}).(*trip)
	if t == nil {
		return &trip{}
	}
	return t
}

// observe gives each request an id, and writes its one line and its figures when it is answered.
func (a *App) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		t := &trip{id: strings.ToLower(rand.Text()[:12]), route: "none"}
		w.Header().Set(echo.HeaderXRequestID, t.id)
		if a.closing.Load() {
			w.Header().Set("Connection", "close")
		}
		rec := &recorder{ResponseWriter: w, trip: t}
		defer func() { a.arrived(r, t, time.Since(start)) }()
		next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), tripKey{}, t)))
	})
}

// arrived writes the access line.
func (a *App) arrived(r *http.Request, t *trip, d time.Duration) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	a.metrics.request(t.route, t.status, d)
	level := slog.LevelInfo
	if t.status >= 500 && !t.gone {
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("request", t.id), slog.String("method", r.Method), slog.String("route", t.route),
		slog.Int("status", t.status), slog.Float64("ms", float64(d.Microseconds())/1000)}
	if t.gone {
		attrs = append(attrs, slog.Bool("gone", true))
	}
	a.log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
}

// route tells the trip which pattern matched.
func route(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Path() != "" {
			tripOf(c.Request()).route = c.Path()
		}
		return next(c)
	}
}

// A recorder remembers the status.
type recorder struct {
	http.ResponseWriter
	trip *trip
}

// WriteHeader notes the first final status.
func (w *recorder) WriteHeader(status int) {
	if w.trip.status == 0 && status >= 200 {
		w.trip.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

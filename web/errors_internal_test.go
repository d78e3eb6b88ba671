package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/ingest"
	"switchyard/web/session"
)

func TestErrorsBecomeTheirStatusAndShowNoCause(t *testing.T) {
	cases := []struct {
		err    error
		status int
		text   string
		wait   time.Duration
	}{
		{models.ErrNotFound, 404, "nothing at this address", 0},
		{fmt.Errorf("response 7: %w", models.ErrNotFound), 404, "nothing at this address", 0},
		{models.ErrConflict, 409, "Somebody else", 0},
		{&alert.Conflict{Name: "Ada"}, 409, "Ada has this alert already.", 0},
		{&models.Invalid{Field: "slug", Message: "Choose another address."}, 422, "Choose another address.", 0},
		{&models.ThrottledError{Wait: 90 * time.Second}, 429, "in 90 s", 90 * time.Second},
		{&models.ThrottledError{Wait: 10 * time.Minute}, 429, "in 10 min", 10 * time.Minute},
		{errBusy, 503, "too busy", time.Second},
		{fmt.Errorf("acknowledge: %w", models.ErrLocked), 503, "too busy", time.Second},
		{fmt.Errorf("read: %w", models.ErrUnavailable), 503, "The database does not answer", time.Second},
		{ingest.ErrFull, 503, "too busy", time.Second},
		{fmt.Errorf("read: %w", context.DeadlineExceeded), 503, "The database does not answer", time.Second},
		{session.ErrSignedOut, 401, "not signed in", 0},
		{session.ErrForbidden, 403, "role does not allow", 0},
		{fmt.Errorf("form: %w", url.EscapeError("%zz")), 400, "cannot be read", 0},
		{echo.ErrStatusRequestEntityTooLarge, 413, "larger than", 0},
		{echo.ErrMethodNotAllowed, 405, "does not take", 0},
		{echo.NewHTTPError(http.StatusTooManyRequests), 429, "Too many requests", time.Second},
		{echo.NewHTTPError(http.StatusNotFound, "This link is dead."), 404, "This link is dead.", 0},
		{echo.NewHTTPError(http.StatusInternalServerError, "dsn=hush"), 500, "request 4f2a", 0},
		{errors.New("pq: dsn=hush"), 500, "request 4f2a", 0},
	}
	for _, tc := range cases {
		f := failureOf(tc.err, "4f2a")
		if f.status != tc.status || !strings.Contains(f.text, tc.text) || f.wait != tc.wait || f.title == "" {
			t.Errorf("failureOf(%v) = %d %q %q wait %v; want %d with %q, wait %v", tc.err, f.status, f.title, f.text, f.wait, tc.status, tc.text, tc.wait)
		}
		if strings.Contains(f.text, "hush") {
			t.Errorf("failureOf(%v) shows its cause: %q", tc.err, f.text)
		}
	}
}

// tried answers one request by a handler of the test, with everything that stands around real ones.
func tried(t *testing.T, h echo.HandlerFunc, path, htmx string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log strings.Builder
	a := &App{log: newLogger(&log), metrics: newMetrics(), hosts: Config{}.hosts()}
	e := echo.New()
	e.HTTPErrorHandler = a.fail
	e.Use(route, recovered)
	group{app: a, echo: e, within: time.Second}.GET(path, h, anyone)
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
	r.Header.Set("HX-Request", htmx)
	a.observe(withHeaders(false, e)).ServeHTTP(w, r)
	return w, log.String()
}

func TestPanicIsAPageWithTheRequestsNumberAndALogWithTheCause(t *testing.T) {
	w, log := tried(t, func(echo.Context) error { panic("inner secret") }, "/page", "")
	id := w.Header().Get(echo.HeaderXRequestID)
	if w.Code != 500 || !strings.Contains(w.Body.String(), "request "+id) || strings.Contains(w.Body.String(), "inner secret") {
		t.Errorf("page of a panic = %d %s; want 500 with request %s and no cause", w.Code, w.Body, id)
	}
	if strings.Count(log, "inner secret") != 1 || strings.Count(log, id) != 2 {
		t.Errorf("log of a panic has the cause %d times and the id %d times; want 1 and 2:\n%s", strings.Count(log, "inner secret"), strings.Count(log, id), log)
	}
}

func TestMachinesGetALineAndHTMXAMessage(t *testing.T) {
	fault := func(echo.Context) error { return errors.New("broken") }
	w, _ := tried(t, fault, "/webhooks/x", "")
	if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/plain") || strings.Contains(w.Body.String(), "<") {
		t.Errorf("a machine's error = %s %s; want plain text", got, w.Body)
	}
	w, _ = tried(t, func(echo.Context) error { return models.ErrConflict }, "/page", "true")
	if w.Code != 409 || w.Header().Get("HX-Reswap") != "none" || !strings.Contains(w.Body.String(), "hx-swap-oob") || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("htmx's error = %d HX-Reswap %q %s; want 409, none, a message beside the page", w.Code, w.Header().Get("HX-Reswap"), w.Body)
	}
}

func TestSlowHandlerIsToldAndAnswered503(t *testing.T) {
	w, _ := tried(t, func(c echo.Context) error {
		<-c.Request().Context().Done()
		return c.Request().Context().Err()
	}, "/page", "")
	if w.Code != 503 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("a handler over its time = %d, Retry-After %q; want 503, 1", w.Code, w.Header().Get("Retry-After"))
	}
}

func TestAnswerThatBreaksInTheMiddleIsCutOff(t *testing.T) {
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("panic = %v; want http.ErrAbortHandler, which ends the connection", p)
		}
	}()
	tried(t, func(c echo.Context) error {
		c.Response().WriteHeader(200)
		return errors.New("broken")
	}, "/page", "")
}

func TestClientThatWentAwayIsNoError(t *testing.T) {
	var log strings.Builder
	a := &App{log: newLogger(&log), metrics: newMetrics()}
	e := echo.New()
	e.HTTPErrorHandler = a.fail
	ctx, cancel := context.WithCancel(t.Context())
	group{app: a, echo: e, within: time.Second}.GET("/page", func(c echo.Context) error {
		cancel()
		return c.Request().Context().Err()
	}, anyone)
	a.observe(e).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/page", nil))
	if strings.Contains(log.String(), `"ERROR"`) || !strings.Contains(log.String(), `"gone":true`) {
		t.Errorf("log = %s; want gone and no error", log.String())
	}
}

package whatsapp

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// maxExchange is the largest body of an endpoint request in bytes.
const maxExchange = 1 << 20

// The results of requests that are nobody's visit: a health check of WhatsApp, and a test.
const (
	ResultPing = "ping"
	ResultTest = "test"
)

// An Endpoint answers WhatsApp's Flow requests. Fill its fields before the first request.
type Endpoint struct {
	// Live holds flows, rules and keys.
	Live *Live
	// Record returns when the step and its visit are durable (ingest.Queue[models.StepRecord].Submit).
	Record func(context.Context, models.StepRecord) error
	// Visits finds the newest run of a token (models.DB.NewestVisit).
	Visits func(ctx context.Context, flowID int64, token string) (models.Visit, error)
	// Shared tells that other processes serve the same visits: each request then reads its visit anew.
	Shared bool
	// HashKey makes hashes over secrets worthless to who reads them in the database; servers of the same visits need the
	// same, to know a repeat. nil: a random one, worthless outside this process.
	HashKey []byte
	// Budget is how long an opened request may wait and be decided before the customer gets the fallback; 0: DefaultBudget.
	Budget time.Duration
	// Now is the clock.
	Now func() time.Time
	// Note marks an observation by one of the names in models (MarkPing, …).
	Note func(mark, detail string)
	// Observe measures one request; flow is a slug, or empty for an unknown one. May be nil.
	Observe func(flow, result string, d time.Duration)
	// Log takes what went wrong on our side; nil: slog.Default.
	Log *slog.Logger

	once     sync.Once
	turns    turns // of RSA
	deciders crew
	memory   *memory
	steps    *recorder
	unread   seldom // visits
}

func (e *Endpoint) init() {
	e.once.Do(func() {
		if e.Log == nil {
			e.Log = slog.Default()
		}
		if e.HashKey == nil {
			e.HashKey = make([]byte, 32)
			_, _ = rand.Read(e.HashKey) // never fails
		}
		e.Budget = cmp.Or(e.Budget, DefaultBudget)
		e.turns = newTurns(runtime.GOMAXPROCS(0))
		e.deciders = make(crew)
		e.memory = newMemory(maxVisits, maxVisitBytes)
		e.steps = newRecorder(e.Record, e.Log, maxUnrecorded, maxUnrecordedBytes)
	})
}

// A question is one request to a flow, opened.
type question struct {
	flow   *flow
	in     wire.Request
	plain  bool      // it came as plain JSON
	inward bool      // see Inward
	began  time.Time // by the wall clock, for durations
}

// A reply is how a request is answered. 200 and 427 are sealed when the request was; the others are for nobody's
// phone.
type reply struct {
	status int
	body   []byte
	result string // by which it is counted
}

// Exchange answers one request (POST /flow-endpoint/:flow, and /flow-endpoint/:flow/:secret for plain JSON). The
// request's context must end before WhatsApp gives up, after 10 s.
func (e *Endpoint) Exchange(c echo.Context) error {
	e.init()
	began := time.Now()
	ctx := c.Request().Context()
	f := e.Live.flow(c.Param("flow"))
	if f == nil {
		e.observe("", "unknown_flow", began)
		return c.String(http.StatusNotFound, "There is no such flow.\n")
	}
	body, err := readBody(c, maxExchange)
	if err != nil {
		e.observe(f.Slug, readResult(err), began)
		return err
	}
	q := question{flow: f, plain: f.Mode == models.Plain, inward: isInward(ctx), began: began}
	if q.plain {
		return e.exchangePlain(ctx, c, q, body)
	}
	return e.exchangeSealed(ctx, c, q, body)
}

// Browser answers a person who opens the address (GET): 405.
func (e *Endpoint) Browser(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderAllow, http.MethodPost)
	return c.String(http.StatusMethodNotAllowed, "This address is for WhatsApp; test it on the flow's page.\n")
}

// Forget tells that a response with this token arrived: its visit is read again before it is used.
func (e *Endpoint) Forget(token string) {
	e.init()
	for _, f := range e.Live.state.Load().flows {
		e.memory.forget(visitKey{f.ID, token})
	}
}

// Drain waits until every step that was taken is recorded, or ctx ends. Call it after the last request and before
// the steps queue is closed.
func (e *Endpoint) Drain(ctx context.Context) error {
	e.init()
	return e.steps.drain(ctx)
}

// measure counts one request to a known flow.
func (e *Endpoint) measure(q question, result string) {
	if !q.inward {
		e.observe(q.flow.Slug, result, q.began)
	}
}

func (e *Endpoint) observe(flow, result string, began time.Time) {
	if e.Observe != nil {
		e.Observe(flow, result, time.Since(began))
	}
}

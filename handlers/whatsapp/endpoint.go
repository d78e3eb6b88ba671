package whatsapp

import (
	"context"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// An Endpoint answers WhatsApp's Flow requests.
type Endpoint struct {
	// Live holds flows, rules and keys.
	Live *Live
	// Record returns when the step and its visit are durable (ingest.Queue[models.StepRecord].Submit).
	Record func(context.Context, models.StepRecord) error
	// Visits finds the newest run of a token (models.DB.NewestVisit).
	Visits func(ctx context.Context, flowID int64, token string) (models.Visit, error)
	// Now is the clock.
	Now func() time.Time
	// Note marks an observation by one of the names in models (MarkPing, …).
	Note func(mark, detail string)
	// Observe measures one request; flow is a slug, or empty for an unknown one. May be nil.
	Observe func(flow, result string, d time.Duration)
	// Log takes what went wrong on our side; nil: slog.Default.
	Log *slog.Logger
}

// Exchange answers one request (POST /flow-endpoint/:flow, and /flow-endpoint/:flow/:secret for plain JSON).
func (e *Endpoint) Exchange(c echo.Context) error { panic("contract") }

// Browser answers a person who opens the address (GET): 405.
func (e *Endpoint) Browser(c echo.Context) error { panic("contract") }

// Forget tells that a response with this token arrived: its visit is read again before it is used.
func (e *Endpoint) Forget(token string) { panic("contract") }

// Drain waits until every step that was taken is recorded, or ctx ends. Call it after the last request and before
// the steps queue is closed.
func (e *Endpoint) Drain(ctx context.Context) error { panic("contract") }

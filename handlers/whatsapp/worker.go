package whatsapp

import (
	"context"
	"log/slog"
	"time"

	"switchyard/models"
)

// A Worker decodes stored deliveries and writes what they say.
type Worker struct {
	// DB is the inbox.
	DB *models.DB
	// Now is the clock.
	Now func() time.Time
	// Log takes what went wrong on our side; nil: slog.Default.
	Log *slog.Logger
	// Responded hears the flow_token of every response that was written (Endpoint.Forget). May be nil.
	Responded func(token string)
}

// Run decodes until ctx ends; it then finishes the batch in its hands and returns nil.
func (w *Worker) Run(ctx context.Context) error { panic("contract") }

// Wake tells that something was stored. It never blocks.
func (w *Worker) Wake() { panic("contract") }

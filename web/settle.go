package web

import (
	"context"
	"log/slog"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
)

// Settle decodes the deliveries that are stored and due, as the server's worker does, and returns when none is left.
func Settle(ctx context.Context, db *models.DB) error {
	w := &whatsapp.Worker{DB: db, Now: db.Now, Log: slog.New(slog.DiscardHandler)}
	return w.Settle(ctx)
}

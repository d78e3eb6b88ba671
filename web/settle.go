package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"switchyard/handlers/whatsapp"
	"switchyard/models"
)

// Settle decodes the deliveries that are stored and due, as the server's worker does, and returns when none is left.
func Settle(ctx context.Context, db *models.DB) error {
	w := &whatsapp.Worker{DB: db, Now: db.Now, Log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { _ = w.Run(ctx) }) // it returns nil when stopped
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		left, err := db.PendingDeliveries(ctx, 1)
		if err != nil || len(left) == 0 {
			return err
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

package web

import (
	"context"
	"time"
)

// replayPause is how long a replay waits while other deliveries are decoded.
const replayPause = 20 * time.Millisecond

// replay continues the replay that runs, if any, batch by batch until it has ended.
func (a *App) replay(ctx context.Context) error {
	for ctx.Err() == nil {
		more, waiting, err := a.db.ContinueReplay(ctx, false)
		if err != nil {
			return err
		}
		a.worker.Wake()
		if !more {
			return nil
		}
		if !waiting {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(replayPause):
		}
	}
	return nil
}

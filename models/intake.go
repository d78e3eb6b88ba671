package models

import (
	"context"
	"sync/atomic"
	"time"
)

// intakeRecent is for how long after a delivery more of them are expected.
const intakeRecent = 50 * time.Millisecond

// An intake knows whether deliveries are coming to this process.
type intake struct{ last atomic.Int64 } // nanoseconds of the clock of this process; 0: none came

func (i *intake) came() { i.last.Store(time.Now().UnixNano()) }

func (i *intake) busy() bool { return time.Now().UnixNano()-i.last.Load() < int64(intakeRecent) }

// pause waits for d, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

package web

import (
	"context"
	"time"

	"switchyard/models"
)

const (
	// monitorTurn is how often what the endpoint did is written, and judged.
	monitorTurn = 10 * time.Second
	// mostUnwritten is how many turns wait for a database that does not write; the oldest are lost first.
	mostUnwritten = 360
)

// A monitor writes what the meter counts. One goroutine at a time uses it.
type monitor struct {
	meter     *meter
	now       func() time.Time
	began     time.Time            // of the turn that is being counted
	unwritten [][]models.FlowTally // by turn
}

func newMonitor(now func() time.Time) *monitor {
	return &monitor{meter: newMeter(), now: now, began: now()}
}

// flush hands over what was counted, to the minute in which its turn began; what cannot be written waits.
func (m *monitor) flush(ctx context.Context, write func(context.Context, []models.FlowTally) error) error {
	if flows := m.meter.take(m.began); len(flows) > 0 {
		m.unwritten = append(m.unwritten, flows)
	}
	m.began = m.now()
	m.unwritten = m.unwritten[max(0, len(m.unwritten)-mostUnwritten):]
	for len(m.unwritten) > 0 {
		if err := write(ctx, m.unwritten[0]); err != nil {
			return err
		}
		m.unwritten = m.unwritten[1:]
	}
	return nil
}

// observeExchange counts one request to the endpoint, for the metrics and for our own monitor.
func (a *App) observeExchange(flow, result string, d time.Duration) {
	a.metrics.exchange(flow, result, d)
	a.monitor.meter.exchange(flow, result, d)
}

// watch is a turn of our own monitor: what the endpoint did is written, then held against the limits of the flows.
// Several servers may do so at once; what one has said the others do not say again.
func (a *App) watch(ctx context.Context) error {
	if err := a.monitor.flush(ctx, a.db.AddTallies); err != nil {
		return err
	}
	said, err := a.db.Watch(ctx)
	if said > 0 {
		a.log.Info("our own monitor spoke", "events", said)
	}
	return err
}

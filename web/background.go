package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// lastWork is how long a stop waits for the queues and the worker.
const lastWork = 10 * time.Second

// Start begins what runs beside requests: worker, forwards, notifications, rules, checkpoints, marks, replays, assignments, erasing, exports by the clock, our own monitor, upkeep, retention, files. Close ends it.
func (a *App) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { a.work(ctx) })
	all.Go(func() { a.live.Run(ctx) })
	all.Go(func() { a.forward.run(ctx) })
	all.Go(func() { a.notify.run(ctx) })
	all.Go(func() { a.listen(ctx) })
	all.Go(func() { a.every(ctx, time.Second, "checkpoint", a.db.Checkpoint) })
	all.Go(func() { a.every(ctx, time.Second, "marks", a.flush) })
	all.Go(func() { a.every(ctx, time.Second, "replay", a.replay) })
	all.Go(func() { a.every(ctx, time.Second, "assign", a.assign) })
	all.Go(func() { a.every(ctx, time.Second, "erase", a.erase) })
	all.Go(func() { a.every(ctx, scheduleTurn, "exports", a.exports) })
	all.Go(func() { a.every(ctx, time.Second, "triage", a.triage) })
	all.Go(func() { a.every(ctx, outcomeTurn, "outcomes", a.outcomes) })
	all.Go(func() { a.every(ctx, time.Second, "sensitive", a.hide) })
	all.Go(func() { a.every(ctx, monitorTurn, "monitor", a.watch) })
	a.catchUp.start(ctx)
	all.Go(func() { a.every(ctx, upkeepTurn, "upkeep", a.upkeep()) })
	all.Go(func() { a.every(ctx, upkeepTurn, "retention", a.retain) })
	all.Go(func() { a.fetcher.Run(ctx) })
	a.stop = func() { cancel(); all.Wait(); a.catchUp.all.Wait() }
}

// work decodes the inbox; without it we are not ready.
func (a *App) work(ctx context.Context) {
	a.ready.working.Store(true)
	defer a.ready.working.Store(false)
	if err := a.worker.Run(ctx); err != nil {
		a.log.Error("inbox worker ended", "error", err)
	}
}

// listen hears of what other processes change.
func (a *App) listen(ctx context.Context) {
	if err := a.db.Listen(ctx, a.live.Hear); err != nil {
		a.log.Error("not listening to other processes", "error", err)
	}
}

// every repeats do until ctx ends; what fails is tried again at the next turn, and told once while it goes on.
func (a *App) every(ctx context.Context, d time.Duration, what string, do func(context.Context) error) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := do(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			a.log.Error(what, "error", err)
		}
		failing = err != nil
	}
}

// flush writes what was gathered since the last time.
func (a *App) flush(ctx context.Context) error { return a.marks.flush(ctx, a.db.Note) }

// Close ends everything behind the handlers in order: queues, worker, marks, database. Requests must have ended.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), lastWork)
	defer cancel()
	problems := []error{
		told("record the last steps", a.end.Drain(ctx)),
		told("store the last deliveries", a.inbox.Close(ctx)),
		told("store the last steps", a.steps.Close(ctx)),
	}
	if a.stop != nil {
		a.stop()
	}
	a.cdn.Close()
	a.outbound.Close()
	problems = append(problems, told("write the last marks", a.flush(ctx)), told("write the last figures", a.monitor.flush(ctx, a.db.AddTallies)),
		told("close the database", a.db.Close()), a.unlock())
	return errors.Join(problems...)
}

// abandon frees what New took before it failed.
func (a *App) abandon() {
	switch {
	case a.handler != nil:
		a.Close() // the reason why New failed is worth more than what this says
	case a.db != nil:
		a.db.Close()
	}
	a.unlock()
}

func told(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

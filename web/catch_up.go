package web

import (
	"context"
	"sync"
	"time"
)

const (
	// catchUpWait is how long a person who added a flow or a mapping waits for what belongs to it, before the next page.
	catchUpWait = time.Second
	// assignTurn is how long assignments are gone on with before anything else of their loop.
	assignTurn = 5 * time.Second
	// outcomeTurn is how often it is asked whether outcomes are to be filled in.
	outcomeTurn = 10 * time.Second
)

// A catchUp runs attribution again beside requests. The zero value needs run and told.
type catchUp struct {
	run  func(context.Context) (int, error)
	told func(error)

	mu      sync.Mutex
	ctx     context.Context // nil until start
	running bool
	again   bool
	waiting []chan struct{} // closed when a run that began after them has ended
	all     sync.WaitGroup
}

// start lets it run until ctx ends, and once now: a stop may have come between a flow and its responses.
func (c *catchUp) start(ctx context.Context) {
	c.mu.Lock()
	c.ctx = ctx
	c.mu.Unlock()
	c.begin()
}

// begin asks for a run that begins after now, and returns what is closed when it has ended.
func (c *catchUp) begin() <-chan struct{} {
	done := make(chan struct{})
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil || c.ctx.Err() != nil {
		close(done) // the next start does it
		return done
	}
	c.waiting = append(c.waiting, done)
	c.again = true
	if !c.running {
		c.running = true
		c.all.Go(c.work)
	}
	return done
}

func (c *catchUp) work() {
	for {
		c.mu.Lock()
		if !c.again {
			c.running = false
			c.mu.Unlock()
			return
		}
		c.again = false
		served := c.waiting
		c.waiting = nil
		c.mu.Unlock()
		if _, err := c.run(c.ctx); err != nil && c.ctx.Err() == nil {
			c.told(err)
		}
		for _, done := range served {
			close(done)
		}
	}
}

// soon asks for a run and waits a moment for its end; it goes on beside whoever waited.
func (c *catchUp) soon(ctx context.Context) {
	wait := time.NewTimer(catchUpWait)
	defer wait.Stop()
	select {
	case <-c.begin():
	case <-wait.C:
	case <-ctx.Done():
	}
}

// assign goes on with what people assigned or took back.
func (a *App) assign(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := a.db.ContinueAssignments(ctx, assignTurn)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// hide goes on with taking hidden answers out of the search, and with bringing back what is hidden no more.
func (a *App) hide(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := a.db.ContinueSensitive(ctx, assignTurn)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// triage goes on with what people change or take back in bulk.
func (a *App) triage(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := a.db.ContinueTriage(ctx, assignTurn)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// outcomes goes on with what an upgrade left to do: the outcomes of visits and responses that were there before.
func (a *App) outcomes(ctx context.Context) error {
	_, err := a.db.FillOutcomes(ctx, assignTurn)
	return err
}

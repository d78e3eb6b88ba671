package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"switchyard/models"
)

const (
	// forwardPoll is how often it is asked what is due without being woken: what waited, what another process stored.
	forwardPoll = time.Second
	// forwardGather is how long what comes meanwhile is gathered: a claim of many writes as often as a claim of one.
	forwardGather = 250 * time.Millisecond
	// atOnce is how many requests one target gets at a time.
	atOnce = 4
	// fewest and most are how much is claimed for a target: more, the longer it takes all of it.
	fewest, most = atOnce, 32
	// longestTry is the longest timeout of a target, and spareLease what a claim has beside its tries: one half for what
	// goes slowly, the other for writing how they ended.
	longestTry = 30 * time.Second
	spareLease = 30 * time.Second
	// longestYield is how long each claim is put off while the inbox is crowded, and yieldStep how often that is asked.
	longestYield = 250 * time.Millisecond
	yieldStep    = 10 * time.Millisecond
	// lastTries is how long a stop waits for requests that are under way.
	lastTries = 5 * time.Second
)

// A forwarder passes stored bodies on to targets. Each target has a worker of its own while something is due for it, so
// that none waits for another; several servers share the work by claims in the database.
type forwarder struct {
	db      *models.DB
	send    func(r *http.Request, limit time.Duration) (*http.Response, error) // follows no redirect; its errors are sentences
	now     func() time.Time
	agent   string
	observe func(target int64, result string)
	crowded func() bool // the inbox has much to store: what Meta waits for goes first; nil: never
	log     *slog.Logger

	poll   time.Duration // 0: forwardPoll
	grace  time.Duration // 0: lastTries
	once   sync.Once
	wakeUp chan struct{}
	mu     sync.Mutex
	busy   map[int64]bool // targets that have a worker
	much   map[int64]int  // how much a target took at once; 0: fewest
	failed map[int64]bool // targets of which it was told that they fail
	all    sync.WaitGroup
}

func (f *forwarder) init() {
	f.once.Do(func() {
		f.wakeUp = make(chan struct{}, 1)
		f.busy, f.much, f.failed = map[int64]bool{}, map[int64]int{}, map[int64]bool{}
		f.poll, f.grace = cmp.Or(f.poll, forwardPoll), cmp.Or(f.grace, lastTries)
	})
}

// wake tells that something may be due. It never blocks.
func (f *forwarder) wake() {
	f.init()
	select {
	case f.wakeUp <- struct{}{}:
	default: // it will look again
	}
}

// run passes on what is due until ctx ends, then waits for what is under way, grace at most. What was cut off then is
// due again at once, here or at another server: under the same webhook id, by which a target knows what it has.
func (f *forwarder) run(ctx context.Context) {
	f.init()
	tick := time.NewTicker(f.poll)
	defer tick.Stop()
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	context.AfterFunc(ctx, func() { time.AfterFunc(f.grace, cut) })
	failing := false
	for ctx.Err() == nil {
		err := f.begin(ctx, sending)
		if err != nil && !failing && ctx.Err() == nil {
			f.log.Error("forwards wait", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(forwardGather):
		}
		select {
		case <-ctx.Done():
		case <-f.wakeUp:
		case <-tick.C:
		}
	}
	f.all.Wait()
}

// begin gives each target for which something is due a worker, unless it has one.
func (f *forwarder) begin(ctx, sending context.Context) error {
	due, err := f.db.DueTargets(ctx)
	for _, target := range due {
		if !f.take(target) {
			continue
		}
		f.all.Go(func() {
			defer f.leave(target)
			if err := f.serve(ctx, sending, target); err != nil && ctx.Err() == nil {
				f.log.Error("forwards of a target wait", "target", target, "error", err)
			}
		})
	}
	return err
}

func (f *forwarder) take(target int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[target] {
		return false
	}
	f.busy[target] = true
	return true
}

func (f *forwarder) leave(target int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, target)
}

// serve passes on to one target while as much is due for it as it claims: that is more, the longer all of it is taken.
func (f *forwarder) serve(ctx, sending context.Context, target int64) error {
	for ctx.Err() == nil {
		f.yield(ctx)
		much := f.claims(target)
		lease := time.Duration((much+atOnce-1)/atOnce)*longestTry + spareLease
		until := time.Now().Add(lease)
		c, err := f.db.ClaimForwards(ctx, target, much, lease)
		if err != nil || len(c.Forwards) == 0 {
			return err
		}
		results, fault := f.passOn(ctx, sending, c, until)
		if err := errors.Join(f.settle(ctx, target, results, until), fault); err != nil {
			return err
		}
		if failed := f.told(target, results); failed || len(c.Forwards) < much {
			return nil
		}
	}
	return nil
}

// claims is how much is claimed for a target at a time.
func (f *forwarder) claims(target int64) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return max(fewest, f.much[target])
}

// yield waits while the inbox is crowded, for a while: what is passed on must not wait for ever either.
func (f *forwarder) yield(ctx context.Context) {
	for begin := time.Now(); f.crowded != nil && f.crowded() && time.Since(begin) < longestYield; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(yieldStep):
		}
	}
}

// settle keeps what became of requests, even when a stop has begun. While the claim holds it is tried again: what the
// database does not hear of is sent once more.
func (f *forwarder) settle(ctx context.Context, target int64, results []models.ForwardResult, until time.Time) error {
	for {
		err := f.settleOnce(ctx, target, results)
		switch {
		case errors.Is(err, models.ErrNotFound): // the target was deleted meanwhile
			return nil
		case err == nil, ctx.Err() != nil, time.Now().After(until):
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(forwardGather):
		}
	}
}

func (f *forwarder) settleOnce(ctx context.Context, target int64, results []models.ForwardResult) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTries)
	defer cancel()
	return f.db.SettleForwards(ctx, target, results)
}

// passOn tries what was claimed, atOnce at a time, and returns the ends in the order in which they came. When one tells
// that the target is not well, the others are not tried now; nor when it was our fault that one could not be sent; nor what
// could still be under way when the claim ends, at until.
func (f *forwarder) passOn(ctx, sending context.Context, c models.ForwardClaim, until time.Time) (results []models.ForwardResult, fault error) {
	var next atomic.Int64
	var enough atomic.Bool
	var mu sync.Mutex
	var all sync.WaitGroup
	t := &try{forwarder: f, claim: &c, begin: until.Add(-c.Target.Limit() - spareLease/2)}
	for range min(atOnce, len(c.Forwards)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(c.Forwards)); i = next.Add(1) - 1 {
				r := models.ForwardResult{Forward: c.Forwards[i].Forward, End: models.ForwardUntried}
				var err error
				if !enough.Load() && ctx.Err() == nil {
					r, err = t.of(sending, c.Forwards[i])
				}
				if err != nil || r.End == models.ForwardFailed || r.End == models.ForwardGone {
					enough.Store(true)
				}
				mu.Lock()
				results, fault = append(results, r), errors.Join(fault, err)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return results, fault
}

// told counts the ends, and logs when a target begins to fail and when it is well again. failed tells whether some did.
func (f *forwarder) told(target int64, results []models.ForwardResult) (failed bool) {
	taken, status := false, 0
	for i := range results {
		switch r := &results[i]; r.End {
		case models.ForwardUntried, models.ForwardLost:
			continue
		case models.ForwardTaken:
			taken = true
		case models.ForwardFailed, models.ForwardGone:
			failed, status = true, r.Status
		}
		f.observe(target, string(results[i].End))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if delete(f.much, target); !failed {
		f.much[target] = min(most, 2*max(fewest, len(results)))
	}
	switch {
	case failed && !f.failed[target]:
		f.failed[target] = true
		f.log.Warn("a target fails", "target", target, "status", status)
	case taken && !failed && f.failed[target]:
		delete(f.failed, target)
		f.log.Info("a target is well again", "target", target)
	}
	return failed
}

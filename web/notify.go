package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"switchyard/models"
)

const (
	// notifyPoll is how often it is asked what is to be told.
	notifyPoll = 2 * time.Second
	// remindEvery is how often forgotten alerts are looked for.
	remindEvery = 30 * time.Second
	// longestPost bounds a try of one post: half of its lease, so that writing the end has its time, too.
	longestPost = models.PostLease / 2
)

// A notifier tells people of alerts. Each receiver has a worker of its own while something is due for it, so that none
// waits for another; several servers share the work by claims in the database.
type notifier struct {
	db      *models.DB
	send    func(context.Context, models.PostClaim) models.PostResult // of what could not be tried by our fault: PostUntried with a reason
	observe func(models.Channel, models.PostEnd)
	log     *slog.Logger

	poll  time.Duration // 0: notifyPoll
	grace time.Duration // 0: lastTries
	mu    sync.Mutex
	busy  map[int64]bool // receivers that have a worker
	all   sync.WaitGroup
}

// run tells what is due until ctx ends, then waits for what is under way, grace at most. What was cut off then is due
// again at once, under the same id.
func (n *notifier) run(ctx context.Context) {
	tick := time.NewTicker(cmp.Or(n.poll, notifyPoll))
	defer tick.Stop()
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	context.AfterFunc(ctx, func() { time.AfterFunc(cmp.Or(n.grace, lastTries), cut) })
	failing, reminded := false, time.Time{}
	for {
		select {
		case <-ctx.Done():
			n.all.Wait()
			return
		case <-tick.C:
		}
		err := n.turn(ctx, sending, time.Since(reminded) >= remindEvery)
		if time.Since(reminded) >= remindEvery {
			reminded = time.Now()
		}
		if err != nil && !failing && ctx.Err() == nil {
			n.log.Error("notifications wait", "error", err)
		}
		failing = err != nil
	}
}

// turn makes what is due and gives each receiver for which there is something a worker, unless it has one.
func (n *notifier) turn(ctx, sending context.Context, remind bool) error {
	var forgot error
	if remind {
		_, forgot = n.db.Remind(ctx)
	}
	_, err := n.db.GatherPosts(ctx)
	due, dueErr := n.db.DuePosts(ctx)
	for _, receiver := range due {
		if !n.take(receiver) {
			continue
		}
		n.all.Go(func() {
			defer n.leave(receiver)
			if err := n.serve(ctx, sending, receiver); err != nil && ctx.Err() == nil {
				n.log.Error("notifications of a receiver wait", "receiver", receiver, "error", err)
			}
		})
	}
	return errors.Join(forgot, err, dueErr)
}

func (n *notifier) take(receiver int64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.busy[receiver] {
		return false
	}
	if n.busy == nil {
		n.busy = map[int64]bool{}
	}
	n.busy[receiver] = true
	return true
}

func (n *notifier) leave(receiver int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.busy, receiver)
}

// serve tries what is due for one receiver, one after the other, until a try fails.
func (n *notifier) serve(ctx, sending context.Context, receiver int64) error {
	for ctx.Err() == nil {
		c, err := n.db.ClaimPost(ctx, receiver, models.PostLease)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		r := n.try(sending, c)
		err = n.settle(ctx, r)
		n.told(c, r)
		if err != nil || r.End != models.PostTaken {
			return err
		}
	}
	return nil
}

// try sends one post. What a stop cut off is untried.
func (n *notifier) try(sending context.Context, c models.PostClaim) models.PostResult {
	ctx, cancel := context.WithTimeout(sending, longestPost)
	defer cancel()
	r := n.send(ctx, c)
	if r.Post = c.Post; r.End != models.PostTaken && sending.Err() != nil {
		r.End = models.PostUntried
	}
	return r
}

// settle keeps what became of a post, even when a stop has begun.
func (n *notifier) settle(ctx context.Context, r models.PostResult) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTries)
	defer cancel()
	err := n.db.SettlePost(ctx, r)
	if errors.Is(err, models.ErrNotFound) { // the receiver was deleted meanwhile
		return nil
	}
	return err
}

// told counts the end, and logs when a receiver begins to fail and when it is well again.
func (n *notifier) told(c models.PostClaim, r models.PostResult) {
	if r.End != models.PostUntried {
		n.observe(c.Receiver.Channel, r.End)
	}
	switch failing := c.Receiver.Failures > 0; {
	case r.End == models.PostTaken && failing:
		n.log.Info("a receiver is well again", "receiver", c.Receiver.ID)
	case r.End != models.PostTaken && r.End != models.PostUntried && !failing:
		n.log.Warn("a receiver fails", "receiver", c.Receiver.ID, "channel", c.Receiver.Channel, "status", r.Status)
	}
}

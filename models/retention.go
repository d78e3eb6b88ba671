package models

import (
	"context"
	"errors"
	"time"
)

// A Keep tells how long what grows without end is kept; 0 is for ever.
type Keep struct {
	// Deliveries that are done. What waits stays; what needs a person, and what could not be passed on, is kept 90 days at
	// least.
	Deliveries time.Duration
	Messages   time.Duration // with their statuses, account events, and customers of whom nothing else is left
	Steps      time.Duration
	Minutes    time.Duration // what the endpoint did, minute by minute; hours and days stay
	// Stepped is called after each transaction with the rows that it deleted; nil: nobody looks.
	Stepped func(rows int64)
}

// stepped tells of a transaction.
func (k Keep) stepped(rows int64) {
	if k.Stepped != nil && rows > 0 {
		k.Stepped(rows)
	}
}

// A Dropped counts the rows that went.
type Dropped struct{ Deliveries, Steps, Messages, Statuses, Others, Contacts, Forwards, Minutes int64 }

// waitsForForward tells of a delivery that it was not passed on to every target, or not yet: each half by its index, which
// is small, because it may be asked while others wait.
const waitsForForward = `id IN (SELECT delivery_id FROM forwards WHERE state = 'waiting' UNION ALL SELECT delivery_id FROM forwards WHERE state = 'dead')`

// forPeople is how long at least what needs a person is kept.
const forPeople = 90 * 24 * time.Hour

// untilOpen is until for deliveries that need a person.
func (k Keep) untilOpen(now time.Time) time.Time {
	if k.Deliveries <= 0 {
		return time.Time{}
	}
	return until(now, max(k.Deliveries, forPeople))
}

// Maintain does what must be done now and then, in any process and in several at once: it drops what is older than k
// says, in steps so small that they hold nobody up, and makes room for the months that come. PostgreSQL drops whole
// months, so it keeps up to a month more. What is in use just now is left for the next time. Dropped counts what went
// before an error, too.
func (db *DB) Maintain(ctx context.Context, k Keep) (Dropped, error) {
	d, err := db.engine.maintain(ctx, db, k)
	if err = kindOf(err); errors.Is(err, ErrLocked) && ctx.Err() == nil {
		err = nil
	}
	if err == nil {
		d.Minutes, err = db.dropMinutes(ctx, k, until(db.Now(), k.Minutes))
	}
	if err == nil {
		err = db.dropPosts(ctx)
	}
	return d, err
}

// until is the time before which nothing is kept, zero for ever.
func until(now time.Time, keep time.Duration) time.Time {
	if keep <= 0 {
		return time.Time{}
	}
	return now.Add(-keep)
}

// shortestRest is the least pause between two steps.
const shortestRest = 5 * time.Millisecond

// rest waits as long as a step took that began then, so that half of the time is the others'.
func rest(ctx context.Context, begin time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(max(shortestRest, time.Since(begin))):
		return nil
	}
}

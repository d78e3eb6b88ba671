package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxAttempts is after how many tries a delivery is Failed.
const maxAttempts = 8

// A stored is what applying needs to know of the delivery's row.
type stored struct {
	id       int64
	source   string
	received Time
	attempts int
	test     bool
}

// A fault is why one delivery could not be written while nothing ails the database.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

// ApplyDeliveries writes what decoded deliveries say, each all or nothing, in few transactions, and marks them; one that
// holds more than a thousand updates is written piece by piece and marked with the last.
// Every effect is idempotent. A delivery whose effects cannot be written is put back with attempts + 1 and a
// backoff, and is Failed after the eighth. What ails the whole database (disk full, ended context) is returned,
// and then the last transaction has written nothing.
func (db *DB) ApplyDeliveries(ctx context.Context, ds []Decoded) error {
	ds = each(ds, boundedDecoded)
	var times []time.Time // of the answers in them
	for _, d := range ds {
		if !d.ReceivedAt.IsZero() {
			times = append(times, d.ReceivedAt.Time)
		}
	}
	return db.engine.withMonths(ctx, times, func() (err error) {
		for i := range ds {
			if ds[i], err = db.applyHeads(ctx, ds[i]); err != nil {
				return err
			}
		}
		for part := range parts(ds) {
			if err := db.applyPart(ctx, part); err != nil {
				return err
			}
		}
		return nil
	})
}

// applyAll hopes that all can be written and returns the first fault, or is careful and puts each behind a savepoint.
func (db *DB) applyAll(ctx context.Context, ds []Decoded, careful bool) error {
	return db.inboxTx(ctx, func(x *inboxTx) error {
		if err := x.lockAbout(ds); err != nil {
			return err
		}
		ds, err := x.withoutGone(ds)
		if err != nil {
			return err
		}
		if !careful && db.engine.dialect().postgres {
			if err := x.gather(ds); err != nil {
				return err
			}
		}
		for _, d := range ds {
			apply := x.apply
			if careful {
				apply = x.applyCarefully
			}
			if err := apply(d); err != nil {
				return fmt.Errorf("apply delivery %d: %w", d.ID, err)
			}
		}
		if err := x.writeBatch(); err != nil {
			if x.everywhere(err) {
				return err
			}
			return fault{err}
		}
		return nil
	})
}

func (x *inboxTx) apply(d Decoded) error {
	s, found, err := x.stored(d)
	if err != nil || !found {
		return err
	}
	if d.Fault != "" {
		return x.putBack(s, errors.New(d.Fault))
	}
	if err := x.settle(d, s); err != nil {
		if x.everywhere(err) {
			return err
		}
		return fault{err}
	}
	return nil
}

// applyCarefully writes one delivery behind a savepoint. Its error is one that ends the transaction.
func (x *inboxTx) applyCarefully(d Decoded) error {
	s, found, err := x.stored(d)
	if err != nil || !found {
		return err
	}
	if _, err := x.exec(sqlSavepoint); err != nil {
		return err
	}
	bad := x.settle(d, s)
	if bad != nil {
		x.echoes = nil
		if _, err := x.exec(sqlRollbackTo); err != nil || x.everywhere(bad) {
			return errors.Join(bad, err)
		}
		if err := x.putBack(s, bad); err != nil {
			return err
		}
	}
	_, err = x.exec(sqlRelease)
	return err
}

func (x *inboxTx) stored(d Decoded) (s stored, found bool, err error) {
	if x.batch != nil {
		s, found = x.batch.stored[d.ID]
		return s, found, nil
	}
	s.id = d.ID
	text, args := sqlStored, []any{d.ID}
	if !d.ReceivedAt.IsZero() {
		text, args = sqlStoredThen, []any{d.ID, d.ReceivedAt}
	}
	found, err = x.findForUpdate(text, args, &s.source, &s.received, &s.attempts, &s.test)
	return s, found, err
}

// settle writes all effects and marks the delivery. A panic is this delivery's fault, not the others'.
func (x *inboxTx) settle(d Decoded, s stored) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if d.Fault != "" {
		return errors.New(d.Fault)
	}
	if !s.test && d.isTest() {
		s.test = true
		if _, err := x.exec(sqlIsTest, s.id, s.received); err != nil {
			return err
		}
	}
	x.touched = nil
	parts, err := x.effects(d, s)
	if err != nil {
		return err
	}
	if err := x.touchFlows(d.Flows); err != nil {
		return err
	}
	if err := x.forward(s, d.Fields, x.touched); err != nil {
		return err
	}
	state, reason := Done, d.Reason
	if reason == "" {
		reason = parts
	}
	if reason != "" {
		state = Unmatched
	}
	if x.batch != nil {
		x.batch.settled.add(s, state, reason, d.Reason != "", kinds(d))
		return nil
	}
	if _, err = x.exec(sqlSettle, state, reason, d.Reason != "", kinds(d), s.id, s.received); err != nil {
		return err
	}
	return x.echoed()
}

// effects writes what d says; open is why a part of it needs a person.
func (x *inboxTx) effects(d Decoded, s stored) (open string, err error) {
	for _, p := range d.People {
		if err := x.person(p, s); err != nil {
			return "", err
		}
	}
	for _, m := range d.Messages {
		reason, err := x.message(m, s)
		if err != nil {
			return "", err
		}
		if open == "" {
			open = reason
		}
	}
	for _, st := range d.Statuses {
		if err := x.status(st, s); err != nil {
			return "", err
		}
	}
	if err := x.flowEvents(d.Flows, s); err != nil {
		return "", err
	}
	return open, x.accountEvents(d.Others, s)
}

// putBack keeps a delivery for another try, 2 s to 4 min later, or gives it up.
func (x *inboxTx) putBack(s stored, bad error) error {
	if err := x.forward(s, nil, nil); err != nil {
		return err
	}
	state, attempts := Pending, s.attempts+1
	wait := time.Second<<attempts + time.Duration(s.id%10)*100*time.Millisecond // apart from each other
	next := at(x.db.dueClock().Add(wait))
	if attempts >= maxAttempts {
		state, next = Failed, Time{}
	}
	_, err := x.exec(sqlPutBack, state, shorten("it could not be written: "+bad.Error(), 300), attempts, next, s.id, s.received)
	return err
}

// everywhere tells whether an error would meet any delivery: then none of them is to blame.
func (x *inboxTx) everywhere(err error) bool {
	return x.ctx.Err() != nil || x.db.engine.everywhere(err)
}

package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"
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

// ApplyDeliveries writes what decoded deliveries say, each all or nothing, in one transaction, and marks them.
// Every effect is idempotent. A delivery whose effects cannot be written is put back with attempts + 1 and a
// backoff, and is Failed after the eighth. What ails the whole database (disk full, ended context) is returned,
// and then nothing was written.
func (db *DB) ApplyDeliveries(ctx context.Context, ds []Decoded) error {
	return db.inboxTx(ctx, func(x *inboxTx) error {
		for _, d := range ds {
			if err := x.apply(d); err != nil {
				return fmt.Errorf("apply delivery %d: %w", d.ID, err)
			}
		}
		return nil
	})
}

// apply writes one delivery behind a savepoint. Its error is one that ends the transaction.
func (x *inboxTx) apply(d Decoded) error {
	s := stored{id: d.ID}
	found, err := x.find(sqlStored, []any{d.ID}, &s.source, &s.received, &s.attempts, &s.test)
	if err != nil || !found {
		return err
	}
	if _, _, err := x.exec(sqlSavepoint); err != nil {
		return err
	}
	fault := x.settle(d, s)
	if fault != nil {
		if _, _, err := x.exec(sqlRollbackTo); err != nil || x.everywhere(fault) {
			return errors.Join(fault, err)
		}
		if err := x.putBack(s, fault); err != nil {
			return err
		}
	}
	_, _, err = x.exec(sqlRelease)
	return err
}

// settle writes all effects and marks the delivery. A panic is this delivery's fault, not the others'.
func (x *inboxTx) settle(d Decoded, s stored) (fault error) {
	defer func() {
		if p := recover(); p != nil {
			fault = fmt.Errorf("panic: %v", p)
		}
	}()
	if d.Fault != "" {
		return errors.New(d.Fault)
	}
	parts, err := x.effects(d, s)
	if err != nil {
		return err
	}
	state, reason := Done, d.Reason
	if reason == "" {
		reason = parts
	}
	if reason != "" {
		state = Unmatched
	}
	_, _, err = x.exec(sqlSettle, state, reason, d.Reason != "", kinds(d), d.ID)
	return err
}

// effects writes what d says; open is why a part of it needs a person.
func (x *inboxTx) effects(d Decoded, s stored) (open string, err error) {
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
func (x *inboxTx) putBack(s stored, fault error) error {
	state, attempts := Pending, s.attempts+1
	wait := time.Second<<attempts + time.Duration(s.id%10)*100*time.Millisecond // apart from each other
	next := at(x.now.Add(wait))
	if attempts >= maxAttempts {
		state, next = Failed, Time{}
	}
	_, _, err := x.exec(sqlPutBack, state, shorten("it could not be written: "+fault.Error(), 300), attempts, next, s.id)
	return err
}

// everywhere tells whether an error would meet any delivery: then none of them is to blame.
func (x *inboxTx) everywhere(err error) bool {
	if x.ctx.Err() != nil {
		return true
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrBusy, sqlite3.ErrLocked,
		sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return true
	}
	return false
}

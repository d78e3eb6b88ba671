package models

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"
)

const (
	// maxAbout bounds what one transaction is about, and with it the locks that it takes: PostgreSQL has room for some
	// 6,400 of all its sessions as it comes.
	maxAbout = 256
	// lively is how long a server that works takes at most to answer the simplest question.
	lively = 2 * time.Second
)

// parts cuts deliveries so that each part is about few things, or is one delivery.
func parts(ds []Decoded) iter.Seq[[]Decoded] {
	return func(yield func([]Decoded) bool) {
		begin, names := 0, 0
		for i := range ds {
			n := len(about(ds[i : i+1]))
			if i > begin && names+n > maxAbout {
				if !yield(ds[begin:i]) {
					return
				}
				begin, names = i, 0
			}
			names += n
		}
		if begin < len(ds) {
			yield(ds[begin:])
		}
	}
}

// applyPart applies deliveries in one transaction. When that is too much for the database they are halved, and one alone
// is put back.
func (db *DB) applyPart(ctx context.Context, ds []Decoded) error {
	err := db.applyAll(ctx, ds, false)
	if _, faulty := errors.AsType[fault](err); faulty && !hasNoPartition(err) { // else withMonths makes it
		err = db.applyAll(ctx, ds, true)
	}
	switch {
	case err == nil || !db.tooMuch(ctx, err):
		return err
	case len(ds) == 1:
		return db.giveBack(ctx, ds[0], err)
	}
	half := len(ds) / 2
	if err := db.applyPart(ctx, ds[:half]); err != nil {
		return err
	}
	return db.applyPart(ctx, ds[half:])
}

// tooMuch tells whether the database works, but not on so much at once.
func (db *DB) tooMuch(ctx context.Context, err error) bool {
	if ctx.Err() != nil || !db.engine.tooMuch(err) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, lively)
	defer cancel()
	_, err = db.Probe(ctx)
	return err == nil
}

// giveBack puts a delivery back that cannot be written though the database works.
func (db *DB) giveBack(ctx context.Context, d Decoded, bad error) error {
	return db.inboxTx(ctx, func(x *inboxTx) error {
		s, found, err := x.stored(d)
		if err != nil || !found {
			return err
		}
		return x.putBack(s, bad)
	})
}

// lockAbout makes wait who would change the same. What is about too much waits for everybody, and everybody for it.
func (x *inboxTx) lockAbout(ds []Decoded) error {
	names := about(ds)
	if len(names) > maxAbout {
		return x.exclude(lockInbox)
	}
	if err := x.share(lockInbox); err != nil {
		return err
	}
	return x.lock(names...)
}

// about names what deliveries tell of, for locking: of two that tell of the same message, customer or flow, one waits.
func about(ds []Decoded) []string {
	var names []string
	contact := func(c InContact) {
		if phone := digits(c.Phone); phone != "" {
			names = append(names, "phone "+phone)
		}
		if user := strings.TrimSpace(c.UserID); user != "" {
			names = append(names, "user "+user)
		}
	}
	for _, d := range ds {
		for _, p := range d.People {
			contact(p.Was)
			contact(p.Is)
		}
		for _, m := range d.Messages {
			names = append(names, "message "+m.WAMID)
			if m.Flow != nil && m.ContextID != "" {
				names = append(names, "message "+m.ContextID) // its echo may come at the same moment
			}
			contact(m.Contact)
		}
		for _, st := range d.Statuses {
			names = append(names, "message "+st.WAMID)
			contact(st.Contact)
		}
		for _, e := range d.Flows {
			names = append(names, aboutFlow(e.MetaID))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// aboutFlow names a Meta flow id, its alerts and its status.
func aboutFlow(metaID string) string { return "flow " + metaID }

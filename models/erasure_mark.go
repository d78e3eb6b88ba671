package models

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// marksAtOnce is how many marks are looked for in one query.
const marksAtOnce = 500

// What marks are of. A mark does not tell what it is of to whoever has not the master key.
func phoneMarks(phones []string) []string { return prefixed("phone ", phones) }
func userMarks(ids []string) []string     { return prefixed("user ", ids) }
func messageMarks(ids []string) []string  { return prefixed("message ", ids) }
func tokenMarks(tokens []string) []string { return prefixed("token ", tokens) }

func prefixed(prefix string, all []string) []string {
	return each(all, func(s string) string { return prefix + s })
}

func (db *DB) markOf(what string) []byte {
	mac := hmac.New(sha256.New, db.sealer.hash)
	mac.Write([]byte("erased " + what))
	return mac.Sum(nil)
}

// mark keeps that what is of these and not newer than now does not come back.
func (db *DB) mark(tx *gorm.DB, all []string) error {
	for _, what := range all {
		_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, `INSERT INTO erased_marks (mark, at) VALUES (?, ?)
			ON CONFLICT (mark) DO UPDATE SET at = excluded.at`, db.markOf(what), db.now())
		if err != nil {
			return err
		}
	}
	return nil
}

// sqlAnyMarked tells whether anybody was ever erased, and whether a response was removed: mostly not, and then nothing else
// is asked.
const sqlAnyMarked = `SELECT EXISTS (SELECT 1 FROM erased_marks), EXISTS (SELECT 1 FROM removed_marks)`

// marked tells which of these are marked, and until when.
func (db *DB) marked(ctx context.Context, q querier, all []string) (map[string]Time, error) {
	slices.Sort(all)
	all = slices.Compact(all)
	found := map[string]Time{}
	for some := range slices.Chunk(all, marksAtOnce) {
		by := make(map[string]string, len(some))
		args := make([]any, len(some))
		for i, what := range some {
			mark := db.markOf(what)
			by[string(mark)], args[i] = what, mark
		}
		rows, err := q.QueryContext(ctx, `SELECT mark, at FROM erased_marks WHERE mark IN (`+placeholders(len(args))+`)`, args...)
		_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
			var mark []byte
			var at Time
			err := s.Scan(&mark, &at)
			found[by[string(mark)]] = at
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// A marking tells of customers and messages whether they were erased.
type marking map[string]Time

// contact tells whether what was said of a customer at a time is of one who was erased after it; what has no time of its own
// is as old as it may be.
func (m marking) contact(c InContact, at Time) bool {
	for _, what := range contactMarks(c) {
		if until, ok := m[what]; ok && (at.IsZero() || !at.After(until.Time)) {
			return true
		}
	}
	return false
}

func (m marking) message(wamid string) bool {
	_, ok := m["message "+wamid]
	return ok
}

func contactMarks(c InContact) (all []string) {
	if phone := digits(c.Phone); phone != "" {
		all = append(all, "phone "+phone)
	}
	if user := strings.TrimSpace(c.UserID); user != "" {
		all = append(all, "user "+user)
	}
	return all
}

// withoutGone takes out of deliveries what must not come back.
func (x *inboxTx) withoutGone(ds []Decoded) ([]Decoded, error) {
	var erased, removed bool
	_, err := x.find(sqlAnyMarked, nil, &erased, &removed)
	if err == nil && erased {
		ds, err = x.withoutErased(ds)
	}
	if err == nil && removed {
		ds, err = x.withoutRemoved(ds)
	}
	return ds, err
}

// withoutErased takes out of deliveries what is of people who were erased, and out of their bodies.
func (x *inboxTx) withoutErased(ds []Decoded) ([]Decoded, error) {
	found, err := x.db.marked(x.ctx, inTx(x.tx), marksIn(ds))
	if err != nil || len(found) == 0 {
		return ds, err
	}
	clean := slices.Clone(ds)
	for i := range clean {
		gone := clean[i].dropErased(found)
		if len(gone.phones)+len(gone.ids) == 0 {
			continue
		}
		if err := x.scrub(clean[i].ID, gone); err != nil {
			return nil, err
		}
	}
	return clean, nil
}

func marksIn(ds []Decoded) (all []string) {
	for _, d := range ds {
		for _, p := range d.People {
			all = append(append(all, contactMarks(p.Was)...), contactMarks(p.Is)...)
		}
		for _, m := range d.Messages {
			all = append(append(all, contactMarks(m.Contact)...), "message "+m.WAMID)
		}
		for _, s := range d.Statuses {
			all = append(append(all, contactMarks(s.Contact)...), "message "+s.WAMID)
		}
	}
	return all
}

// dropErased leaves out what is of people who were erased, and returns by what it is found in the body: by their numbers, but
// not by those of which something newer stays.
func (d *Decoded) dropErased(m marking) scrubber {
	var gone scrubber
	stays := map[string]bool{}
	settle := func(erased bool, c InContact, wamid string) bool {
		phone, user := digits(c.Phone), strings.TrimSpace(c.UserID)
		if !erased {
			stays[phone], stays[user] = true, true
			return false
		}
		gone.phones, gone.ids = append(gone.phones, phone), append(gone.ids, user, wamid)
		return true
	}
	d.Messages = slices.DeleteFunc(slices.Clone(d.Messages), func(in InMessage) bool {
		return settle(m.contact(in.Contact, in.At) || m.message(in.WAMID), in.Contact, in.WAMID)
	})
	d.Statuses = slices.DeleteFunc(slices.Clone(d.Statuses), func(in InStatus) bool {
		return settle(m.contact(in.Contact, in.At) || m.message(in.WAMID), in.Contact, in.WAMID)
	})
	d.People = slices.DeleteFunc(slices.Clone(d.People), func(in InPerson) bool {
		erased := m.contact(in.Was, in.At) || m.contact(in.Is, in.At)
		settle(erased, in.Is, "")
		return settle(erased, in.Was, "")
	})
	for _, all := range []*[]string{&gone.phones, &gone.ids} {
		*all = slices.DeleteFunc(*all, func(s string) bool { return s == "" || stays[s] })
	}
	return gone
}

// scrub takes people out of the body of a delivery.
func (x *inboxTx) scrub(id int64, gone scrubber) error {
	var raw []byte
	var received Time
	err := inTx(x.tx).QueryRowContext(x.ctx, `SELECT body, received_at FROM deliveries WHERE id = ?`, id).Scan(&raw, &received)
	if isNoRow(kindOf(err)) {
		return nil
	}
	if err != nil {
		return err
	}
	clean, changed := gone.body(raw)
	if !changed {
		return nil
	}
	x.db.late.Store(true)
	return putBody(x.tx, id, received, clean)
}

// withoutErasedVisits leaves out steps of visits that were erased while their customer was still in them: what the endpoint
// remembers of them would come back with the next step.
func (db *DB) withoutErasedVisits(ctx context.Context, rs []StepRecord) ([]StepRecord, error) {
	var any, removed bool
	if err := db.reader().QueryRowContext(ctx, sqlAnyMarked).Scan(&any, &removed); err != nil || !any {
		return rs, err
	}
	tokens := each(rs, func(r StepRecord) string { return r.Visit.Token })
	found, err := db.marked(ctx, db.reader(), tokenMarks(tokens))
	if err != nil || len(found) == 0 {
		return rs, err
	}
	return slices.DeleteFunc(slices.Clone(rs), func(r StepRecord) bool {
		until, ok := found["token "+r.Visit.Token]
		return ok && r.Visit.Token != "" && !cmp.Or(r.Visit.StartedAt, r.Step.At).After(until.Time)
	}), nil
}

package models

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// A personResponse is what goes with a response.
type personResponse struct {
	id, visit, flow int64
	received        Time
	wamid, token    string
}

// responses removes the next responses with all that belongs to them.
func (e *erasing) responses(ctx context.Context) (more bool, err error) {
	if len(e.person.Contacts) == 0 {
		return false, nil
	}
	var w where
	w.in(`contact_id`, e.person.Contacts)
	rows, err := e.db.reader().QueryContext(ctx, `SELECT id, visit_id, flow_id, received_at, wamid, token FROM responses `+w.sql()+` ORDER BY id LIMIT ?`, append(w.args, erasedAtOnce)...)
	some, err := collect(rows, err, func(r *personResponse, s scanner) error {
		return s.Scan(&r.id, &r.visit, &r.flow, &r.received, &r.wamid, &r.token)
	})
	if err != nil || len(some) == 0 {
		return false, err
	}
	ids := each(some, func(r personResponse) int64 { return r.id })
	visits, tokens, err := e.visitsOf(ctx, some)
	if err != nil {
		return false, err
	}
	there, err := e.db.filesOf(ctx, ids, visits)
	if err != nil {
		return false, err
	}
	files, err := removeFiles(ctx, there, e.outside.Remove)
	if err != nil {
		return false, err
	}
	return true, e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		marks := append(messageMarks(each(some, func(r personResponse) string { return r.wamid })), tokenMarks(tokens)...)
		if err := e.db.mark(tx, marks); err != nil {
			return err
		}
		return removal{ids, each(some, func(r personResponse) Time { return r.received }), visits, files}.do(tx, count)
	})
}

// visitsOf are the visits behind responses, and the other runs of their tokens: a token is sent to one customer.
func (e *erasing) visitsOf(ctx context.Context, some []personResponse) (ids []int64, tokens []string, err error) {
	for _, r := range some {
		if r.token != "" {
			tokens = append(tokens, bounded(r.token))
		}
		if r.visit == 0 {
			continue
		}
		rows, err := e.db.reader().QueryContext(ctx, `SELECT o.id, o.token FROM visits v JOIN visits o ON o.flow_id = v.flow_id AND o.token = v.token WHERE v.id = ?`, r.visit)
		_, err = collect(rows, err, func(_ *struct{}, s scanner) error {
			var id int64
			var token string
			err := s.Scan(&id, &token)
			ids, tokens = append(ids, id), append(tokens, token)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(ids)
	slices.Sort(tokens)
	return slices.Compact(ids), slices.Compact(tokens), nil
}

// dropIn deletes the rows whose column has one of the ids; received_at tells PostgreSQL the months.
func dropIn(tx *gorm.DB, count func(string, int64), kind, table, column string, ids []int64, received ...Time) error {
	for some := range slices.Chunk(ids, marksAtOnce) {
		text, args := `DELETE FROM `+table+` WHERE `+column+` IN ?`, []any{some}
		if len(received) > 0 {
			text, args = text+` AND received_at IN ?`, append(args, received)
		}
		if err := dropped(tx, count, kind, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// messages removes the next messages with their statuses.
func (e *erasing) messages(ctx context.Context) (more bool, err error) {
	if len(e.person.Contacts) == 0 {
		return false, nil
	}
	var w where
	w.in(`contact_id`, e.person.Contacts)
	rows, err := e.db.reader().QueryContext(ctx, `SELECT wamid FROM messages `+w.sql()+` ORDER BY id LIMIT ?`, append(w.args, erasedAtOnce)...)
	wamids, err := collect(rows, err, func(id *string, s scanner) error { return s.Scan(id) })
	if err != nil || len(wamids) == 0 {
		return false, err
	}
	return true, e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		if err := e.db.mark(tx, messageMarks(wamids)); err != nil {
			return err
		}
		for _, table := range []string{"statuses", "messages"} {
			if err := dropped(tx, count, personal[table].kind, `DELETE FROM `+table+` WHERE `+personal[table].message+` IN ?`, wamids); err != nil {
				return err
			}
		}
		return nil
	})
}

// contacts removes the contacts themselves, and what belongs to flows because of them.
func (e *erasing) contacts(ctx context.Context) (more bool, err error) {
	if len(e.person.Contacts) == 0 {
		return false, nil
	}
	return false, e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		names := each(e.person.Contacts, func(id int64) string { return fmt.Sprint(id) })
		if err := dropped(tx, count, "others", `DELETE FROM mappings WHERE kind = 'contact' AND value IN ?`, names); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE assignments SET value = '' WHERE alike = 'contact' AND value IN ?`, names).Error; err != nil {
			return err
		}
		return dropIn(tx, count, personal["contacts"].kind, "contacts", personal["contacts"].contact, e.person.Contacts)
	})
}

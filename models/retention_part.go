package models

import (
	"context"

	"gorm.io/gorm"
)

// An oldResponse is one that goes, with what else goes because of it.
type oldResponse struct {
	id, contact int64
	received    Time
	wamid       string
}

const (
	sqlOldResponses = `SELECT id, contact_id, received_at, wamid FROM responses WHERE flow_id = ? AND received_at < ? ORDER BY received_at, id LIMIT ?`
	// Nobody has assigned it to another flow meanwhile.
	sqlStillOld = `SELECT id, contact_id, received_at, wamid FROM responses WHERE id IN ? AND flow_id = ? AND received_at < ?`
	// A visit stays as long as its response.
	isOldVisit = `flow_id = ? AND started_at < ? AND last_at < ? AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.visit_id = visits.id AND r.visit_id > 0)`
	// A request without a usable token is of no visit.
	sqlLooseSteps = `DELETE FROM steps WHERE flow_id = ? AND visit_id = 0 AND at < ? AND id IN
		(SELECT id FROM steps WHERE flow_id = ? AND visit_id = 0 AND at < ? ORDER BY at, id LIMIT ?)`
	isLooseFile = `flow_id = ? AND visit_id = 0 AND response_id = 0 AND at < ?`
)

// responses removes the next ones with all that belongs to them, the message that brought each, and customers of whom
// nothing is left.
func (r *removing) responses(ctx context.Context) (more bool, err error) {
	rows, err := r.db.reader().QueryContext(ctx, sqlOldResponses, r.run.FlowID, r.run.Before, r.some)
	some, err := collect(rows, err, (*oldResponse).scan)
	if err != nil || len(some) == 0 {
		return false, err
	}
	there, err := r.db.filesOf(ctx, each(some, oldResponse.key), nil)
	if err != nil {
		return false, err
	}
	files, err := removeFiles(ctx, there, r.remove)
	if err != nil {
		return false, err
	}
	err = r.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		rows, err := tx.Raw(sqlStillOld+r.db.engine.dialect().forUpdate, each(some, oldResponse.key), r.run.FlowID, r.run.Before).Rows()
		old, err := collect(rows, err, (*oldResponse).scan)
		if err != nil || len(old) == 0 {
			return err
		}
		if err := r.db.markRemoved(tx, old); err != nil {
			return err
		}
		gone := removal{responses: each(old, oldResponse.key), received: each(old, func(o oldResponse) Time { return o.received }), files: files}
		if err := gone.do(tx, count); err != nil {
			return err
		}
		for _, table := range []string{"statuses", "messages"} {
			t := personal[table]
			if err := dropped(tx, count, t.kind, `DELETE FROM `+table+` WHERE `+t.message+` IN ?`, each(old, func(o oldResponse) string { return o.wamid })); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	return true, r.contacts(ctx, some)
}

func (o *oldResponse) scan(s scanner) error {
	return s.Scan(&o.id, &o.contact, &o.received, &o.wamid)
}
func (o oldResponse) key() int64 { return o.id }

// contacts removes the customers of responses of whom nothing is left, but not those whom the business has put into its address
// book since.
func (r *removing) contacts(ctx context.Context, some []oldResponse) error {
	var w where
	w.in(`id`, each(some, func(o oldResponse) int64 { return o.contact }))
	w.and(`saved_at < ?`, r.run.Before)
	w.and(nothingLeft)
	rows, err := r.db.reader().QueryContext(ctx, `SELECT id FROM contacts c `+w.sql(), w.args...)
	ids, err := collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
	if err != nil || len(ids) == 0 {
		return err
	}
	n, err := r.db.forget(ctx, ids)
	if err != nil {
		return err
	}
	return r.change(ctx, func(_ *gorm.DB, count func(string, int64)) error {
		count(personal["contacts"].kind, n)
		return nil
	})
}

// visits removes the next ones that nothing was heard of since, with their steps.
func (r *removing) visits(ctx context.Context) (more bool, err error) {
	rows, err := r.db.reader().QueryContext(ctx, `SELECT started_at, id FROM visits WHERE (started_at, id) > (?, ?) AND `+isOldVisit+` ORDER BY started_at, id LIMIT ?`,
		r.after.received, r.after.id, r.run.FlowID, r.run.Before, r.run.Before, r.some)
	some, err := collect(rows, err, func(k *listKey, s scanner) error { return s.Scan(&k.received, &k.id) })
	if err != nil || len(some) == 0 {
		return false, err
	}
	ids := each(some, func(k listKey) int64 { return k.id })
	there, err := r.db.filesOf(ctx, nil, ids)
	if err != nil {
		return false, err
	}
	files, err := removeFiles(ctx, there, r.remove)
	if err != nil {
		return false, err
	}
	r.after = some[len(some)-1]
	return true, r.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		var old []int64
		err := tx.Raw(`SELECT id FROM visits WHERE id IN ? AND `+isOldVisit+r.db.engine.dialect().forUpdate, ids, r.run.FlowID, r.run.Before, r.run.Before).Scan(&old).Error
		if err != nil {
			return err
		}
		return removal{visits: old, files: files}.do(tx, count)
	})
}

// looseSteps removes the next steps of requests without a usable token.
func (r *removing) looseSteps(ctx context.Context) (more bool, err error) {
	var n int64
	err = r.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		n = 0
		return dropped(tx, func(kind string, gone int64) { n = gone; count(kind, gone) }, "steps", sqlLooseSteps,
			r.run.FlowID, r.run.Before, r.run.FlowID, r.run.Before, mostAtOnce)
	})
	return n > 0, err
}

// looseFiles removes the next files of such requests.
func (r *removing) looseFiles(ctx context.Context) (more bool, err error) {
	some, err := r.db.someFiles(ctx, isLooseFile, r.run.FlowID, r.run.Before)
	if err != nil || len(some) == 0 {
		return false, err
	}
	ids, err := removeFiles(ctx, some, r.remove)
	if err != nil {
		return false, err
	}
	return true, r.change(ctx, func(tx *gorm.DB, count func(string, int64)) error { return removal{files: ids}.do(tx, count) })
}

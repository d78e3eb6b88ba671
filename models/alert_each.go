package models

import (
	"context"
	"errors"
	"iter"
)

// alertBatch is how many alerts EachAlert reads at once.
const alertBatch = 200

// EachAlert yields all that the filter matches with their events, oldest first. Before and Limit are not used.
func (db *DB) EachAlert(ctx context.Context, f AlertFilter) iter.Seq2[Alert, error] {
	return func(yield func(Alert, error) bool) {
		since, id := Time{}, int64(0)
		for {
			w := f.where(db.now())
			w.and(`(a.since_at, a.id) > (?, ?)`, since, id)
			rows, err := db.reader().QueryContext(ctx, selectAlerts+w.sql()+` ORDER BY a.since_at, a.id LIMIT ?`, append(w.args, alertBatch)...)
			alerts, err := collect(rows, err, (*Alert).scan)
			if err == nil && len(alerts) > 0 {
				err = errors.Join(addAlertEvents(ctx, db.reader(), alerts), addAlertActs(ctx, db.reader(), alerts))
			}
			if err != nil {
				yield(Alert{}, err)
				return
			}
			for _, a := range alerts {
				if !yield(a, nil) {
					return
				}
				since, id = a.SinceAt, a.ID
			}
			if len(alerts) < alertBatch {
				return
			}
		}
	}
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
)

const (
	// retentionGrace is how long after a change of a flow's retention nothing is removed yet, so that a slip can be mended.
	retentionGrace = time.Hour
	// retentionEvery is how often a flow is looked through.
	retentionEvery = 24 * time.Hour
	mostRetention  = 36500
)

// A Retention is for how long a flow keeps its responses and visits.
type Retention struct {
	FlowID    int64
	Days      int    // 0: for ever
	NextAt    Time   // of the next run; nothing goes before
	Name      string // of who set it last; "": nobody did
	ChangedAt Time
}

// Bound is the time before which a run that begins then removes; zero: it removes nothing.
func (r Retention) Bound(then time.Time) time.Time {
	return until(then, time.Duration(r.Days)*24*time.Hour)
}

// CheckRetention is an Invalid (days) when nothing can be kept for so many days; 0 is for ever.
func CheckRetention(days int) error {
	if days < 0 || days > mostRetention {
		return &Invalid{"days", "Enter 1 to 36,500 days, or nothing."}
	}
	return nil
}

// Retention tells for how long a flow keeps; for ever when nobody has set it.
func (db *DB) Retention(ctx context.Context, flowID int64) (Retention, error) {
	r := Retention{FlowID: flowID}
	err := db.reader().QueryRowContext(ctx, `SELECT days, next_at, name, changed_at FROM retentions WHERE flow_id = ?`, flowID).Scan(&r.Days, &r.NextAt, &r.Name, &r.ChangedAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r, err
}

// SetRetention makes a flow keep responses and visits for so many days, 0 for ever. The next run is an hour later; one that
// removes more than is now wanted stops. Invalid: days. ErrNotFound: no such flow.
func (db *DB) SetRetention(ctx context.Context, flowID int64, days int, by By) error {
	if err := CheckRetention(days); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		var was int
		err := inTx(tx).QueryRowContext(ctx, `SELECT coalesce(r.days, 0) FROM flows f LEFT JOIN retentions r ON r.flow_id = f.id WHERE f.id = ?`, flowID).Scan(&was)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		err = tx.Exec(`INSERT INTO retentions (flow_id, days, next_at, user_id, name, changed_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (flow_id)
			DO UPDATE SET days = excluded.days, next_at = excluded.next_at, user_id = excluded.user_id, name = excluded.name, changed_at = excluded.changed_at`,
			flowID, days, at(db.Now().Add(retentionGrace)), by.UserID, asUTF8(by.Name), db.now()).Error
		if err != nil {
			return err
		}
		return db.audit(tx, by, "flow.retention", Flow{ID: flowID}.object(), map[string]any{"was": was, "days": days})
	})
}

package models

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// A TargetHealth tells how it goes with a target.
type TargetHealth struct {
	TargetID    int64
	Waiting     int64
	Dead        int64
	Oldest      Time   // the oldest delivery that waits was received; zero: none waits
	LastSuccess Time   // zero: never
	LastFailure Time   // zero: never
	Failure     string // the last failure's reason: one sentence
	Failures    int64  // tries in a row that failed by no fault of the body
	PausedUntil Time   // it is not tried before that: it asked to wait, or fails again and again; zero or past: it is
	Hour, Day   TargetFigures
}

// TargetsHealth is that of each target, by id.
func (db *DB) TargetsHealth(ctx context.Context) (map[int64]TargetHealth, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT t.id, h.last_success_at, h.last_failure_at, h.failure, h.failures, h.paused_until
		FROM targets t JOIN target_health h ON h.target_id = t.id WHERE t.deleted_at = 0`)
	list, err := collect(rows, err, func(h *TargetHealth, row scanner) error {
		return row.Scan(&h.TargetID, &h.LastSuccess, &h.LastFailure, &h.Failure, &h.Failures, &h.PausedUntil)
	})
	if err != nil || len(list) == 0 {
		return map[int64]TargetHealth{}, err
	}
	all := make(map[int64]*TargetHealth, len(list))
	for i := range list {
		all[list[i].TargetID] = &list[i]
	}
	if err := db.countWaiting(ctx, all); err != nil {
		return nil, err
	}
	if err := db.readFigures(ctx, all); err != nil {
		return nil, err
	}
	byID := make(map[int64]TargetHealth, len(all))
	for id, h := range all {
		byID[id] = *h
	}
	return byID, nil
}

// countWaiting counts by the small indexes of what is not done.
func (db *DB) countWaiting(ctx context.Context, all map[int64]*TargetHealth) error {
	rows, err := db.reader().QueryContext(ctx, `SELECT target_id, count(*), min(received_at), FALSE FROM forwards WHERE state = 'waiting' GROUP BY target_id
		UNION ALL SELECT target_id, count(*), min(received_at), TRUE FROM forwards WHERE state = 'dead' GROUP BY target_id`)
	_, err = collect(rows, err, func(_ *struct{}, row scanner) error {
		var id, n int64
		var oldest Time
		var dead bool
		if err := row.Scan(&id, &n, &oldest, &dead); err != nil {
			return err
		}
		h := all[id]
		switch {
		case h == nil: // it was deleted
		case dead:
			h.Dead = n
		default:
			h.Waiting, h.Oldest = n, oldest
		}
		return nil
	})
	return err
}

// health is the row of a target in the making.
type health struct {
	target           int64
	success, failure Time
	reason           string
	failures         int64
	paused           Time
	probe            bool // one forward at a time
}

func (h *health) read(ctx context.Context, q querier, forUpdate string) error {
	err := q.QueryRowContext(ctx, `SELECT last_success_at, last_failure_at, failure, failures, paused_until FROM target_health WHERE target_id = ?`+forUpdate, h.target).
		Scan(&h.success, &h.failure, &h.reason, &h.failures, &h.paused)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	h.probe = h.failures >= manyFailures
	return err
}

// add takes one result in. A target that takes something is well; one that fails rests, longer and longer, after
// manyFailures, or as long as it asked for.
func (h *health) add(r *ForwardResult, now Time) {
	switch r.End {
	case ForwardTaken:
		h.success, h.failures, h.paused = now, 0, Time{}
	case ForwardFailed:
		h.failures++
		h.failure, h.reason, h.paused = now, shorten(asUTF8(r.Reason), 300), Time{}
		if h.failures >= manyFailures {
			h.paused = at(now.Add(probePause(h.target, h.failures)))
		}
		if asked := at(now.Add(min(r.RetryAfter, longestAsked))); r.RetryAfter > 0 && asked.After(h.paused.Time) {
			h.paused = asked
		}
	case ForwardRefused, ForwardGone:
		h.failure, h.reason, h.failures, h.paused = now, shorten(asUTF8(r.Reason), 300), 0, Time{}
	default: // it was not asked: another may ask at once
		if h.probe {
			h.paused = Time{}
		}
	}
}

func (h *health) write(tx *gorm.DB) error {
	return tx.Exec(`UPDATE target_health SET last_success_at = ?, last_failure_at = ?, failure = ?, failures = ?, paused_until = ? WHERE target_id = ?`,
		h.success, h.failure, h.reason, h.failures, h.paused, h.target).Error
}

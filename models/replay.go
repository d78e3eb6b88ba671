package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// ReplayState is where a replay stands.
type ReplayState string

// The states of a replay.
const (
	ReplayRunning   ReplayState = "running"
	ReplayDone      ReplayState = "done"
	ReplayCancelled ReplayState = "cancelled"
)

// A Replay is one act by which somebody let deliveries be decoded again. They are put back as if they had just come; every
// effect is idempotent, so what was understood before changes nothing.
type Replay struct {
	ID        int64
	State     ReplayState
	Filter    *DeliveryFilter // nil: they were named one by one
	Total     int64           // counted at the start
	Done      int64           // put back so far
	UserID    int64           // 0: a command
	Name      string          // of who did it
	StartedAt Time
	EndedAt   Time // zero: it runs

	next, last listKey
}

// MaxReplay is how many deliveries can be named for one replay.
const MaxReplay = 1000

const (
	replayColumns = `id, state, filter, total, done, user_id, name, started_at, ended_at, next_at, next_id, last_at, last_id`
	sqlReplay     = `INSERT INTO replays (state, filter, total, done, user_id, name, started_at, ended_at, last_at, last_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	sqlPutBackAll = `UPDATE deliveries SET state = 'pending', attempts = 0, next_at = ?, reason = '', replayed = replayed + 1, replay_id = ? WHERE id IN (`
)

func (r *Replay) scan(rows scanner) error {
	var filter string
	err := rows.Scan(&r.ID, &r.State, &filter, &r.Total, &r.Done, &r.UserID, &r.Name, &r.StartedAt, &r.EndedAt,
		&r.next.received, &r.next.id, &r.last.received, &r.last.id)
	if err == nil && filter != "" {
		r.Filter = &DeliveryFilter{}
		err = decodeJSON([]byte(filter), r.Filter)
	}
	return err
}

// ReplayDeliveries puts deliveries back to be decoded again, at most MaxReplay. Those that are gone are left out;
// ErrNotFound: all are.
func (db *DB) ReplayDeliveries(ctx context.Context, ids []int64, by By) (Replay, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return Replay{}, &Invalid{Field: "ids", Message: "Choose at least one delivery."}
	}
	if len(ids) > MaxReplay {
		return Replay{}, &Invalid{Field: "ids", Message: fmt.Sprintf("Choose at most %d deliveries, or replay all that a filter matches.", MaxReplay)}
	}
	r := Replay{State: ReplayDone, UserID: by.UserID, Name: by.Name, StartedAt: db.now()}
	r.EndedAt = r.StartedAt
	err := db.tx(ctx, func(tx *gorm.DB) error {
		if err := inTx(tx).QueryRowContext(ctx, sqlReplay, r.State, "", 0, 0, r.UserID, r.Name, r.StartedAt, r.EndedAt, 0, 0).Scan(&r.ID); err != nil {
			return err
		}
		n, err := db.putBack(tx, r.ID, ids)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNotFound
		}
		r.Total, r.Done = n, n
		if err := tx.Exec(`UPDATE replays SET total = ?, done = ? WHERE id = ?`, n, n, r.ID).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "deliveries.replay", replayObject(r.ID), map[string]any{"deliveries": ids[:min(len(ids), 100)], "count": n})
	})
	return r, err
}

func replayObject(id int64) string { return fmt.Sprintf("replay %d", id) }

// putBack makes deliveries due.
func (db *DB) putBack(tx *gorm.DB, replay int64, ids []int64) (int64, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	done := tx.Exec(sqlPutBackAll+placeholders(len(ids))+`)`, append([]any{db.now(), replay}, asAny(ids)...)...)
	return done.RowsAffected, done.Error
}

// StartReplay begins to replay all that a filter matches and that is there by now; ContinueReplay does it. ErrConflict:
// another one runs. Invalid: nothing matches, or it takes too long to count what does.
func (db *DB) StartReplay(ctx context.Context, f DeliveryFilter, by By) (Replay, error) {
	f.Before, f.After, f.Limit = 0, 0, 0
	total, all, err := db.CountDeliveries(ctx, f)
	if err != nil {
		return Replay{}, err
	}
	if !all {
		return Replay{}, &Invalid{Field: "from", Message: "There are too many deliveries to count. Choose a shorter period."}
	}
	if total == 0 {
		return Replay{}, &Invalid{Message: "No delivery matches any more."}
	}
	filter, err := encodeJSON(f)
	if err != nil {
		return Replay{}, err
	}
	r := Replay{State: ReplayRunning, Filter: &f, Total: total, UserID: by.UserID, Name: by.Name, StartedAt: db.now()}
	if r.last, err = db.newestPlace(ctx); err != nil {
		return Replay{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		var running int64
		if err := tx.Raw(`SELECT count(*) FROM replays WHERE state = 'running'`).Scan(&running).Error; err != nil {
			return err
		}
		if running > 0 {
			return ErrConflict
		}
		err := inTx(tx).QueryRowContext(ctx, sqlReplay, r.State, filter, total, 0, r.UserID, r.Name, r.StartedAt, Time{},
			r.last.received, r.last.id).Scan(&r.ID)
		if err != nil {
			return err
		}
		return db.audit(tx, by, "deliveries.replay", replayObject(r.ID), map[string]any{"filter": f.forAudit(), "count": total})
	})
	return r, err
}

// forAudit is the filter without what may be a number or a word of a customer.
func (f DeliveryFilter) forAudit() map[string]any {
	return map[string]any{"source": f.Source, "state": f.State, "kind": f.Kind, "signed": f.Signed, "from": f.From, "to": f.To, "searched": f.Text != ""}
}

// CancelReplay ends a replay that runs; what was put back stays so. One that has ended is left as it is.
func (db *DB) CancelReplay(ctx context.Context, id int64, by By) (Replay, error) {
	err := db.tx(ctx, func(tx *gorm.DB) error {
		ended := tx.Exec(`UPDATE replays SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'running'`, db.now(), id)
		if ended.Error != nil || ended.RowsAffected == 0 {
			return ended.Error
		}
		return db.audit(tx, by, "deliveries.replay.cancel", replayObject(id), nil)
	})
	if err != nil {
		return Replay{}, err
	}
	return db.Replay(ctx, id)
}

// Replay returns one.
func (db *DB) Replay(ctx context.Context, id int64) (r Replay, err error) {
	err = r.scan(db.reader().QueryRowContext(ctx, `SELECT `+replayColumns+` FROM replays WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return r, err
}

// Replays lists the newest, before an id (0 = newest).
func (db *DB) Replays(ctx context.Context, before int64, limit int) ([]Replay, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+replayColumns+` FROM replays WHERE id < ? ORDER BY id DESC LIMIT ?`, beforeID(before), pageLimit(limit))
	return collect(rows, err, (*Replay).scan)
}

// RunningReplay is the one that runs. ErrNotFound: none does.
func (db *DB) RunningReplay(ctx context.Context) (r Replay, err error) {
	err = r.scan(db.reader().QueryRowContext(ctx, `SELECT `+replayColumns+` FROM replays WHERE state = 'running'`))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return r, err
}

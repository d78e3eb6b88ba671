package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"
)

// ExportState is where an export stands.
type ExportState string

// The states of an export.
const (
	ExportReady     ExportState = "ready" // planned; nobody fetched it yet
	ExportRunning   ExportState = "running"
	ExportDone      ExportState = "done"
	ExportCancelled ExportState = "cancelled"
	ExportFailed    ExportState = "failed"
)

// An Export is one file of responses that left, or is about to.
type Export struct {
	ID         int64
	UserID     int64 // in whose right it is made
	Author     string
	LinkID     int64 // it was fetched by; 0: a person or a schedule
	ScheduleID int64 // that made it; 0: a person or a link
	Plan       ExportPlan
	File       string // its name
	State      ExportState
	Reason     string // why it failed, a sentence
	Total      Tally  // counted at the start
	Written    int64  // rows so far
	CreatedAt  Time
	StartedAt  Time // zero: not yet
	SeenAt     Time // whoever writes it was alive then
	EndedAt    Time // zero: not yet
}

const (
	// exportLost is after how long without a sign whoever wrote an export is gone.
	exportLost = time.Minute
	// exportIdle is how long an export waits to be fetched.
	exportIdle = time.Hour
	// keepExports is how long the list of exports goes back. The audit log goes back further.
	keepExports = 90 * 24 * time.Hour
)

const exportColumns = `id, user_id, author, link_id, schedule_id, plan, file, state, reason, total, more, written, created_at, started_at, seen_at, ended_at`

func (e *Export) scan(row scanner) error {
	var plan jsonColumn[ExportPlan]
	err := row.Scan(&e.ID, &e.UserID, &e.Author, &e.LinkID, &e.ScheduleID, &plan, &e.File, &e.State, &e.Reason, &e.Total.N, &e.Total.More, &e.Written,
		&e.CreatedAt, &e.StartedAt, &e.SeenAt, &e.EndedAt)
	e.Plan = plan.V
	return err
}

func (e *Export) object() string { return fmt.Sprintf("export %d", e.ID) }

// AddExport plans one for whoever asks. Plan, File and Total are taken; LinkID and ScheduleID too. Invalid: the plan.
func (db *DB) AddExport(ctx context.Context, e Export, by By) (Export, error) {
	if err := e.Plan.Check(); err != nil {
		return e, err
	}
	e.UserID, e.Author, e.State, e.CreatedAt = by.UserID, asUTF8(by.Name), ExportReady, db.now()
	err := db.tx(ctx, func(tx *gorm.DB) error {
		return inTx(tx).QueryRowContext(ctx, `INSERT INTO exports (user_id, author, link_id, schedule_id, plan, file, state, total, more, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			e.UserID, e.Author, e.LinkID, e.ScheduleID, jsonColumn[ExportPlan]{e.Plan}, e.File, e.State, e.Total.N, e.Total.More, e.CreatedAt).Scan(&e.ID)
	})
	return e, err
}

// StartExport begins to write one and notes it in the audit log, with what detail adds, and why hidden answers are in it if
// they are. ErrConflict: it began before.
func (db *DB) StartExport(ctx context.Context, e Export, by By, detail map[string]any) error {
	if e.Plan.Reveal != "" {
		said := map[string]any{"revealed": withoutNumbers(e.Plan.Reveal)}
		maps.Copy(said, detail)
		detail = said
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		begun := tx.Exec(`UPDATE exports SET state = 'running', started_at = ?, seen_at = ? WHERE id = ? AND state = 'ready'`, db.now(), db.now(), e.ID)
		if begun.Error != nil {
			return begun.Error
		}
		if begun.RowsAffected == 0 {
			return ErrConflict
		}
		return db.audit(tx, by, "export.responses", e.object(), detail)
	})
}

// SeeExport notes how many rows are written. ErrConflict: it was cancelled, or given up as lost.
func (db *DB) SeeExport(ctx context.Context, id, written int64) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		seen := tx.Exec(`UPDATE exports SET written = ?, seen_at = ? WHERE id = ? AND state = 'running'`, written, db.now(), id)
		if seen.Error == nil && seen.RowsAffected == 0 {
			return ErrConflict
		}
		return seen.Error
	})
}

// EndExport keeps how one that was started ended, and how many rows left, in the audit log too. One that was cancelled
// meanwhile stays so.
func (db *DB) EndExport(ctx context.Context, id int64, state ExportState, written int64, reason string, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		var was ExportState
		if err := inTx(tx).QueryRowContext(ctx, `SELECT state FROM exports WHERE id = ?`, id).Scan(&was); err != nil {
			return err
		}
		if was == ExportCancelled {
			state, reason = was, ""
		}
		err := tx.Exec(`UPDATE exports SET state = ?, written = ?, reason = ?, seen_at = ?, ended_at = ? WHERE id = ?`, state, written, asUTF8(reason), db.now(), db.now(), id).Error
		if err != nil {
			return err
		}
		return db.audit(tx, by, "export.responses.end", (&Export{ID: id}).object(), map[string]any{"state": state, "rows": written})
	})
}

// CancelExport ends one of whoever asks that waits or runs; whoever writes it stops within a second. One that has ended is
// left as it is. ErrNotFound: it is somebody else's.
func (db *DB) CancelExport(ctx context.Context, id int64, by By) (Export, error) {
	err := db.tx(ctx, func(tx *gorm.DB) error {
		ended := tx.Exec(`UPDATE exports SET state = 'cancelled', ended_at = ? WHERE id = ? AND user_id = ? AND state IN ('ready', 'running')`, db.now(), id, by.UserID)
		if ended.Error != nil || ended.RowsAffected == 0 {
			return ended.Error
		}
		return db.audit(tx, by, "export.responses.cancel", (&Export{ID: id}).object(), nil)
	})
	if err != nil {
		return Export{}, err
	}
	return db.Export(ctx, id, by.UserID)
}

// Export returns one of a person (0: of anybody). ErrNotFound: there is none.
func (db *DB) Export(ctx context.Context, id, userID int64) (e Export, err error) {
	var w where
	w.and(`id = ?`, id)
	if userID != 0 {
		w.and(`user_id = ?`, userID)
	}
	err = e.scan(db.reader().QueryRowContext(ctx, `SELECT `+exportColumns+` FROM exports `+w.sql(), w.args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return e, err
}

// Exports lists the newest of a person (0: of everybody) before an id (0: the newest).
func (db *DB) Exports(ctx context.Context, userID, before int64, limit int) ([]Export, error) {
	var w where
	w.and(`id < ?`, beforeID(before))
	if userID != 0 {
		w.and(`user_id = ?`, userID)
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT `+exportColumns+` FROM exports `+w.sql()+` ORDER BY id DESC LIMIT ?`, append(w.args, pageLimit(limit))...)
	return collect(rows, err, (*Export).scan)
}

// TendExports gives up exports whose writer is gone or that nobody fetched, and forgets old ones.
func (db *DB) TendExports(ctx context.Context) error {
	now := db.now()
	var some int
	err := db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 AS one FROM exports WHERE ended_at = 0 AND
		(state = 'running' AND seen_at < ? OR state = 'ready' AND created_at < ?) LIMIT 1) AS lost`, at(now.Add(-exportLost)), at(now.Add(-exportIdle))).Scan(&some)
	if err != nil || some == 0 {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Exec(`UPDATE exports SET state = 'failed', reason = 'The server that wrote it stopped.', ended_at = ? WHERE ended_at = 0 AND state = 'running' AND seen_at < ?`,
			now, at(now.Add(-exportLost))).Error
		if err != nil {
			return err
		}
		err = tx.Exec(`UPDATE exports SET state = 'cancelled', ended_at = ? WHERE ended_at = 0 AND state = 'ready' AND created_at < ?`, now, at(now.Add(-exportIdle))).Error
		if err != nil {
			return err
		}
		return tx.Exec(`DELETE FROM exports WHERE ended_at > 0 AND ended_at < ?`, at(now.Add(-keepExports))).Error
	})
}

package models

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// ClaimExportSchedule takes one that is due, for one process alone: for two minutes, or as long as KeepExportSchedule is
// called, until SettleExportSchedule. ErrNotFound: none is due.
func (db *DB) ClaimExportSchedule(ctx context.Context) (s ExportSchedule, err error) {
	now := db.now()
	const due = ` FROM export_schedules WHERE NOT off AND next_at <= ? AND claimed_until <= ? ORDER BY next_at, id LIMIT 1`
	err = s.scan(db.reader().QueryRowContext(ctx, `SELECT `+scheduleColumns+due, now, now))
	if errors.Is(err, sql.ErrNoRows) {
		return s, ErrNotFound
	}
	if err != nil {
		return s, err
	}
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		claimed := tx.Exec(`UPDATE export_schedules SET claimed_until = ? WHERE id = ? AND NOT off AND next_at = ? AND claimed_until <= ?`,
			at(now.Add(scheduleLease)), s.ID, s.NextAt, now)
		if claimed.Error == nil && claimed.RowsAffected == 0 {
			return ErrNotFound // another process was quicker
		}
		return claimed.Error
	})
	return s, err
}

// KeepExportSchedule keeps a claim for two minutes more. ErrNotFound: the schedule was deleted.
func (db *DB) KeepExportSchedule(ctx context.Context, id int64) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		kept := tx.Exec(`UPDATE export_schedules SET claimed_until = ? WHERE id = ?`, at(db.Now().Add(scheduleLease)), id)
		if kept.Error == nil && kept.RowsAffected == 0 {
			return ErrNotFound
		}
		return kept.Error
	})
}

// SettleExportSchedule ends a claim: done leads to the next run; what failed is tried again after a pause, a few times;
// hopeless says not to. untried puts it back as it was, for another process.
func (db *DB) SettleExportSchedule(ctx context.Context, s ExportSchedule, end ScheduleEnd) error {
	next, due, attempts := at(s.Next(db.Now())), at(s.Next(db.Now())), 0
	switch {
	case end == ScheduleUntried:
		next, due, attempts = s.NextAt, s.DueAt, s.Attempts
	case end == ScheduleFailed && s.Attempts < len(scheduleRetries):
		again := at(db.Now().Add(scheduleRetries[s.Attempts]))
		if again.Before(next.Time) {
			next, due, attempts = again, s.DueAt, s.Attempts+1
		}
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		// Who asked for another run meanwhile has it as soon as this one has ended.
		if err := tx.Exec(`UPDATE export_schedules SET claimed_until = 0 WHERE id = ? AND next_at <> ?`, s.ID, s.NextAt).Error; err != nil {
			return err
		}
		return tx.Exec(`UPDATE export_schedules SET next_at = ?, due_at = ?, attempts = ?, claimed_until = 0 WHERE id = ? AND next_at = ?`,
			next, due, attempts, s.ID, s.NextAt).Error
	})
}

// A ScheduleEnd is how a try of a schedule ended.
type ScheduleEnd int

// The ends of a try.
const (
	ScheduleDone     ScheduleEnd = iota
	ScheduleFailed               // worth another try soon
	ScheduleHopeless             // another try would end the same
	ScheduleUntried              // the server stops
)

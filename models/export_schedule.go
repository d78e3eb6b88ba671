package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// An ExportSchedule is an export that is made by the clock, in the right of the person who made the schedule.
type ExportSchedule struct {
	ID        int64
	UserID    int64
	Author    string
	Name      string
	Plan      ExportPlan
	Span      ExportSpan
	Every     ExportSpan   // day, week or month: the first of it
	Weekday   time.Weekday // of week
	Minute    int          // of the day, in the zone of the plan
	TargetID  int64        // 0: into the folder of exports
	Keep      int          // of its files in the folder; 0: all
	Off       bool
	NextAt    Time // of the next try
	DueAt     Time // which run that is: NextAt of its first try
	Attempts  int  // tries of this run that failed
	CreatedAt Time
}

const (
	maxSchedules = 100
	maxKeep      = 10_000
	// scheduleLease is how long nobody else takes a schedule whose run gives no sign.
	scheduleLease = 2 * time.Minute
)

// scheduleRetries are the pauses after failed tries of one run; after the last the next run is waited for.
var scheduleRetries = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}

const scheduleColumns = `id, user_id, author, name, plan, span, every, weekday, minute, target_id, keep, off, next_at, due_at, attempts, created_at`

func (s *ExportSchedule) scan(row scanner) error {
	var plan jsonColumn[ExportPlan]
	err := row.Scan(&s.ID, &s.UserID, &s.Author, &s.Name, &plan, &s.Span, &s.Every, &s.Weekday, &s.Minute, &s.TargetID, &s.Keep, &s.Off, &s.NextAt, &s.DueAt,
		&s.Attempts, &s.CreatedAt)
	s.Plan = plan.V
	return err
}

func (s *ExportSchedule) object() string { return fmt.Sprintf("export schedule %d", s.ID) }

// Next is its first run after a moment.
func (s *ExportSchedule) Next(after time.Time) time.Time {
	zone := s.Plan.Location()
	y, m, d := after.In(zone).Date()
	for i := range 32 {
		t := time.Date(y, m, d+i, 0, s.Minute, 0, 0, zone)
		right := s.Every == SpanDay || s.Every == SpanWeek && t.Weekday() == s.Weekday || s.Every == SpanMonth && t.Day() == 1
		if right && t.After(after) {
			return t
		}
	}
	return time.Date(y, m+1, 1, 0, s.Minute, 0, 0, zone)
}

func (s *ExportSchedule) check() (err error) {
	if s.Name, err = exportName(s.Name, &s.Plan); err != nil {
		return err
	}
	switch s.Span {
	case SpanAll, SpanDay, SpanWeek, SpanMonth:
	default:
		return &Invalid{"span", "Choose which responses it holds."}
	}
	switch s.Every {
	case SpanDay, SpanWeek, SpanMonth:
	default:
		return &Invalid{"every", "Choose every day, week or month."}
	}
	if s.Weekday < time.Sunday || s.Weekday > time.Saturday {
		return &Invalid{"weekday", "Choose a day of the week."}
	}
	if s.Minute < 0 || s.Minute >= 24*60 {
		return &Invalid{"time", "Enter a time such as 06:30."}
	}
	if s.Keep < 0 || s.Keep > maxKeep {
		return &Invalid{"keep", fmt.Sprintf("Keep 1 to %d files, or 0 for all.", maxKeep)}
	}
	return nil
}

// AddExportSchedule makes one for whoever asks. Invalid names the field; a target must be there.
func (db *DB) AddExportSchedule(ctx context.Context, s ExportSchedule, by By) (ExportSchedule, error) {
	if err := s.check(); err != nil {
		return s, err
	}
	s.UserID, s.Author, s.CreatedAt = by.UserID, asUTF8(by.Name), db.now()
	s.NextAt = at(s.Next(s.CreatedAt.Time))
	s.DueAt = s.NextAt
	err := db.tx(ctx, func(tx *gorm.DB) error {
		var n int
		if err := inTx(tx).QueryRowContext(ctx, `SELECT count(*) FROM export_schedules`).Scan(&n); err != nil {
			return err
		}
		if n >= maxSchedules {
			return &Invalid{"name", fmt.Sprintf("There are %d schedules. Delete one first.", maxSchedules)}
		}
		if s.TargetID != 0 {
			if _, err := targetIn(ctx, inTx(tx), s.TargetID); errors.Is(err, ErrNotFound) {
				return &Invalid{"to", "This target was deleted. Choose another."}
			} else if err != nil {
				return err
			}
		}
		err := inTx(tx).QueryRowContext(ctx, `INSERT INTO export_schedules (user_id, author, name, plan, span, every, weekday, minute, target_id, keep, next_at, due_at, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, s.UserID, s.Author, s.Name, jsonColumn[ExportPlan]{s.Plan}, s.Span, s.Every, int(s.Weekday), s.Minute,
			s.TargetID, s.Keep, s.NextAt, s.DueAt, s.CreatedAt).Scan(&s.ID)
		if err != nil {
			return err
		}
		return db.audit(tx, by, "export.schedule", s.object(), map[string]any{"every": s.Every, "span": s.Span, "target": s.TargetID, "format": s.Plan.Format})
	})
	return s, err
}

// ExportSchedules lists all by name.
func (db *DB) ExportSchedules(ctx context.Context) ([]ExportSchedule, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+scheduleColumns+` FROM export_schedules ORDER BY lower(name), id`)
	return collect(rows, err, (*ExportSchedule).scan)
}

// LastScheduled are the newest exports of schedules, by schedule.
func (db *DB) LastScheduled(ctx context.Context) (map[int64]Export, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+exportColumns+` FROM exports WHERE id IN (SELECT max(id) FROM exports WHERE schedule_id > 0 GROUP BY schedule_id)`)
	all, err := collect(rows, err, (*Export).scan)
	last := make(map[int64]Export, len(all))
	for _, e := range all {
		last[e.ScheduleID] = e
	}
	return last, err
}

// SwitchExportSchedule switches one on or off. ErrNotFound: there is none.
func (db *DB) SwitchExportSchedule(ctx context.Context, id int64, off bool, by By) error {
	return db.editSchedule(ctx, id, func(tx *gorm.DB, s ExportSchedule) error {
		next := at(s.Next(db.Now()))
		err := tx.Exec(`UPDATE export_schedules SET off = ?, next_at = ?, due_at = ?, attempts = 0 WHERE id = ?`, off, next, next, id).Error
		if err != nil {
			return err
		}
		return db.audit(tx, by, "export.schedule.switch", s.object(), map[string]any{"off": off})
	})
}

// RunExportSchedule makes one due now, beside its times. ErrNotFound: there is none. ErrConflict: it is off.
func (db *DB) RunExportSchedule(ctx context.Context, id int64, by By) error {
	return db.editSchedule(ctx, id, func(tx *gorm.DB, s ExportSchedule) error {
		if s.Off {
			return ErrConflict
		}
		if err := tx.Exec(`UPDATE export_schedules SET next_at = ?, due_at = ?, attempts = 0 WHERE id = ?`, db.now(), db.now(), id).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "export.schedule.run", s.object(), nil)
	})
}

// DeleteExportSchedule deletes one; its files stay. ErrNotFound: there is none.
func (db *DB) DeleteExportSchedule(ctx context.Context, id int64, by By) error {
	return db.editSchedule(ctx, id, func(tx *gorm.DB, s ExportSchedule) error {
		if err := tx.Exec(`DELETE FROM export_schedules WHERE id = ?`, id).Error; err != nil {
			return err
		}
		return db.audit(tx, by, "export.schedule.delete", s.object(), map[string]any{"name": withoutNumbers(s.Name)})
	})
}

func (db *DB) editSchedule(ctx context.Context, id int64, edit func(*gorm.DB, ExportSchedule) error) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		var s ExportSchedule
		err := s.scan(inTx(tx).QueryRowContext(ctx, `SELECT `+scheduleColumns+` FROM export_schedules WHERE id = ?`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return edit(tx, s)
	})
}

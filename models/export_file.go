package models

import (
	"context"

	"gorm.io/gorm"
)

// An ExportFile is one that an export by the clock put into the folder.
type ExportFile struct {
	ScheduleID int64
	Name       string
	FlowID     int64 // 0: of all flows
	From, To   Time  // when its responses were received, half-open; From zero: since ever
	WrittenAt  Time  // zero: nobody knows, it was written by an older release
}

// KeepExportFile remembers a file that is about to be there. One of the same name gave way to it.
func (db *DB) KeepExportFile(ctx context.Context, f ExportFile) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`INSERT INTO export_files (schedule_id, name, flow_id, from_at, to_at, written_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET flow_id = excluded.flow_id, from_at = excluded.from_at, to_at = excluded.to_at, written_at = excluded.written_at`,
			f.ScheduleID, f.Name, f.FlowID, f.From, f.To, db.now()).Error
	})
}

// DropExportFiles forgets files that were removed.
func (db *DB) DropExportFiles(ctx context.Context, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`DELETE FROM export_files WHERE name IN ?`, names).Error
	})
}

// exportFiles are all that are remembered, by name.
func (db *DB) exportFiles(ctx context.Context) (map[string]ExportFile, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT schedule_id, name, flow_id, from_at, to_at, written_at FROM export_files`)
	all, err := collect(rows, err, func(f *ExportFile, s scanner) error {
		return s.Scan(&f.ScheduleID, &f.Name, &f.FlowID, &f.From, &f.To, &f.WrittenAt)
	})
	by := make(map[string]ExportFile, len(all))
	for _, f := range all {
		by[f.Name] = f
	}
	return by, err
}

// A FlowSpan is when the responses of a person to a flow were received, from the first to the last.
type FlowSpan struct {
	FlowID      int64
	First, Last Time
}

// PersonFiles are those of the files in the folder, by their names, that may hold a person: by flow and time, and those of
// which nothing is known.
func (db *DB) PersonFiles(ctx context.Context, p Person, names []string) (may []ExportFile, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	if p.Spans == nil {
		if p.Spans, err = db.spans(ctx, p); err != nil {
			return nil, err
		}
	}
	known, err := db.exportFiles(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, ok := known[name]
		if f.Name = name; !ok && len(p.Spans) > 0 || ok && f.mayHold(p.Spans) {
			may = append(may, f)
		}
	}
	return may, nil
}

func (f ExportFile) mayHold(spans []FlowSpan) bool {
	for _, s := range spans {
		if (f.FlowID == 0 || f.FlowID == s.FlowID) && !s.Last.Before(f.From.Time) && s.First.Before(f.To.Time) {
			return true
		}
	}
	return false
}

func (db *DB) spans(ctx context.Context, p Person) ([]FlowSpan, error) {
	if len(p.Contacts) == 0 {
		return nil, nil
	}
	var w where
	w.in(`contact_id`, p.Contacts)
	rows, err := db.reader().QueryContext(ctx, `SELECT flow_id, min(received_at), max(received_at) FROM responses `+w.sql()+` GROUP BY flow_id ORDER BY flow_id`, w.args...)
	return collect(rows, err, func(f *FlowSpan, s scanner) error { return s.Scan(&f.FlowID, &f.First, &f.Last) })
}

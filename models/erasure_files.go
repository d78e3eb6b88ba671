package models

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// An Outside is what erasing reaches beside the database.
type Outside struct {
	// Remove takes an attached file out of the store; that there is none is no error.
	Remove func(context.Context, File) error
	// Exports names the files in the folder of exports by the clock; nil: nobody has one.
	Exports func() ([]string, error)
	// Clean takes rows out of one of them. A file that is not there any more has none.
	Clean func(ctx context.Context, name string, of func(ExportRow) bool) (Cleaned, error)
}

// An ExportRow is what tells whose a row of an export is; "" what its file does not say.
type ExportRow struct{ Contact, Message, Token string }

// Cleaned is what became of a file.
type Cleaned struct {
	Rows    int64 // that were taken out
	Removed bool  // the file went as a whole: its rows cannot be taken out, or do not tell whose they are
}

// scheduledPause is how often it is asked whether exports that may hold the person have ended.
const scheduledPause = 250 * time.Millisecond

// exported takes the person out of files that exports by the clock wrote, once those that began before the person's rows had
// gone have ended. Who wanted them left is told how many there are.
func (e *erasing) exported(ctx context.Context) (more bool, err error) {
	if e.filesDone || e.outside.Exports == nil {
		return false, nil
	}
	if more, err := e.scheduled(ctx); err != nil || more {
		return more, err
	}
	names, err := e.outside.Exports()
	if err != nil {
		return false, err
	}
	may, err := e.db.PersonFiles(ctx, e.person, names)
	if err != nil {
		return false, err
	}
	var rows, removed, kept int64
	var gone []string
	if e.person.KeepFiles {
		kept, may = int64(len(may)), nil
	}
	if len(may) > 0 {
		of, err := e.ownRows(ctx)
		if err != nil {
			return false, err
		}
		for _, f := range may {
			c, err := e.outside.Clean(ctx, f.Name, of)
			if err != nil {
				return false, err
			}
			rows += c.Rows
			if c.Removed {
				removed, gone = removed+1, append(gone, f.Name)
			}
		}
	}
	if err := e.db.DropExportFiles(ctx, gone...); err != nil {
		return false, err
	}
	return false, e.change(ctx, func(tx *gorm.DB, count func(string, int64)) error {
		count("exported", rows)
		count("export_files", removed)
		count("kept_files", kept)
		return tx.Exec(`UPDATE erasures SET files_at = ? WHERE id = ?`, e.db.now(), e.id).Error
	})
}

// scheduled waits a moment while an export by the clock is written that began before this process came here.
func (e *erasing) scheduled(ctx context.Context) (running bool, err error) {
	if e.began.IsZero() {
		e.began = e.db.now()
	}
	err = e.db.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM exports WHERE ended_at = 0 AND schedule_id > 0 AND state = 'running' AND started_at <= ? AND seen_at > ?)`,
		e.began, at(e.db.Now().Add(-exportLost))).Scan(&running)
	if err != nil || !running {
		return false, err
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-time.After(scheduledPause):
		return true, nil
	}
}

// ownRows tells which rows of an export are the person's: by number or id, or by a message or a token that was erased.
func (e *erasing) ownRows(ctx context.Context) (func(ExportRow) bool, error) {
	rows, err := e.db.reader().QueryContext(ctx, `SELECT mark FROM erased_marks`)
	marks, err := collect(rows, err, func(b *[]byte, s scanner) error { return s.Scan(b) })
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(marks))
	for _, m := range marks {
		known[string(m)] = true
	}
	marked := func(all []string) bool {
		return all[0] != "" && known[string(e.db.markOf(all[0]))]
	}
	return func(r ExportRow) bool {
		contact := strings.TrimPrefix(r.Contact, "+")
		return contact != "" && (slices.Contains(e.person.Phones, contact) || slices.Contains(e.person.UserIDs, contact)) ||
			r.Message != "" && marked(messageMarks([]string{r.Message})) || r.Token != "" && marked(tokenMarks([]string{r.Token}))
	}, nil
}

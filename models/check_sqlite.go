package models

import (
	"context"
	"fmt"
	"time"
)

const (
	// longestPending is how long a delivery waits when the worker runs, many deliveries at once and pauses between
	// attempts included.
	longestPending = 10 * time.Minute
	// checkedWhole is the size up to which a file is checked in one read: the log cannot be emptied past it. Larger ones
	// are checked table by table, which does not look at free pages.
	checkedWhole = 1 << 30
)

func (db *DB) checkIntegrity(ctx context.Context) (Verdict, string, error) {
	e, _ := db.engine.(*sqliteEngine)
	p := open(e.file, dsnCheck, 1, nil)
	defer p.Close()
	_, size, err := e.version(ctx, p)
	if err != nil {
		return Broken, "", err
	}
	pragmas := []string{"PRAGMA integrity_check(10)"}
	if size > checkedWhole {
		if pragmas, err = integrityByTable(ctx, p); err != nil {
			return Broken, "", err
		}
	}
	for _, pragma := range pragmas {
		wrong, err := integrityOf(ctx, p, pragma)
		if e.keeper != nil && err == nil {
			err = e.checkpoint(ctx) // what grew meanwhile, before the writer has to
		}
		if err != nil {
			return Broken, "", err
		}
		if wrong != "" {
			return Broken, wrong, nil
		}
	}
	return Good, "every page, row and index is as it must be", nil
}

func integrityByTable(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name`)
	return collect(rows, err, func(pragma *string, row scanner) error {
		var name string
		err := row.Scan(&name)
		*pragma = fmt.Sprintf("PRAGMA integrity_check(%q)", name)
		return err
	})
}

func (db *DB) checkForeignKeys(ctx context.Context) (Verdict, string, error) {
	wrong, err := foreignKeys(ctx, db.reader())
	if wrong != "" {
		return Broken, wrong, err
	}
	return Good, "every row that another one points to is there", err
}

func (db *DB) checkBackup(ctx context.Context) (Verdict, string, error) {
	at, size, _, err := db.LastBackup(ctx)
	switch {
	case err != nil:
		return Broken, "", err
	case at.IsZero():
		return Doubtful, "none was made yet; run switchyard backup", nil
	}
	text := fmt.Sprintf("%s UTC, %.1f MiB", at.UTC().Format("2006-01-02 15:04"), float64(size)/(1<<20))
	if db.now().Sub(at.Time) > BackupDue {
		return Doubtful, text + ", more than 26 hours ago", nil
	}
	return Good, text, nil
}

package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/mattn/go-sqlite3"
)

const (
	dsnLook = "?mode=ro&_query_only=1&_busy_timeout=5000"
	// sqlTables counts the tables of a database, and those by which ours is known.
	sqlTables = `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version'), count(*) FILTER (WHERE name IN ('revision', 'master_check'))
		FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`
)

// recognise looks at the file without changing it and refuses one that is not ours; ours is made its owner's alone,
// and a new one is set up.
func (e *sqliteEngine) recognise(ctx context.Context) error {
	tables, err := e.look(ctx)
	if err != nil {
		return err
	}
	switch {
	case tables == 0 && !e.owner:
		return noDatabase(e.file)
	case tables == 0:
		if err := setUp(ctx, e.file); err != nil {
			return fmt.Errorf("the database %s cannot be made: %w", e.file, err)
		}
	}
	return tighten(e.file)
}

// look counts the tables of a database that is ours.
func (e *sqliteEngine) look(ctx context.Context) (tables int, err error) {
	p := open(e.file, dsnLook, 1, nil)
	var migrated, known int
	err = errors.Join(p.QueryRowContext(ctx, sqlTables).Scan(&tables, &migrated, &known), p.Close())
	bad, _ := errors.AsType[sqlite3.Error](err)
	switch {
	case bad.Code == sqlite3.ErrNotADB:
		return 0, fmt.Errorf("the file %s is not a database; set SWITCHYARD_DATABASE to another file", e.file)
	case err != nil:
		return 0, fmt.Errorf("the database %s cannot be read: %w", e.file, err)
	case tables > migrated && (migrated == 0 || known < 2): // goose's table alone: a first start that was cut off
		return 0, fmt.Errorf("the database %s belongs to another program and stays as it is; set SWITCHYARD_DATABASE to another file", e.file)
	}
	return tables, nil
}

// setUp says what counts only on a new file, and only before WAL, which the first connection of the writer sets.
func setUp(ctx context.Context, file string) error {
	p := open(file, dsnWrite, 1, nil)
	_, err := p.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL", pageSize))
	return errors.Join(err, p.Close())
}

// tighten makes the files their owner's alone: copies and restores often come readable for all. Where modes cannot be
// set, or not by us, they stay.
func tighten(file string) error {
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(name, info.Mode().Perm()&^0o077)
		}
		if err != nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("the mode of %s cannot be set: %w", name, err)
		}
	}
	return nil
}

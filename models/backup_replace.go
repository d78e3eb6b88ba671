package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// recogniseBackup refuses a file that is not ours, not whole or newer than this program, and tells its schema version.
func recogniseBackup(ctx context.Context, p *sql.DB, file string) (version int64, err error) {
	var tables, migrated, known int
	err = p.QueryRowContext(ctx, sqlTables).Scan(&tables, &migrated, &known)
	bad, _ := errors.AsType[sqlite3.Error](err)
	switch {
	case bad.Code == sqlite3.ErrNotADB:
		return 0, fmt.Errorf("the file %s is not a database", file)
	case err != nil:
		return 0, err
	case migrated == 0 || known < 2:
		return 0, fmt.Errorf("%s is not a backup of Switchyard", file)
	}
	s := schema{dialect: goose.DialectSQLite3, pool: p}
	steps, err := s.steps()
	if err != nil {
		return 0, err
	}
	if version, err = s.version(ctx); err != nil {
		return 0, err
	}
	if newest := newestOf(steps); version > newest {
		return 0, fmt.Errorf("the backup has schema version %d, this program knows %d; restore it with a newer switchyard", version, newest)
	}
	var keys int
	if err := p.QueryRowContext(ctx, "SELECT count(*) FROM master_check").Scan(&keys); err != nil {
		return 0, err
	}
	if keys == 0 {
		return 0, fmt.Errorf("%s is of a server that never started whole: there is nothing in it to restore", file)
	}
	return version, refuseUnfinished(ctx, p)
}

// replaceDatabase gives the part the name of the database. The old one has a second name by then, and no log that the new
// one could take for its own: at every moment the name is that of a whole database.
func replaceDatabase(ctx context.Context, part *partFile, file string, now time.Time) (before string, err error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if err := setAsideLog(file, beforeName(file, now)); err != nil {
			return "", err
		}
		return "", part.keepAs(file)
	} else if err != nil {
		return "", err
	}
	before = beforeName(file, now)
	if err := emptyLog(ctx, file); err != nil {
		return "", err
	}
	if err := alsoAs(file, before); err != nil {
		return "", fmt.Errorf("nothing was restored: the old database cannot be kept: %w", err)
	}
	if err := setAsideLog(file, before); err != nil {
		return before, err
	}
	return before, part.replace(file)
}

// beforeName is that of the old database, beside the new one.
func beforeName(file string, now time.Time) string {
	stem := strings.TrimSuffix(file, filepath.Ext(file)) + ".before-" + now.UTC().Format("20060102T150405Z")
	name := stem + ".db"
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s-%d.db", stem, n)
	}
}

// emptyLog moves the log of the old database into it. One that is damaged keeps its log: it may be why somebody restores.
func emptyLog(ctx context.Context, file string) error {
	p := open(file, dsnWrite, 1, nil)
	var busy, log, moved int
	err := p.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	p.Close() // what it says is said by the log that is left
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && busy != 0 || errors.Is(kindOf(err), ErrLocked) {
		return fmt.Errorf("nothing was restored: another command uses %s; try again when it has ended", file)
	}
	return nil
}

// alsoAs gives a file a second name; where a disk has no such names, the second one is of a copy.
func alsoAs(file, name string) error {
	if err := os.Link(file, name); err == nil {
		return syncFolder(name)
	}
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := openPartFile(name + ".part")
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return errors.Join(err, to.drop())
	}
	return errors.Join(to.keepAs(name), to.drop())
}

// setAsideLog moves a log that could not be emptied to the name of its database; an empty one goes.
func setAsideLog(file, before string) error {
	for _, side := range []string{"-wal", "-shm"} {
		info, err := os.Stat(file + side)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		switch {
		case err != nil:
		case side == "-shm" || info.Size() == 0:
			err = os.Remove(file + side)
		default:
			err = os.Rename(file+side, before+side)
		}
		if err != nil {
			return err
		}
	}
	return syncFolder(file)
}

// replace gives the file a name that another one has.
func (p *partFile) replace(name string) error {
	if err := p.Sync(); err != nil {
		return err
	}
	if err := os.Rename(p.Name(), name); err != nil {
		return err
	}
	p.kept = true
	return syncFolder(name)
}

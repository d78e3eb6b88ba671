package models

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// MarkBackup says when the last whole backup was made; its Detail is the size in bytes.
const MarkBackup = "backup"

// BackupDue is the age of the last backup from which one of each day is missing.
const BackupDue = 26 * time.Hour

// ErrOwnTools is asked of PostgreSQL, which has its own tools for copies.
var ErrOwnTools = errors.New("models: PostgreSQL is copied by its own tools")

// A Backup is a whole copy of a database that was checked.
type Backup struct {
	File      string // absolute
	Bytes     int64
	SHA256    string // of the file, hex
	AuditRows int64
	AuditHead string        // the last MAC of its audit log, hex
	Copied    time.Duration // how long its pages took, during which the write-ahead log could only grow
}

// Backup copies a SQLite database into a new file, or into a new file in a folder, beside everybody who uses it. The copy
// is as the database was at one moment after the call, durable and checked; the name appears only then. What makes it
// fail leaves nothing behind. The master key is not in it.
func (db *DB) Backup(ctx context.Context, name string) (Backup, error) {
	e, ok := db.engine.(*sqliteEngine)
	if !ok {
		return Backup{}, ErrOwnTools
	}
	file, err := backupName(name, db.Now())
	if err != nil {
		return Backup{}, err
	}
	b, err := e.backup(ctx, file)
	if err != nil {
		return Backup{}, &sentence{"no backup was made: " + whyNot(err, file), err}
	}
	if err := e.noteBackup(ctx, db, b); err != nil {
		return b, fmt.Errorf("the backup %s is whole, but the database could not note that: %w", b.File, err)
	}
	return b, nil
}

// LastBackup is when the last backup was made, zero for never, and its size in bytes. There is none that PostgreSQL's own
// tools would tell of: known is false.
func (db *DB) LastBackup(ctx context.Context) (at Time, size int64, known bool, err error) {
	if db.Shared() {
		return Time{}, 0, false, nil
	}
	var m Mark
	err = db.read.WithContext(ctx).Where("name = ?", MarkBackup).Take(&m).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Time{}, 0, true, nil
	}
	size, _ = strconv.ParseInt(m.Detail, 10, 64) // 0 of an unknown size
	return m.At, size, true, err
}

// noteBackup keeps the mark and the audit row.
func (e *sqliteEngine) noteBackup(ctx context.Context, db *DB, b Backup) error {
	return e.between(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec(upsertMark, MarkBackup, db.now(), 1, strconv.FormatInt(b.Bytes, 10)).Error; err != nil {
			return err
		}
		return db.audit(tx, By{Name: "switchyard backup"}, "backup", "database", map[string]any{"bytes": b.Bytes, "sha256": b.SHA256})
	})
}

// longestBetween is how long between keeps trying.
const longestBetween = time.Minute

// between runs fn in a write transaction between two of a server that writes all the time. SQLite's own waiting, with up to
// 100 ms from one try to the next, hardly ever meets the moment between two commits.
func (e *sqliteEngine) between(ctx context.Context, fn func(tx *gorm.DB) error) error {
	p := pool(e.file, strings.Replace(dsnWrite, "_busy_timeout=5000", "_busy_timeout=1", 1), 1, "PRAGMA wal_autocheckpoint = 0")
	defer p.Close()
	g, err := ormOver(sqlite.New(sqlite.Config{Conn: p}), false)
	for end := time.Now().Add(longestBetween); err == nil; time.Sleep(500 * time.Microsecond) {
		err = kindOf(g.WithContext(ctx).Transaction(fn))
		if !errors.Is(err, ErrLocked) || time.Now().After(end) || ctx.Err() != nil {
			return err
		}
		err = nil
	}
	return err
}

// backupName is the whole name of a file that is not there yet; in a folder it is named by the time.
func backupName(name string, now time.Time) (string, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		name = filepath.Join(name, "switchyard-"+now.UTC().Format("20060102T150405Z")+".db")
	}
	file, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(file); err == nil {
		return "", fmt.Errorf("%s is there already and stays as it is; name another file, or a folder", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return file, nil
}

// backup makes the copy under another name first.
func (e *sqliteEngine) backup(ctx context.Context, file string) (b Backup, err error) {
	if err := e.fits(ctx, filepath.Dir(file)); err != nil {
		return b, err
	}
	part, err := openPartFile(file + ".part")
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, part.drop()) }()
	began := time.Now()
	if err := e.copyPages(ctx, part.File); err != nil {
		return b, err
	}
	b.File, b.Copied = file, time.Since(began)
	if err := withoutLog(part.File); err != nil {
		return b, err
	}
	if b.AuditRows, b.AuditHead, err = examineCopy(ctx, part.Name()); err != nil {
		return b, err
	}
	if b.Bytes, b.SHA256, err = part.sum(); err != nil {
		return b, err
	}
	return b, part.keepAs(file)
}

// fits refuses before anything is written what the disk cannot hold.
func (e *sqliteEngine) fits(ctx context.Context, folder string) error {
	var size int64
	if err := e.keeper.QueryRowContext(ctx, sizeSQL).Scan(&size); err != nil {
		return err
	}
	free, _, err := freeIn(folder)
	if err == nil && uint64(size) > free {
		return fmt.Errorf("the disk of %s has %d MiB free and the copy needs %d MiB", folder, free>>20, size>>20)
	}
	return err
}

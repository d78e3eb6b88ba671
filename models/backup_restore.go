package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
)

// RestoreOptions of Restore.
type RestoreOptions struct {
	URL       string // as Options.URL
	MasterKey []byte // as Options.MasterKey; never made
	File      string // the backup, which stays
	Now       func() time.Time
}

// A Restored says what lies where after Restore.
type Restored struct {
	File      string // the database
	Before    string // the one of before, "" when there was none
	Bytes     int64
	SHA256    string // of the backup, hex
	Schema    int64
	Newest    Time // when the newest delivery in it arrived, zero when there is none
	AuditRows int64
	AuditHead string
}

// Restore puts a backup in the place of a SQLite database on which no server runs, after having checked it whole. The
// database of before stays beside it under another name. A crash at any moment leaves the old one or the new one. Every
// error is one sentence and changes nothing, but that a log of the old one may have been moved into it.
func Restore(ctx context.Context, o RestoreOptions) (r Restored, err error) {
	if isPostgres(o.URL) {
		return r, ErrOwnTools
	}
	if r.File, err = fileOf(o.URL); err != nil {
		return r, err
	}
	if err := isBackup(o.File, r.File); err != nil {
		return r, err
	}
	if err := os.MkdirAll(filepath.Dir(r.File), 0o700); err != nil {
		return r, fmt.Errorf("the folder of the database cannot be made: %w", err)
	}
	lock, err := LockFile(r.File)
	if err != nil {
		return r, err
	}
	defer lock.Close()
	part, err := openPartFile(r.File + ".restoring")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, part.drop()) }()
	if err := errors.Join(asOwnerOf(r.File, lock), asOwnerOf(r.File, part.File)); err != nil {
		return r, err
	}
	if err := r.take(ctx, o, part); err != nil {
		return r, &sentence{"nothing was restored: " + whyNotRestored(err, r.File), err}
	}
	r.Before, err = replaceDatabase(ctx, part, r.File, o.Now())
	return r, err
}

func whyNotRestored(err error, file string) string {
	if bad, ok := errors.AsType[sqlite3.Error](err); ok && bad.Code&0xff == sqlite3.ErrCorrupt {
		return "the backup is damaged"
	}
	return whyNot(err, file)
}

// isBackup refuses what is surely none: the database itself, or a file that a program has open or left behind.
func isBackup(file, database string) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", file)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file; name one that switchyard backup made", file)
	}
	if now, err := os.Stat(database); err == nil && os.SameFile(info, now) {
		return fmt.Errorf("%s is the database itself; name a file that switchyard backup made", file)
	}
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s is no backup but the database of a server, with a log beside it that belongs to it; name a file that switchyard backup made", file)
	}
	return nil
}

// take copies the backup beside the database and checks that copy.
func (r *Restored) take(ctx context.Context, o RestoreOptions, part *partFile) (err error) {
	from, err := os.Open(o.File)
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := io.Copy(part, stopping{ctx, from}); err != nil {
		return err
	}
	if r.Bytes, r.SHA256, err = part.sum(); err != nil {
		return err
	}
	if err := withoutLog(part.File); err != nil {
		return err
	}
	e := &sqliteEngine{file: part.Name()}
	p := open(e.file, dsnCheck, 1, nil)
	defer p.Close()
	if r.Schema, err = recogniseBackup(ctx, p, o.File); err != nil {
		return err
	}
	read, err := ormOver(sqlite.New(sqlite.Config{Conn: p}), false)
	if err != nil {
		return err
	}
	db := &DB{Now: o.Now, engine: e, read: read}
	return r.examine(ctx, db, o)
}

// examine holds the copy against the master key that the server would use, and checks all that a copy can lack.
func (r *Restored) examine(ctx context.Context, db *DB, o RestoreOptions) (err error) {
	key := (&sqliteEngine{file: r.File}).keyFile()
	if db.sealer, err = loadMasterKey(ctx, db.read.WithContext(ctx), o.MasterKey, key, db.now()); err != nil {
		return err
	}
	for _, c := range []check{{"Integrity", db.checkIntegrity}, {"Foreign keys", db.checkForeignKeys}, {"Audit log", db.checkAudit}, {"Sealed values", db.checkSealed}} {
		f, err := c.do(ctx)
		if err != nil {
			return err
		}
		if f.Verdict == Broken {
			return fmt.Errorf("the backup is broken: %s: %s", strings.ToLower(f.Check), f.Text)
		}
	}
	if r.AuditRows, r.AuditHead, err = db.VerifyAudit(ctx); err != nil {
		return err
	}
	return db.reader().QueryRowContext(ctx, "SELECT coalesce(max(received_at), 0) FROM deliveries").Scan(&r.Newest)
}

// A stopping reader ends with its ctx.
type stopping struct {
	ctx context.Context
	r   io.Reader
}

func (s stopping) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

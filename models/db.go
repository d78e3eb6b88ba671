// Package models is what is remembered: rows, queries, transactions, migrations.
//
// A query is a method on *DB: context first, nouns read, verbs write; one use case is one method and one
// transaction, audit row included. Nothing of GORM leaves this package.
package models

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"gorm.io/gorm"
)

// Errors that callers act on; everything else is a fault.
var (
	ErrNotFound = errors.New("models: not found")
	ErrConflict = errors.New("models: conflict")
	ErrLocked   = errors.New("models: another program writes to the database") // and did for 5 s: try again
	ErrReadOnly = errors.New("models: the database cannot be written")
)

// Invalid is bad input: Message may be shown to the person, beside the field of that name.
type Invalid struct{ Field, Message string }

// Error is the sentence, for logs.
func (e *Invalid) Error() string { return e.Field + ": " + e.Message }

// A DB is the open database. Reads go to a pool of query-only connections, writes to the one writer.
type DB struct {
	// Now is the clock; tests set it before use.
	Now func() time.Time

	file      string               // absolute
	owner     bool                 // the server, not a command beside it: it may migrate, check and truncate
	pools     []*sql.DB            // in the order to close them
	read      *gorm.DB             // query-only connections
	write     *gorm.DB             // the one writer; use it through tx
	keeper    *sql.DB              // one connection for checkpoints, beside the writer
	inbox     map[string]*sql.Stmt // inboxSQL prepared on the writer's connection
	sealer    *sealer
	passwords Passwords
	hashing   turnstile
}

// Options of Open.
type Options struct {
	URL       string // "sqlite:PATH"; the folder is made 0700, the file 0600
	MasterKey []byte // 32 bytes; nil: read or make master.key beside the database (design/decisions.md 45)
	Migrate   bool   // serve and demo migrate (after a copy NAME.before-vN.db); other commands refuse another schema version
	Now       func() time.Time
	Passwords Passwords // zero: the default parameters; tests give cheap ones
}

// Open opens the database, asserts SQLite's version, pragmas and the master key, and migrates when asked. A file that
// is not ours is refused and stays as it is.
// Every error is one plain sentence for the person who starts the program, without secrets; it is ErrLocked or
// ErrReadOnly where that is the reason.
func Open(ctx context.Context, o Options) (*DB, error) {
	file, err := fileOf(o.URL)
	if err != nil {
		return nil, err
	}
	if err := makeFile(file, o.Migrate); err != nil {
		return nil, err
	}
	db := &DB{Now: o.Now, file: file, owner: o.Migrate, passwords: o.Passwords}
	if db.Now == nil {
		db.Now = time.Now
	}
	if err := db.open(ctx, o); err != nil {
		return nil, errors.Join(kindOf(err), db.closePools())
	}
	return db, nil
}

// open fills db in order: file, writer, schema, readers, master key, prepared statements.
func (db *DB) open(ctx context.Context, o Options) error {
	if err := db.recognise(ctx); err != nil {
		return err
	}
	if err := db.openWriter(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if err := db.openReaders(ctx); err != nil {
		return err
	}
	key := filepath.Join(filepath.Dir(db.file), "master.key")
	err := db.tx(ctx, func(tx *gorm.DB) (err error) {
		db.sealer, err = loadMasterKey(ctx, tx, o.MasterKey, key, db.now())
		return err
	})
	if err != nil {
		return err
	}
	db.inbox, err = prepareInbox(ctx, db.writer())
	return err
}

// Close checkpoints and closes; a command leaves the checkpoint to the server beside which it may run, or to SQLite
// when it is the last to leave. Nothing may use the database any more.
func (db *DB) Close() error {
	var err error
	if db.owner {
		_, err = db.keeper.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return errors.Join(err, db.closePools())
}

func (db *DB) closePools() error {
	var errs []error
	for _, pool := range db.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// now is the clock as it is stored.
func (db *DB) now() Time { return at(db.Now()) }

// By is who does something, for the audit log. The zero value is the program itself (a command, the worker).
type By struct {
	UserID int64
	Name   string // shown, e.g. "Ada" or "switchyard user"
	IP     string // shortened for display, "" for commands
}

// Package models is what is remembered: rows, queries, transactions, migrations.
//
// A query is a method on *DB: context first, nouns read, verbs write; one use case is one method and one
// transaction, audit row included. Nothing of GORM leaves this package.
package models

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// Errors that callers act on; everything else is a fault.
var (
	ErrNotFound = errors.New("models: not found")
	ErrConflict = errors.New("models: conflict")
	ErrLocked   = errors.New("models: another program writes to the database") // and did for 5 s: try again
	ErrReadOnly = errors.New("models: the database cannot be written")
	// ErrUnavailable: PostgreSQL does not answer, or takes nothing at the moment.
	ErrUnavailable = errors.New("models: the database cannot be reached")
)

// Invalid is bad input: Message may be shown to the person, beside the field of that name.
type Invalid struct{ Field, Message string }

// Error is the sentence, for logs.
func (e *Invalid) Error() string { return e.Field + ": " + e.Message }

// A DB is the open database. Reads go to read, writes to write; through tx or alongside.
type DB struct {
	// Now is the clock; tests set it before use.
	Now func() time.Time

	engine    engine
	read      *gorm.DB // cannot write
	write     *gorm.DB
	sealer    *sealer
	passwords Passwords
	hashing   turnstile
	spreading chan struct{} // distributions that are counted at the moment
	late      atomic.Bool   // a delivery came of somebody who was erased: what was overwritten of it is to be purged
}

// Options of Open.
type Options struct {
	URL       string // "sqlite:PATH"; the folder is made 0700, the file 0600; or "postgres://USER:PASSWORD@HOST/DATABASE"
	MasterKey []byte // 32 bytes; nil: read or make master.key beside the database, in data/ with PostgreSQL (design/decisions.md 45)
	Migrate   bool   // serve and demo migrate (SQLite after a copy NAME.before-vN.db); other commands refuse another schema version
	Now       func() time.Time
	Passwords Passwords // zero: the default parameters; tests give cheap ones
}

// Open opens the database, asserts what durability rests on (SQLite's version and pragmas, PostgreSQL's version and
// synchronous_commit) and the master key, and migrates when asked. A database that is not ours is refused and stays as it
// is. Every error is one plain sentence for the person who starts the program, without secrets; it is ErrLocked,
// ErrReadOnly or ErrUnavailable where that is the reason.
func Open(ctx context.Context, o Options) (*DB, error) {
	e, err := newEngine(o)
	if err != nil {
		return nil, err
	}
	db := &DB{Now: o.Now, engine: e, passwords: o.Passwords, spreading: make(chan struct{}, spreadsAtOnce)}
	if db.Now == nil {
		db.Now = time.Now
	}
	if err := e.hold(ctx, func() error { return db.open(ctx, o) }); err != nil {
		return nil, errors.Join(kindOf(err), e.close())
	}
	return db, nil
}

// open fills db in order: pools with their schema, master key. A database that a copy has filled in part is refused.
func (db *DB) open(ctx context.Context, o Options) (err error) {
	if db.read, db.write, err = db.engine.open(ctx); err != nil {
		return err
	}
	if err := refuseUnfinished(ctx, db.reader()); err != nil {
		return err
	}
	load := func(tx *gorm.DB) (err error) {
		db.sealer, err = loadMasterKey(ctx, tx, o.MasterKey, db.engine.keyFile(), db.now())
		return err
	}
	if !o.Migrate { // a command that only reads waits for no writer
		var known int64
		read := db.read.WithContext(ctx)
		if err := read.Model(&masterCheckRow{}).Count(&known).Error; err != nil {
			return err
		}
		if known > 0 {
			return load(read)
		}
	}
	if err := db.tx(ctx, load); err != nil || !o.Migrate {
		return err
	}
	return db.SettleSensitive(ctx)
}

// Close closes it. Nothing may use the database any more.
func (db *DB) Close() error { return db.engine.close() }

// now is the clock as it is stored.
func (db *DB) now() Time { return at(db.Now()) }

// By is who does something, for the audit log. The zero value is the program itself (a command, the worker).
type By struct {
	UserID int64
	Name   string // shown, e.g. "Ada" or "switchyard user"
	IP     string // shortened for display, "" for commands
}

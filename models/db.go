// Package models is what is remembered: rows, queries, transactions, migrations.
//
// A query is a method on *DB: context first, nouns read, verbs write; one use case is one method and one
// transaction, audit row included. Nothing of GORM leaves this package.
package models

import (
	"context"
	"errors"
	"time"
)

// Errors that callers act on; everything else is a fault.
var (
	ErrNotFound = errors.New("models: not found")
	ErrConflict = errors.New("models: conflict")
)

// Invalid is bad input: Message may be shown to the person, beside the field of that name.
type Invalid struct{ Field, Message string }

func (e *Invalid) Error() string { return e.Field + ": " + e.Message }

// A DB is the open database. Reads go to a pool of query-only connections, writes to the one writer.
type DB struct {
	// Now is the clock; tests set it before use.
	Now func() time.Time
	// contract: unexported fields
}

// Options of Open.
type Options struct {
	URL       string // "sqlite:PATH"; the folder is made 0700, the file 0600
	MasterKey []byte // 32 bytes; nil: read or make master.key beside the database (design/decisions.md 45)
	Migrate   bool   // serve and demo migrate (after a copy NAME.before-vN.db); other commands refuse another schema version
	Now       func() time.Time
}

// Open opens the database, asserts SQLite's version, pragmas and the master key, and migrates when asked.
// Every error is one plain sentence for the person who starts the program, without secrets.
func Open(ctx context.Context, o Options) (*DB, error) { panic("contract") }

// Close checkpoints and closes.
func (db *DB) Close() error { panic("contract") }

// Version describes the engine: "SQLite 3.53.4", the schema version and the size of the file in bytes.
func (db *DB) Version(ctx context.Context) (engine string, schema int64, size int64, err error) {
	panic("contract")
}

// Probe writes one row and tells how long it took: readiness (reliability.md §5.16).
func (db *DB) Probe(ctx context.Context) (time.Duration, error) { panic("contract") }

// Free is the free space in bytes of the file system that holds the database, and its size.
func (db *DB) Free() (free, total uint64, err error) { panic("contract") }

// Revision is the number that every change to rules, flows, keys, lists, settings and users bumps in its own
// transaction (design/decisions.md 42).
func (db *DB) Revision(ctx context.Context) (int64, error) { panic("contract") }

// Checkpoint moves the write-ahead log into the file, passively.
func (db *DB) Checkpoint(ctx context.Context) error { panic("contract") }

// A Time is stored as UTC epoch microseconds; the zero time as 0.
type Time struct{ time.Time }

// By is who does something, for the audit log. The zero value is the program itself (a command, the worker).
type By struct {
	UserID int64
	Name   string // shown, e.g. "Ada" or "switchyard user"
	IP     string // shortened for display, "" for commands
}

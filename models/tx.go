package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// tx runs fn in a write transaction that is alone: what it reads cannot change before it ends. It is for what people
// change. fn's error rolls everything back; fn must be short, must not use db itself, and may be run again. GORM's own
// errors become ErrNotFound and ErrConflict, the engine's ErrLocked, ErrReadOnly and ErrUnavailable; what failed because
// ctx ended in it is ctx's error.
func (db *DB) tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return db.transact(ctx, true, fn)
}

// alongside is tx for what platforms and customers do, many times a second and in several processes: it runs beside
// others of its kind, and beside tx. What two may change at once must be one statement, or be locked (engine.lock).
func (db *DB) alongside(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return db.transact(ctx, false, fn)
}

func (db *DB) transact(ctx context.Context, alone bool, fn func(tx *gorm.DB) error) error {
	err := kindOf(db.engine.transact(ctx, db.write, alone, fn))
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// kindOf turns the errors of GORM and of the engines into those that callers act on.
func kindOf(err error) error {
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return ErrConflict
	}
	bad, ok := errors.AsType[sqlite3.Error](err)
	switch {
	case ok && (bad.Code == sqlite3.ErrBusy || bad.Code == sqlite3.ErrLocked):
		return fmt.Errorf("%w: %w", ErrLocked, err)
	case ok && bad.Code == sqlite3.ErrReadonly:
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return kindOfPostgres(err)
}

// bump tells every process that rules, flows, keys, lists, settings or users changed (design/decisions.md 42).
func (db *DB) bump(tx *gorm.DB) error {
	if err := tx.Exec("UPDATE revision SET n = n + 1 WHERE id = 1").Error; err != nil {
		return err
	}
	return db.engine.notify(tx)
}

// Revision is the number that every change to rules, flows, keys, lists, settings and users bumps in its own
// transaction (design/decisions.md 42).
func (db *DB) Revision(ctx context.Context) (int64, error) {
	var n int64
	err := db.read.WithContext(ctx).Raw("SELECT n FROM revision WHERE id = 1").Scan(&n).Error
	return n, err
}

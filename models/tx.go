package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// tx runs fn in one write transaction; its error rolls everything back. Writes wait for the one writer, so fn
// must be short and must not use db itself. GORM's own errors become ErrNotFound and ErrConflict, SQLite's ErrLocked and
// ErrReadOnly; what failed because ctx ended in it is ctx's error.
func (db *DB) tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	err := kindOf(db.write.WithContext(ctx).Transaction(fn))
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// kindOf turns GORM's and SQLite's errors into those that callers act on.
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
	return err
}

// bump tells every process that rules, flows, keys, lists, settings or users changed (design/decisions.md 42).
func bump(tx *gorm.DB) error {
	return tx.Exec("UPDATE revision SET n = n + 1 WHERE id = 1").Error
}

// Revision is the number that every change to rules, flows, keys, lists, settings and users bumps in its own
// transaction (design/decisions.md 42).
func (db *DB) Revision(ctx context.Context) (int64, error) {
	var n int64
	err := db.read.WithContext(ctx).Raw("SELECT n FROM revision WHERE id = 1").Scan(&n).Error
	return n, err
}

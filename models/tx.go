package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// tx runs fn in one write transaction; its error rolls everything back. Writes wait for the one writer, so fn
// must be short and must not use db itself. GORM's own errors become ErrNotFound and ErrConflict.
func (db *DB) tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return kindOf(db.write.WithContext(ctx).Transaction(fn))
}

// kindOf turns GORM's errors into those that callers act on.
func kindOf(err error) error {
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return ErrConflict
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

package models

import (
	"context"
	"fmt"
	"iter"
	"time"

	"gorm.io/gorm"
)

// filesAtOnce is how many rows are read or changed at a time.
const filesAtOnce = 200

// OldFiles lists some of the stored files that we heard of before then, the oldest first. Remove their objects, then call
// FilesRemoved.
func (db *DB) OldFiles(ctx context.Context, before time.Time) ([]File, error) {
	return db.someFiles(ctx, "state = 'stored' AND at < ?", at(before))
}

// someFiles reads without names: who looks after files needs none.
func (db *DB) someFiles(ctx context.Context, condition string, args ...any) ([]File, error) {
	var rows []fileRow
	err := db.read.WithContext(ctx).Where(condition, args...).Order("at, id").Limit(filesAtOnce).Find(&rows).Error
	all := make([]File, len(rows))
	for i, r := range rows {
		all[i] = r.File
	}
	return all, err
}

// FilesRemoved tells that the objects of stored files are removed. The rows stay and say why.
func (db *DB) FilesRemoved(ctx context.Context, all []File, reason string) error {
	ids := each(all, func(f File) int64 { return f.ID })
	if len(ids) == 0 {
		return nil
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`UPDATE files SET state = 'removed', reason = ?, removed_at = ?, sealed_source = '' WHERE state = 'stored' AND id IN ?`, reason, db.now(), ids).Error
	})
}

// ForgetFiles erases how files are opened that WhatsApp does not have any more. It tells how many there were.
func (db *DB) ForgetFiles(ctx context.Context) (n int64, err error) {
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(`UPDATE files SET sealed_source = '', next_at = 0, reason = CASE WHEN reason = '' THEN ? ELSE reason END,
			state = CASE WHEN state IN ('pending', 'failed') THEN 'gone' ELSE state END
			WHERE id IN (SELECT id FROM files WHERE sealed_source <> '' AND until_at < ? ORDER BY until_at LIMIT ?)`, reasonGone, db.now(), filesAtOnce)
		n = done.RowsAffected
		return done.Error
	})
	return n, err
}

const reasonGone = "WhatsApp kept it for 20 days, and it could not be fetched in that time."

// KnownObjects tells which of these names in the store belong to a file that is there or may come.
func (db *DB) KnownObjects(ctx context.Context, names []string) (map[string]bool, error) {
	known := make(map[string]bool, len(names))
	for begin := 0; begin < len(names); begin += filesAtOnce {
		var found []string
		err := db.read.WithContext(ctx).Raw(`SELECT object FROM files WHERE state IN ('stored', 'pending') AND object IN ?`,
			names[begin:min(begin+filesAtOnce, len(names))]).Scan(&found).Error
		if err != nil {
			return nil, fmt.Errorf("look for files by their objects: %w", err)
		}
		for _, o := range found {
			known[o] = true
		}
	}
	return known, nil
}

// EachStoredFile reads all that must lie in the store, without names.
func (db *DB) EachStoredFile(ctx context.Context) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		var last File
		for {
			some, err := db.someFiles(ctx, "state = 'stored' AND (at > ? OR at = ? AND id > ?)", last.At, last.At, last.ID)
			if err != nil {
				yield(File{}, err)
				return
			}
			for _, f := range some {
				if !yield(f, nil) {
					return
				}
				last = f
			}
			if len(some) < filesAtOnce {
				return
			}
		}
	}
}

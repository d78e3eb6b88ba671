package models

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"
)

// A DueFile is one that is to be fetched by who claimed it.
type DueFile struct {
	File
	Source *FileSource // nil: by MetaID
}

// ClaimFiles gives files that are due, oldest first, to one of the processes that ask; the others get them after the lease
// unless FileStored or FileFailed tells how it went.
func (db *DB) ClaimFiles(ctx context.Context, limit int, lease time.Duration) ([]DueFile, error) {
	var rows []fileRow
	err := db.alongside(ctx, func(tx *gorm.DB) error {
		rows = nil
		now := db.dueClock()
		return tx.Raw(`UPDATE files SET next_at = ?, attempts = attempts + 1 WHERE state = 'pending' AND next_at <= ? AND id IN (
				SELECT id FROM files WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ?`+db.engine.dialect().forUpdate+`)
			RETURNING *`, at(now.Add(lease)), now, now, limit).Scan(&rows).Error
	})
	if err != nil {
		return nil, err
	}
	due := make([]DueFile, len(rows))
	for i, r := range rows {
		if due[i], err = db.dueFile(r); err != nil {
			return nil, err
		}
	}
	return due, nil
}

func (db *DB) dueFile(r fileRow) (d DueFile, err error) {
	if d.File, err = db.file(r); err != nil || r.SealedSource == "" {
		return d, err
	}
	plain, err := db.sealer.open(r.place("sealed_source"), r.SealedSource)
	if err != nil {
		return d, err
	}
	d.Source = &FileSource{}
	return d, json.Unmarshal(plain, d.Source)
}

// FileStored tells that a file lies in the store, and erases how it was opened. ErrConflict: somebody else was quicker, or
// its time is over.
func (db *DB) FileStored(ctx context.Context, f File) error {
	return db.settleFile(ctx, `UPDATE files SET state = 'stored', type = ?, size = ?, sha256 = ?, picture = ?, stored_at = ?, next_at = 0, reason = '', sealed_source = ''
		WHERE id = ? AND state = 'pending'`, f.Type, f.Size, f.SHA256, f.Picture, db.now(), f.ID)
}

// FileFailed tells that a file did not come. With a next time it is tried again then, and spent tells whether this time
// counts as an attempt; without, state is FileFailed or FileGone, and what is gone needs no keys.
func (db *DB) FileFailed(ctx context.Context, f File, state FileState, reason string, wait time.Duration, spent bool) error {
	attempts := f.Attempts
	if !spent {
		attempts = max(0, attempts-1)
	}
	reason = shorten(asUTF8(reason), 300)
	switch state {
	case FilePending:
		return db.settleFile(ctx, `UPDATE files SET reason = ?, attempts = ?, next_at = ? WHERE id = ? AND state = 'pending'`,
			reason, attempts, at(db.dueClock().Add(wait)), f.ID)
	case FileGone:
		return db.settleFile(ctx, `UPDATE files SET state = ?, reason = ?, next_at = 0, sealed_source = '' WHERE id = ? AND state = 'pending'`, state, reason, f.ID)
	}
	return db.settleFile(ctx, `UPDATE files SET state = ?, reason = ?, next_at = 0 WHERE id = ? AND state = 'pending'`, state, reason, f.ID)
}

func (db *DB) settleFile(ctx context.Context, text string, args ...any) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(text, args...)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrConflict
		}
		return done.Error
	})
}

// DropFileSource lets a file be fetched by its id from now on: what the CDN holds is of no use.
func (db *DB) DropFileSource(ctx context.Context, f File, reason string) error {
	return db.settleFile(ctx, `UPDATE files SET sealed_source = '', reason = ?, attempts = 0, next_at = ? WHERE id = ? AND state = 'pending' AND meta_id <> ''`,
		shorten(asUTF8(reason), 300), db.dueClock(), f.ID)
}

// RetryFile lets a file that failed be tried again, when WhatsApp may still have it; else ErrConflict.
func (db *DB) RetryFile(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(`UPDATE files SET state = 'pending', reason = '', attempts = 0, next_at = ? WHERE id = ? AND until_at > ?
			AND (state = 'failed' OR state = 'pending') AND (sealed_source <> '' OR meta_id <> '')`, db.dueClock(), id, db.now())
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrConflict
		}
		return db.audit(tx, by, "file.retry", File{ID: id}.Said(), nil)
	})
}

// HurryFiles makes due what waits for the Graph API: there is another access token.
func (db *DB) HurryFiles(ctx context.Context) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		now := db.dueClock()
		return tx.Exec(`UPDATE files SET next_at = ? WHERE state = 'pending' AND sealed_source = '' AND next_at > ? AND reason <> ''`, now, now).Error
	})
}

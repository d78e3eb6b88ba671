package models

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// liveKeys is how many key pairs may be live at once: each is one more RSA operation for an envelope that none opens.
const liveKeys = 4

// A Key is one RSA key pair of the endpoint, without its private part.
type Key struct {
	ID          int64
	Fingerprint string // sha256 of SPKI, hex
	PublicPEM   string
	CreatedAt   Time
	RetireAt    Time // zero: live
	FirstUsedAt Time
	LastUsedAt  Time
	Uses        int64
	Author      string
}

type keyRow struct {
	Key
	SealedPrivate string
}

func (keyRow) TableName() string { return "keys" }

func (r keyRow) place() place { return place{"keys", r.Fingerprint, "sealed_private"} }

// Keys lists all, newest first.
func (db *DB) Keys(ctx context.Context) ([]Key, error) {
	var keys []Key
	err := db.read.WithContext(ctx).Order("id DESC").Find(&keys).Error
	return keys, err
}

// AddKey seals and keeps a key pair (PKCS#8 DER); at most 4 live ones, a live one twice is ErrConflict. One that ended lives
// again: whoever ended it too early has phones that still use it.
func (db *DB) AddKey(ctx context.Context, fingerprint, publicPEM string, private []byte, by By) (Key, error) {
	now := db.now()
	row := keyRow{Key: Key{Fingerprint: fingerprint, PublicPEM: publicPEM, CreatedAt: now, Author: by.Name}}
	var err error
	if row.SealedPrivate, err = db.sealer.seal(row.place(), private); err != nil {
		return Key{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := roomForKey(tx, now); err != nil {
			return err
		}
		if err := keepKey(tx, &row, now); err != nil {
			return err
		}
		return db.changed(tx, by, "key.add", row.object(), map[string]any{"fingerprint": fingerprint})
	})
	return row.Key, err
}

// roomForKey is nil while one more key may live.
func roomForKey(tx *gorm.DB, now Time) error {
	var live int64
	if err := tx.Model(&keyRow{}).Where("retire_at = 0 OR retire_at > ?", now).Count(&live).Error; err != nil {
		return err
	}
	if live >= liveKeys {
		return &Invalid{"key", fmt.Sprintf("%d keys are live already. Retire one first.", liveKeys)}
	}
	return nil
}

// keepKey writes a new key, or takes the end from one that ended.
func keepKey(tx *gorm.DB, row *keyRow, now Time) error {
	row.ID = 0 // the transaction may run again
	var ended keyRow
	err := tx.Where("fingerprint = ? AND retire_at > 0 AND retire_at <= ?", row.Fingerprint, now).Take(&ended).Error
	switch {
	case errors.Is(kindOf(err), ErrNotFound):
		return tx.Create(row).Error
	case err != nil:
		return err
	}
	row.Key = ended.Key
	row.RetireAt = Time{}
	return tx.Exec("UPDATE keys SET retire_at = 0 WHERE id = ?", row.ID).Error
}

// RetireKey ends a key at that time (now or later), and may move an end that has not come. The last live one cannot be
// retired, and one that ended cannot end again (Invalid).
func (db *DB) RetireKey(ctx context.Context, id int64, at Time, by By) error {
	now := db.now()
	if at.Before(now.Time) {
		at = now
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		k := Key{ID: id}
		if err := tx.Take(&k).Error; err != nil {
			return err
		}
		if !k.RetireAt.IsZero() && !k.RetireAt.After(now.Time) {
			return &Invalid{"key", "This key has ended already."}
		}
		var others int64
		if err := tx.Model(&Key{}).Where("retire_at = 0 AND id <> ?", id).Count(&others).Error; err != nil {
			return err
		}
		if others == 0 {
			return &Invalid{"key", "This is the last live key. Add another one first."}
		}
		if err := tx.Exec("UPDATE keys SET retire_at = ? WHERE id = ?", at, id).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "key.retire", k.object(), map[string]any{"at": at})
	})
}

// KeepKey takes the end from a key, whether it has come or not. At most 4 are live (Invalid); one without an end stays as
// it is.
func (db *DB) KeepKey(ctx context.Context, id int64, by By) error {
	now := db.now()
	return db.tx(ctx, func(tx *gorm.DB) error {
		k := Key{ID: id}
		if err := tx.Take(&k).Error; err != nil {
			return err
		}
		if k.RetireAt.IsZero() {
			return nil
		}
		if !k.RetireAt.After(now.Time) {
			if err := roomForKey(tx, now); err != nil {
				return err
			}
		}
		if err := tx.Exec("UPDATE keys SET retire_at = 0 WHERE id = ?", id).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "key.keep", k.object(), map[string]any{"end": k.RetireAt})
	})
}

// CountKeyUses adds uses of keys since the last call.
func (db *DB) CountKeyUses(ctx context.Context, uses map[int64]int64, at Time) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		var errs []error
		for _, id := range slices.Sorted(maps.Keys(uses)) { // in one order, so that no two processes wait for each other
			errs = append(errs, tx.Exec(`UPDATE keys SET uses = uses + ?, last_used_at = ?,
				first_used_at = CASE WHEN first_used_at = 0 THEN ? ELSE first_used_at END WHERE id = ?`, uses[id], at, at, id).Error)
		}
		return errors.Join(errs...)
	})
}

func (k Key) object() string { return fmt.Sprintf("key %d", k.ID) }

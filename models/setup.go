package models

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"time"

	"gorm.io/gorm"
)

// setupLife is how long the link to /setup works.
const setupLife = 24 * time.Hour

// SetupToken makes the one-time token of the /setup link when no administrator exists: single use, 24 h, kept
// as a hash. It is "" when an active administrator exists. A new token replaces the one before.
func (db *DB) SetupToken(ctx context.Context) (string, error) {
	var token string
	err := db.tx(ctx, func(tx *gorm.DB) error {
		admins, err := activeAdmins(tx, 0)
		if err != nil || admins > 0 {
			return err
		}
		token = rand.Text()
		return tx.Exec(`INSERT INTO setup_token (id, hash, ends_at) VALUES (1, ?, ?)
			ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, ends_at = excluded.ends_at`,
			hashText(token), at(db.now().Add(setupLife))).Error
	})
	return token, err
}

// CheckSetupToken tells whether the token would work.
func (db *DB) CheckSetupToken(ctx context.Context, token string) (bool, error) {
	return setupWorks(db.read.WithContext(ctx), token, db.now())
}

func setupWorks(tx *gorm.DB, token string, now Time) (bool, error) {
	admins, err := activeAdmins(tx, 0)
	if err != nil || admins > 0 {
		return false, err
	}
	var hash string
	if err := tx.Raw("SELECT hash FROM setup_token WHERE ends_at > ?", now).Scan(&hash).Error; err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare([]byte(hash), []byte(hashText(token))) == 1, nil
}

// FinishSetup makes the first administrator and kills the token, in one transaction. ErrNotFound when the token does
// not work; Invalid names the field that is wrong, and the token lives on.
func (db *DB) FinishSetup(ctx context.Context, token string, u User, password string) (User, error) {
	if works, err := db.CheckSetupToken(ctx, token); err != nil || !works {
		return User{}, orNotFound(err) // before the hash, which strangers could order otherwise
	}
	u.Role = Admin
	row, err := db.newUser(u, password)
	if err != nil {
		return User{}, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if works, err := setupWorks(tx, token, db.now()); err != nil || !works {
			return orNotFound(err)
		}
		if err := tx.Exec("DELETE FROM setup_token").Error; err != nil {
			return err
		}
		return db.putUser(tx, &row, By{Name: "setup"})
	})
	return row.User, err
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return ErrNotFound
}

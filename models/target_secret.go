package models

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"gorm.io/gorm"
)

const (
	// previousFor is how long the secret before signs beside a new one, so that who gets forwards can change it in peace.
	previousFor = 24 * time.Hour
	// secretPrefix and secretSize are as Standard Webhooks wants them: 24 to 64 random bytes.
	secretPrefix = "whsec_"
	secretSize   = 32
)

func newTargetSecret() string {
	key := make([]byte, secretSize)
	rand.Read(key)
	return secretPrefix + base64.StdEncoding.EncodeToString(key)
}

// RenewTargetSecret makes a new signing secret and returns it: it is never shown again. The one before signs beside it for
// 24 hours.
func (db *DB) RenewTargetSecret(ctx context.Context, id int64, by By) (secret string, err error) {
	secret = newTargetSecret()
	err = db.tx(ctx, func(tx *gorm.DB) error {
		t, err := targetIn(ctx, inTx(tx), id)
		if err != nil {
			return err
		}
		before, err := db.targetSecrets(ctx, inTx(tx), t)
		if err != nil {
			return err
		}
		if err := db.putTargetSecret(tx, id, secret, before[0], at(db.Now().Add(previousFor))); err != nil {
			return err
		}
		return db.changed(tx, by, "target.secret", t.object(), nil)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

func (db *DB) putTargetSecret(tx *gorm.DB, id int64, secret, previous string, until Time) error {
	sealed, err := db.sealer.sealString(inRow("targets", id, "sealed_secret"), secret)
	if err != nil {
		return err
	}
	sealedPrevious, err := db.sealer.sealString(inRow("targets", id, "sealed_secret_previous"), previous)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE targets SET sealed_secret = ?, sealed_secret_previous = ?, secret_at = ?, previous_until = ?, updated_at = ? WHERE id = ?`,
		sealed, sealedPrevious, db.now(), until, db.now(), id).Error
}

// TargetSecrets are those that sign at the moment, the newest first. They go to nobody but the signing.
func (db *DB) TargetSecrets(ctx context.Context, id int64) ([]string, error) {
	t, err := db.Target(ctx, id)
	if err != nil {
		return nil, err
	}
	return db.targetSecrets(ctx, db.reader(), t)
}

func (db *DB) targetSecrets(ctx context.Context, q querier, t Target) ([]string, error) {
	var sealed, sealedPrevious string
	err := q.QueryRowContext(ctx, `SELECT sealed_secret, sealed_secret_previous FROM targets WHERE id = ?`, t.ID).Scan(&sealed, &sealedPrevious)
	if err != nil {
		return nil, err
	}
	secret, err := db.sealer.openString(inRow("targets", t.ID, "sealed_secret"), sealed)
	if err != nil || sealedPrevious == "" || !t.PreviousUntil.After(db.Now()) {
		return []string{secret}, err
	}
	previous, err := db.sealer.openString(inRow("targets", t.ID, "sealed_secret_previous"), sealedPrevious)
	return []string{secret, previous}, err
}

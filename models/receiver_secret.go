package models

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// putReceiverSecret makes a signing secret and seals it. The one before, "" for none, signs beside it for 24 hours.
func (db *DB) putReceiverSecret(tx *gorm.DB, id int64, before string) (string, error) {
	secret := newTargetSecret()
	sealed, err := db.sealer.sealString(inRow("receivers", id, "sealed_secret"), secret)
	if err != nil {
		return "", err
	}
	previous, until := "", Time{}
	if before != "" {
		if previous, err = db.sealer.sealString(inRow("receivers", id, "sealed_secret_previous"), before); err != nil {
			return "", err
		}
		until = at(db.Now().Add(previousFor))
	}
	return secret, tx.Exec(`UPDATE receivers SET sealed_secret = ?, secret_at = ?, sealed_secret_previous = ?, previous_until = ? WHERE id = ?`,
		sealed, db.now(), previous, until, id).Error
}

// RenewReceiverSecret makes a new signing secret of a web hook and returns it: it is never shown again. The one before
// signs beside it for 24 hours. ErrNotFound: there is no such web hook.
func (db *DB) RenewReceiverSecret(ctx context.Context, id int64, by By) (secret string, err error) {
	err = db.tx(ctx, func(tx *gorm.DB) error {
		r, err := receiverIn(ctx, inTx(tx), id, "")
		if err != nil {
			return err
		}
		if r.Channel != WebHook {
			return ErrNotFound
		}
		_, before, err := db.addressIn(ctx, inTx(tx), id)
		if err != nil {
			return err
		}
		if secret, err = db.putReceiverSecret(tx, id, append(before, "")[0]); err != nil {
			return err
		}
		return db.changed(tx, by, "receiver.secret", r.object(), nil)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// ReceiverAddress is where a receiver is, and what signs for it at the moment, the newest first; nothing for all but web
// hooks. Of a chat both go to nobody but the sending.
func (db *DB) ReceiverAddress(ctx context.Context, id int64) (address string, secrets []string, err error) {
	return db.addressIn(ctx, db.reader(), id)
}

func (db *DB) addressIn(ctx context.Context, q querier, id int64) (address string, secrets []string, err error) {
	var secret, previous string
	var until Time
	err = q.QueryRowContext(ctx, `SELECT sealed_address, sealed_secret, sealed_secret_previous, previous_until FROM receivers WHERE id = ? AND deleted_at = 0`, id).
		Scan(&address, &secret, &previous, &until)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return "", nil, err
	}
	if address, err = db.sealer.openString(inRow("receivers", id, "sealed_address"), address); err != nil || secret == "" {
		return address, nil, err
	}
	if secret, err = db.sealer.openString(inRow("receivers", id, "sealed_secret"), secret); err != nil {
		return "", nil, err
	}
	secrets = []string{secret}
	if previous != "" && until.After(db.Now()) {
		previous, err = db.sealer.openString(inRow("receivers", id, "sealed_secret_previous"), previous)
		secrets = append(secrets, previous)
	}
	return address, secrets, err
}

package models

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// putReceiverSecret makes a signing secret and seals it.
func (db *DB) putReceiverSecret(tx *gorm.DB, id int64) (string, error) {
	secret := newTargetSecret()
	sealed, err := db.sealer.sealString(inRow("receivers", id, "sealed_secret"), secret)
	if err != nil {
		return "", err
	}
	return secret, tx.Exec(`UPDATE receivers SET sealed_secret = ?, secret_at = ? WHERE id = ?`, sealed, db.now(), id).Error
}

// RenewReceiverSecret makes a new signing secret of a web hook and returns it: it is never shown again. The one before
// ends with it. ErrNotFound: there is no such web hook.
func (db *DB) RenewReceiverSecret(ctx context.Context, id int64, by By) (secret string, err error) {
	err = db.tx(ctx, func(tx *gorm.DB) error {
		r, err := receiverIn(ctx, inTx(tx), id, "")
		if err != nil {
			return err
		}
		if r.Channel != WebHook {
			return ErrNotFound
		}
		if secret, err = db.putReceiverSecret(tx, id); err != nil {
			return err
		}
		return db.changed(tx, by, "receiver.secret", r.object(), nil)
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// ReceiverAddress is where a receiver is, and what signs for it ("" for none but web hooks). Of a chat both go to nobody
// but the sending.
func (db *DB) ReceiverAddress(ctx context.Context, id int64) (address, secret string, err error) {
	return db.addressIn(ctx, db.reader(), id)
}

func (db *DB) addressIn(ctx context.Context, q querier, id int64) (address, secret string, err error) {
	err = q.QueryRowContext(ctx, `SELECT sealed_address, sealed_secret FROM receivers WHERE id = ? AND deleted_at = 0`, id).Scan(&address, &secret)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return "", "", err
	}
	if address, err = db.sealer.openString(inRow("receivers", id, "sealed_address"), address); err != nil {
		return "", "", err
	}
	if secret != "" {
		secret, err = db.sealer.openString(inRow("receivers", id, "sealed_secret"), secret)
	}
	return address, secret, err
}

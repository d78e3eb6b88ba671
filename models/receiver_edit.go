package models

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// CreateReceiver adds a receiver: what people set of it, with its address and the place that it shows. A web hook gets a
// secret that signs what is sent to it, "whsec_" and Base64, which is sealed and never shown again; others get none.
// Invalid names the field that is wrong or taken, as receiverColumns does, or address.
func (db *DB) CreateReceiver(ctx context.Context, r Receiver, address string, by By) (made Receiver, secret string, err error) {
	r = r.tidy()
	if err := r.check(); err != nil {
		return Receiver{}, "", err
	}
	if address == "" {
		return Receiver{}, "", &Invalid{"address", "Say where it is."}
	}
	r.UID = strings.ToLower(rand.Text())
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := r.checkIn(ctx, tx); err != nil {
			return err
		}
		now := db.now()
		err := inTx(tx).QueryRowContext(ctx, `INSERT INTO receivers (uid, name, channel, place, since, moments, severity, forgotten, timezone, hourly, daily, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, '[]', 1, 0, '', 1, 1, ?, ?) RETURNING id`, r.UID, r.Name, r.Channel, r.Place, now, now, now).Scan(&r.ID)
		if err != nil {
			return err
		}
		r.Since = now
		if err := db.writeReceiver(tx, r, address); err != nil {
			return err
		}
		if secret = ""; r.Channel == WebHook {
			if secret, err = db.putReceiverSecret(tx, r.ID, ""); err != nil {
				return err
			}
		}
		if err := db.changed(tx, by, "receiver.create", r.object(), r.forAudit()); err != nil {
			return err
		}
		made, err = receiverIn(ctx, inTx(tx), r.ID, "")
		return err
	})
	if err != nil {
		return Receiver{}, "", err
	}
	return made, secret, nil
}

// SaveReceiver changes what CreateReceiver sets, but not the channel; address "" leaves it. What waits for one that is
// switched off is given up: old news help nobody. ErrNotFound: it was deleted.
func (db *DB) SaveReceiver(ctx context.Context, r Receiver, address string, by By) (saved Receiver, err error) {
	r = r.tidy()
	err = db.tx(ctx, func(tx *gorm.DB) error {
		was, err := receiverIn(ctx, inTx(tx), r.ID, db.engine.dialect().forUpdate)
		if err != nil {
			return err
		}
		r := r
		r.Channel, r.Since, r.OffReason = was.Channel, was.Since, was.OffReason
		if address == "" {
			r.Place = was.Place
		}
		if err := r.check(); err != nil {
			return err
		}
		if err := r.checkIn(ctx, tx); err != nil {
			return err
		}
		switch {
		case was.Off && !r.Off:
			r.Since, r.OffReason = db.now(), ""
			if err := db.giveUp(tx, r.ID); err != nil { // of what was made while it was switched off
				return err
			}
		case !was.Off && r.Off:
			r.OffReason = ""
			if err := db.giveUp(tx, r.ID); err != nil {
				return err
			}
		}
		if err := db.writeReceiver(tx, r, address); err != nil {
			return err
		}
		if err := db.changed(tx, by, "receiver.update", r.object(), r.forAudit()); err != nil {
			return err
		}
		saved, err = receiverIn(ctx, inTx(tx), r.ID, "")
		return err
	})
	return saved, err
}

// writeReceiver writes what people set. A new address is tried at once: what ailed the old one may be over.
func (db *DB) writeReceiver(tx *gorm.DB, r Receiver, address string) error {
	err := tx.Exec(`UPDATE receivers SET name = ?, place = ?, off = ?, off_reason = ?, since = ?, moments = ?, kinds = ?, flows = ?, severity = ?, forgotten = ?,
		days = ?, from_minute = ?, to_minute = ?, timezone = ?, urgent = ?, hourly = ?, daily = ?, updated_at = ? WHERE id = ?`,
		r.Name, r.Place, r.Off, r.OffReason, r.Since, jsonColumn[[]Moment]{r.Moments}, jsonColumn[[]alert.Kind]{r.Kinds}, jsonColumn[[]int64]{r.Flows}, r.Severity, r.Forgotten,
		jsonColumn[[]int]{r.Hours.Days}, r.Hours.From, r.Hours.To, r.Hours.Zone, r.Urgent, r.Hourly, r.Daily, db.now(), r.ID).Error
	if err != nil || address == "" {
		return err
	}
	sealed, err := db.sealer.sealString(inRow("receivers", r.ID, "sealed_address"), address)
	if err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE receivers SET sealed_address = ?, failures = 0 WHERE id = ?`, sealed, r.ID).Error; err != nil {
		return err
	}
	return db.hasten(tx, `receiver_id = ?`, r.ID)
}

// DeleteReceiver removes a receiver. What waited for it is not sent; what is known of its posts goes within hours.
func (db *DB) DeleteReceiver(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		r, err := receiverIn(ctx, inTx(tx), id, db.engine.dialect().forUpdate)
		if err != nil {
			return err
		}
		if err := db.giveUp(tx, id); err != nil {
			return err
		}
		err = tx.Exec(`UPDATE receivers SET deleted_at = ?, off = TRUE, place = '', sealed_address = '', sealed_secret = '', sealed_secret_previous = '' WHERE id = ?`, db.now(), id).Error
		if err != nil {
			return err
		}
		return db.changed(tx, by, "receiver.delete", r.object(), map[string]any{"name": r.Name})
	})
}

// giveUp ends what waits for a receiver.
func (db *DB) giveUp(tx *gorm.DB, id int64) error {
	return firstError(tx,
		stmtArgs{`DELETE FROM notifications WHERE receiver_id = ? AND post_id = 0`, []any{id}},
		stmtArgs{`UPDATE posts SET state = 'dead', next_at = 0, ended_at = ?, last_error = ? WHERE receiver_id = ? AND state = 'waiting'`,
			[]any{db.now(), "The receiver was switched off before it was sent.", id}})
}

// forAudit is what is kept of a receiver; no address.
func (r Receiver) forAudit() map[string]any {
	return map[string]any{"name": r.Name, "channel": r.Channel, "off": r.Off, "moments": r.Moments, "kinds": r.Kinds, "flows": r.Flows,
		"severity": r.Severity, "hourly": r.Hourly, "daily": r.Daily}
}

// tidy puts lists in order and fills in what was left out.
func (r Receiver) tidy() Receiver {
	r.Name = strings.TrimSpace(r.Name)
	r.Moments, r.Kinds, r.Flows, r.Hours.Days = sorted(r.Moments), sorted(r.Kinds), sorted(r.Flows), sorted(r.Hours.Days)
	if len(r.Hours.Days) == 7 {
		r.Hours.Days = []int{}
	}
	if r.Hours.Zone == "" {
		r.Hours.Zone = "UTC"
	}
	return r
}

// sorted is a list with each value once; never nil, as JSON stores it.
func sorted[T interface{ ~string | ~int | ~int64 }](all []T) []T {
	all = append([]T{}, all...)
	slices.Sort(all)
	return slices.Compact(all)
}

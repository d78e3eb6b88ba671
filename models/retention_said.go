package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

const (
	// saidAtOnce is how many messages, account events or customers go in one transaction, the former with their statuses.
	saidAtOnce = 250
	// statusesOfEach bounds the statuses of a message that go with it at once: a platform tells five.
	statusesOfEach = 8
)

const (
	sqlOldMessages = `SELECT id, wamid FROM messages WHERE received_at < ? ORDER BY received_at, id LIMIT ?`
	sqlOldOthers   = `DELETE FROM account_events WHERE id IN (SELECT id FROM account_events WHERE arrived_at < ? ORDER BY arrived_at, id LIMIT ?)`
	// Whoever has said nothing for as long, and of whom nothing is kept.
	sqlForgotten = `SELECT id, phone_at < ? AND name_at < ? AND username_at < ? AND saved_at < ? AND user_at < ? AND ` + nothingLeft + `
		FROM contacts c WHERE id > ? ORDER BY id LIMIT ?`
	nothingLeft = `NOT EXISTS (SELECT 1 FROM messages m WHERE m.contact_id = c.id) AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.contact_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM mappings p WHERE p.kind = 'contact' AND p.removed_at = 0 AND p.value = CAST(c.id AS TEXT))`
)

// dropSaid drops what deliveries told before a time, in transactions of a few hundred rows.
func (db *DB) dropSaid(ctx context.Context, k Keep, before time.Time, d *Dropped) error {
	if before.IsZero() {
		return nil
	}
	for _, drop := range []func() (int64, error){
		func() (int64, error) { return db.dropMessages(ctx, before, d) },
		func() (int64, error) { return db.dropOthers(ctx, before, d) },
	} {
		for more := true; more; {
			begin := time.Now()
			n, err := drop()
			if err != nil {
				return err
			}
			k.stepped(n)
			if more = n > 0; more {
				if err := rest(ctx, begin); err != nil {
					return err
				}
			}
		}
	}
	if d.Messages == 0 {
		return nil
	}
	return db.dropForgotten(ctx, k, before, d)
}

// dropMessages drops the oldest messages with their statuses. A message with more statuses than one transaction should
// delete goes when the rest of them has gone.
func (db *DB) dropMessages(ctx context.Context, before time.Time, d *Dropped) (rows int64, err error) {
	var messages, statuses int64
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		var old []struct {
			ID    int64
			Wamid string
		}
		if err := tx.Raw(sqlOldMessages, at(before), saidAtOnce).Scan(&old).Error; err != nil || len(old) == 0 {
			messages, statuses = 0, 0
			return err
		}
		var ids []int64
		var wamids []string
		for _, m := range old {
			ids, wamids = append(ids, m.ID), append(wamids, m.Wamid)
		}
		gone := tx.Exec(`DELETE FROM statuses WHERE id IN (SELECT id FROM statuses WHERE wamid IN ? LIMIT ?)`, wamids, saidAtOnce*statusesOfEach)
		if gone.Error != nil {
			return gone.Error
		}
		statuses = gone.RowsAffected
		gone = tx.Exec(`DELETE FROM messages WHERE id IN ? AND NOT EXISTS (SELECT 1 FROM statuses s WHERE s.wamid = messages.wamid)`, ids)
		messages = gone.RowsAffected
		return gone.Error
	})
	if err != nil {
		return 0, err
	}
	d.Messages, d.Statuses = d.Messages+messages, d.Statuses+statuses
	return messages + statuses, nil
}

func (db *DB) dropOthers(ctx context.Context, before time.Time, d *Dropped) (rows int64, err error) {
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		gone := tx.Exec(sqlOldOthers, at(before), saidAtOnce)
		rows = gone.RowsAffected
		return gone.Error
	})
	if err != nil {
		return 0, err
	}
	d.Others += rows
	return rows, nil
}

// dropForgotten looks at all customers, some at a time, and drops those of whom nothing is left.
func (db *DB) dropForgotten(ctx context.Context, k Keep, before time.Time, d *Dropped) error {
	then := at(before)
	for last, more := int64(0), true; more; {
		begin := time.Now()
		rows, err := db.reader().QueryContext(ctx, sqlForgotten, then, then, then, then, then, last, 2*saidAtOnce)
		all, err := collect(rows, err, func(r *oldRow, s scanner) error { return s.Scan(&r.id, &r.goes) })
		if err != nil {
			return err
		}
		if more = len(all) == 2*saidAtOnce; len(all) > 0 {
			last = all[len(all)-1].id
		}
		var ids []int64
		for _, r := range all {
			if r.goes {
				ids = append(ids, r.id)
			}
		}
		n, err := db.forget(ctx, ids)
		if err != nil {
			return err
		}
		d.Contacts += n
		k.stepped(n)
		if err := rest(ctx, begin); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes customers of whom there is nothing. Nobody applies a delivery meanwhile: it might be theirs.
func (db *DB) forget(ctx context.Context, ids []int64) (n int64, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		if err := db.engine.exclude(tx, lockInbox); err != nil {
			return err
		}
		gone := tx.Exec(`DELETE FROM contacts AS c WHERE id IN ? AND `+nothingLeft, ids)
		if gone.Error != nil {
			return gone.Error
		}
		n = gone.RowsAffected
		return tx.Exec(`DELETE FROM former_ids WHERE contact_id IN ? AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.id = contact_id)`, ids).Error
	})
	return n, err
}

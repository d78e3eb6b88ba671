package models

import (
	"context"
	"crypto/sha256"
	"time"
)

// keysFor is how long the same bytes are known: twice as long as Meta retries (reliability.md §3 row 2).
const keysFor = 14 * 24 * time.Hour

// StoreDeliveries makes new deliveries durable in one transaction: the ingest queue's store. Of bodies that
// came before (same source, same bytes, within 14 days) only Seen grows. Source, ReceivedAt, Body, Signature,
// ContentType and Test are read.
func (db *DB) StoreDeliveries(ctx context.Context, ds []Delivery) error {
	db.intake.came()
	return db.engine.store(ctx, db, ds)
}

func (e *sqliteEngine) store(ctx context.Context, db *DB, ds []Delivery) error {
	return db.inboxTx(ctx, func(x *inboxTx) error {
		for i := range ds {
			if err := x.keep(&ds[i]); err != nil {
				return err
			}
		}
		// Twice as many keys go as come, so that the table stays small without a job of its own.
		_, err := x.exec(sqlDropKeys, at(x.now.Add(-keysFor)), 2*len(ds))
		return err
	})
}

func (x *inboxTx) keep(d *Delivery) error {
	received := d.received(x.now)
	sum := sha256.Sum256(d.Body)
	var id int64
	seen, err := x.find(sqlKeyOf, []any{sum[:], d.Source, at(received.Add(-keysFor))}, &id)
	if err != nil {
		return err
	}
	if seen {
		_, err = x.exec(sqlSeen, id)
		return err
	}
	id, err = x.insert(sqlKeep, d.Source, received, d.due(x.now), sum[:], d.Signature, d.ContentType, d.Test, orEmpty(d.Body))
	if err != nil {
		return err
	}
	_, err = x.exec(sqlKeepKey, sum[:], d.Source, id, received)
	return err
}

// received is when it came: now, when nobody says.
func (d *Delivery) received(now Time) Time {
	if d.ReceivedAt.IsZero() {
		return now
	}
	return at(d.ReceivedAt.Time)
}

// due is when it may be decoded: at once, after those that came before.
func (d *Delivery) due(now Time) Time {
	if received := d.received(now); received.Before(now.Time) {
		return received
	}
	return now
}

// orEmpty is a body that is not NULL.
func orEmpty(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

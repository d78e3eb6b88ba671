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
	return db.inboxTx(ctx, func(x *inboxTx) error {
		for i := range ds {
			if err := x.keep(&ds[i]); err != nil {
				return err
			}
		}
		// Twice as many keys go as come, so that the table stays small without a job of its own.
		_, _, err := x.exec(sqlDropKeys, at(x.now.Add(-keysFor)), 2*len(ds))
		return err
	})
}

func (x *inboxTx) keep(d *Delivery) error {
	received := at(d.ReceivedAt.Time)
	if received.IsZero() {
		received = x.now
	}
	sum := sha256.Sum256(d.Body)
	var id int64
	seen, err := x.find(sqlKeyOf, []any{sum[:], d.Source, at(received.Add(-keysFor))}, &id)
	if err != nil {
		return err
	}
	if seen {
		_, _, err = x.exec(sqlSeen, id)
		return err
	}
	body := d.Body
	if body == nil {
		body = []byte{}
	}
	_, id, err = x.exec(sqlKeep, d.Source, received, sum[:], d.Signature, d.ContentType, d.Test, body)
	if err != nil {
		return err
	}
	_, _, err = x.exec(sqlKeepKey, sum[:], d.Source, id, received)
	return err
}

package models

import (
	"context"
	"database/sql"
	"errors"
)

// DeliveryState is where a delivery stands (design/decisions.md 30).
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Done      DeliveryState = "done"
	Unmatched DeliveryState = "unmatched" // at least one part needs a person
	Failed    DeliveryState = "failed"    // our fault: gave up after 8 tries
)

// A Delivery is one HTTP body that a platform sent us, raw.
type Delivery struct {
	ID          int64
	Source      string // meta, 360dialog
	ReceivedAt  Time
	Body        []byte
	SHA256      []byte
	Signature   string // header as it came
	ContentType string
	State       DeliveryState
	Attempts    int
	NextAt      Time // pending: not before
	Reason      string
	Kinds       string // what it held, e.g. "response text flows"
	Seen        int    // how often the same bytes came
	Test        bool
	Replayed    int   // how often it was put back to be decoded again
	ReplayID    int64 // the last time; 0: never
}

// pendingBytes bounds what PendingDeliveries holds in memory; a body may have 4 MiB.
const pendingBytes = 16 << 20

const deliveryColumns = `id, source, received_at, sha256, signature, content_type, state, attempts, next_at, reason, kinds, seen, test, replayed, replay_id, body`

func (d *Delivery) scan(rows scanner) error {
	return rows.Scan(&d.ID, &d.Source, &d.ReceivedAt, &d.SHA256, &d.Signature, &d.ContentType, &d.State, &d.Attempts,
		&d.NextAt, &d.Reason, &d.Kinds, &d.Seen, &d.Test, &d.Replayed, &d.ReplayID, &d.Body)
}

// PendingDeliveries are the oldest that are due, with their bodies: at most limit, and not much more than 16 MiB.
func (db *DB) PendingDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ?`, db.dueClock(), limit)
	if err != nil {
		return nil, err
	}
	var ds []Delivery
	for size := 0; size < pendingBytes && rows.Next(); {
		var d Delivery
		if err := d.scan(rows); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		ds = append(ds, d)
		size += len(d.Body)
	}
	return ds, errors.Join(rows.Err(), rows.Close())
}

// ClaimDeliveries are PendingDeliveries that no other process works on: on PostgreSQL none of them is due to another
// process for 30 s, so that what a killed process had claimed is taken over. On SQLite there is one process.
func (db *DB) ClaimDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	return db.engine.claim(ctx, db, limit)
}

func (e *sqliteEngine) claim(ctx context.Context, db *DB, limit int) ([]Delivery, error) {
	return db.PendingDeliveries(ctx, limit)
}

// Delivery returns one.
func (db *DB) Delivery(ctx context.Context, id int64) (Delivery, error) {
	var d Delivery
	err := d.scan(db.reader().QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Delivery{}, ErrNotFound
	}
	return d, err
}

// DeliveryGone tells of an id whose delivery is not there whether there was one: it is kept no longer.
func (db *DB) DeliveryGone(ctx context.Context, id int64) (gone bool, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE id > ?) AND NOT EXISTS (SELECT 1 FROM deliveries WHERE id = ?)`, id, id).Scan(&gone)
	return gone && id > 0, err
}

// UnmatchedDeliveries are bodies that need a person themselves (not JSON, an unknown shape, our own failure), newest
// first; before is the id to page from (0 = newest). A delivery of which only a response needs a person is found
// with that response.
func (db *DB) UnmatchedDeliveries(ctx context.Context, before int64, limit int) ([]Delivery, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE state IN ('unmatched', 'failed') AND (whole OR state = 'failed') AND id < ? ORDER BY id DESC LIMIT ?`, beforeID(before), limit)
	return collect(rows, err, (*Delivery).scan)
}

// fewPending is how many that wait are looked at from either end for the oldest.
const fewPending = 1000

// DeliveryCounts counts those that wait or need a person, by state, and tells when the oldest that waits came: zero when
// none does. Those that are done are not counted: that would take longer with each delivery. While many thousands wait,
// the oldest is looked for among those that are due first and those that were tried last.
func (db *DB) DeliveryCounts(ctx context.Context) (map[DeliveryState]int64, Time, error) {
	var pending, unmatched, failed int64
	var oldest Time
	err := db.reader().QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM deliveries WHERE state = 'pending'),
		(SELECT min(received_at) FROM (
			SELECT received_at FROM (SELECT received_at FROM deliveries WHERE state = 'pending' ORDER BY next_at, id LIMIT ?) AS due
			UNION ALL
			SELECT received_at FROM (SELECT received_at FROM deliveries WHERE state = 'pending' ORDER BY next_at DESC, id DESC LIMIT ?) AS tried) AS ends),
		(SELECT count(*) FROM deliveries WHERE state IN ('unmatched', 'failed') AND state = 'unmatched'),
		(SELECT count(*) FROM deliveries WHERE state IN ('unmatched', 'failed') AND state = 'failed')`,
		fewPending, fewPending).Scan(&pending, &oldest, &unmatched, &failed)
	return map[DeliveryState]int64{Pending: pending, Unmatched: unmatched, Failed: failed}, oldest, err
}

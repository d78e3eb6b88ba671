package models

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"
)

// eachBytes bounds the bodies that EachDelivery holds at once.
const eachBytes = 16 << 20

// EachDelivery yields all that the filter matches and that is there at the start, with their bodies, oldest first, read in
// batches by key, each a short read. Before, After and Limit are not used.
func (db *DB) EachDelivery(ctx context.Context, f DeliveryFilter) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		last, err := db.newestPlace(ctx)
		if err != nil {
			yield(Delivery{}, err)
			return
		}
		s, err := db.deliverySearch(ctx, f)
		if err == nil {
			err = s.each(ctx, last, yield)
		}
		if err != nil {
			yield(Delivery{}, err)
		}
	}
}

// newestPlace is that of the delivery that came last; zero when there is none.
func (db *DB) newestPlace(ctx context.Context) (p listKey, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT received_at, id FROM deliveries ORDER BY received_at DESC, id DESC LIMIT 1`).Scan(&p.received, &p.id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return p, err
}

// each yields up to a place, until yield returns false.
func (s *deliverySearch) each(ctx context.Context, last listKey, yield func(Delivery, error) bool) error {
	for from := (listKey{}); ; {
		s.until = time.Now().Add(lookFor)
		found, end, err := s.look(ctx, from, true, replayBatch)
		if err != nil {
			return err
		}
		more := end.id != 0 || len(found) == replayBatch
		for len(found) > 0 {
			some, taken, err := s.db.withBodies(ctx, found)
			if err != nil {
				return err
			}
			for _, d := range some {
				if placeOf(d).after(last) || !yield(d, nil) {
					return nil
				}
			}
			from, found = placeOf(found[taken-1]), found[taken:]
		}
		if end.id != 0 {
			from = end
		}
		if !more || from.after(last) {
			return nil
		}
	}
}

// withBodies reads the first of those listed whole, as many as fit into memory; those that went meanwhile are left out.
func (db *DB) withBodies(ctx context.Context, listed []Delivery) (whole []Delivery, taken int, err error) {
	for size := 0; taken < len(listed) && size < eachBytes; taken++ {
		d, err := db.Delivery(ctx, listed[taken].ID)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		size += len(d.Body)
		whole = append(whole, d)
	}
	return whole, taken, nil
}

package models

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"gorm.io/gorm"
)

const (
	loadAtOnce = 2000   // responses in a transaction
	loadMany   = 20_000 // from so many on it pays to make the indexes anew
)

// LoadResponses writes about n responses of the past for samples and measurements, as fast as the engine can: the rows that
// deliveries would have made, with no delivery behind them. Contacts that have no id yet are none. Nothing may be written
// beside it. Where it is broken off, what came so far stays, and FinishLoad makes good what it had set aside.
func (db *DB) LoadResponses(ctx context.Context, n int, rows iter.Seq[Response]) (err error) {
	if n >= loadMany {
		if err := db.setIndexesAside(ctx); err != nil {
			return fmt.Errorf("set indexes aside: %w", err)
		}
		defer func() {
			_, again := db.FinishLoad(ctx)
			err = errors.Join(err, again)
		}()
	}
	var id int64
	if err := db.reader().QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&id); err != nil {
		return err
	}
	if err := db.loadAll(ctx, id, rows); err != nil || !db.Shared() {
		return err
	}
	_, err = db.writer().ExecContext(ctx, `SELECT setval(pg_get_serial_sequence('responses', 'id'), greatest(1, (SELECT max(id) FROM responses)))`)
	return err
}

// loadAll writes what is made beside it, on as many connections as the engine can use.
func (db *DB) loadAll(ctx context.Context, id int64, rows iter.Seq[Response]) error {
	hidden, err := readSensitive(ctx, db.reader())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	all := loadsOf(ctx, id, rows, hidden)
	writers := 1
	if db.Shared() {
		writers = 2
	}
	var done sync.WaitGroup
	for range writers {
		done.Go(func() {
			for l := range all {
				if err := errors.Join(l.err, db.load(ctx, l)); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	done.Wait()
	return context.Cause(ctx)
}

// load writes responses with their answers, all or none.
func (db *DB) load(ctx context.Context, l *loading) error {
	return db.engine.withMonths(ctx, l.times, func() error { return kindOf(db.engine.load(ctx, db.writer(), l)) })
}

// LoadContacts writes contacts for LoadResponses and gives them their ids.
func (db *DB) LoadContacts(ctx context.Context, all []Contact) error {
	return db.alongside(ctx, func(tx *gorm.DB) error {
		for i := range all {
			c := &all[i]
			err := inTx(tx).QueryRowContext(ctx, `INSERT INTO contacts (phone, user_id, name, username, search) VALUES (?, ?, ?, ?, ?) RETURNING id`,
				c.Phone, c.UserID, c.Name, c.Username, nameSearch(*c)).Scan(&c.ID)
			if err != nil {
				return kindOf(err)
			}
		}
		return nil
	})
}

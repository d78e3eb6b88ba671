package models

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

const (
	// deadlocks is how often a transaction is run again after PostgreSQL ended it for another one's sake.
	deadlocks = 3
	// longestWrite bounds a transaction that nobody else bounds: a server that hangs must not hold the queues for ever.
	longestWrite = 30 * time.Second
	// listenAgain is the pause before the connection that listens is made anew.
	listenAgain = time.Second
)

// Names of what processes lock beside what deliveries are about.
const (
	lockOpen      = "open"      // one process opens, migrates and makes a master key
	lockServe     = "serve"     // shared: a server runs; alone: a copy fills the database
	lockChanges   = "changes"   // what people change, one after another
	lockMonths    = "months"    // partitions are made
	lockRetention = "retention" // old months are dropped
)

// channel is what processes listen on for changes.
const channel = "switchyard"

// lockKey is the number by which PostgreSQL knows a lock. Two names with one number only wait for each other in vain.
func lockKey(name string) int64 {
	h := fnv.New64a()
	h.Write([]byte("switchyard " + name))
	return int64(h.Sum64())
}

func (e *postgresEngine) within(ctx context.Context) context.Context { return ctx }

// transact runs fn again when PostgreSQL ended it because of a deadlock.
func (e *postgresEngine) transact(ctx context.Context, write *gorm.DB, alone bool, fn func(tx *gorm.DB) error) error {
	bounded, cancel := context.WithTimeout(ctx, e.longest)
	defer cancel()
	var err error
	for range 1 + deadlocks {
		err = write.WithContext(bounded).Transaction(func(tx *gorm.DB) error {
			if alone {
				if err := e.lock(tx, lockChanges); err != nil {
					return err
				}
			}
			return fn(tx)
		})
		if !again(err) {
			break
		}
	}
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %w: %w", ErrUnavailable, bounded.Err(), err)
	}
	return err
}

// lock takes them in one order, so that two transactions never wait for each other.
func (e *postgresEngine) lock(tx *gorm.DB, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	keys := each(names, lockKey)
	slices.Sort(keys)
	_, err := tx.Statement.ConnPool.ExecContext(tx.Statement.Context, `SELECT pg_advisory_xact_lock(k) FROM unnest(?::bigint[]) AS k`, slices.Compact(keys))
	return err
}

func (e *postgresEngine) notify(tx *gorm.DB) error {
	return tx.Exec(`SELECT pg_notify(?, '')`, channel).Error
}

// join makes the connection by which other processes know that a server runs, and on which it listens.
func (e *postgresEngine) join(ctx context.Context) (*pgx.Conn, error) {
	c, err := pgx.ConnectConfig(ctx, e.config)
	if err != nil {
		return nil, err
	}
	var joined bool
	err = c.QueryRow(ctx, `SELECT pg_try_advisory_lock_shared($1)`, lockKey(lockServe)).Scan(&joined)
	if err == nil && !joined {
		err = &sentence{"a copy into this database is under way; start again when switchyard copy has ended", ErrLocked}
	}
	if err == nil {
		_, err = c.Exec(ctx, `LISTEN `+channel)
	}
	if err != nil {
		c.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return c, nil
}

// listen keeps the connection of join, or makes it anew; whoever asks in between misses nothing but speed.
func (e *postgresEngine) listen(ctx context.Context, heard func()) error {
	for {
		if c := e.takeListener(); c != nil {
			for _, err := c.WaitForNotification(ctx); err == nil; _, err = c.WaitForNotification(ctx) {
				heard()
			}
			c.Close(context.WithoutCancel(ctx))
		}
		if ctx.Err() != nil {
			return nil
		}
		if c, err := e.join(ctx); err == nil {
			e.listener.Store(c)
			heard()
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(listenAgain):
		}
	}
}

func (e *postgresEngine) takeListener() *pgx.Conn { return e.listener.Swap(nil) }

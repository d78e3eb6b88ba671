package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// dropAtOnce is how many rows go in one statement.
const dropAtOnce = 1000

// undone are deliveries that must stay; each is the condition of an index.
var undone = []string{`state = 'pending'`, `state IN ('unmatched', 'failed')`}

// postgresDropDone deletes those that are done of the next deliveries of a partition.
const postgresDropDone = `WITH next AS (SELECT id, received_at FROM %[1]s WHERE id > ? ORDER BY id LIMIT ?),
		gone AS (DELETE FROM %[1]s d USING next s WHERE d.id = s.id AND d.received_at = s.received_at AND d.state = 'done' RETURNING 1)
	SELECT (SELECT count(*) FROM next), coalesce((SELECT max(id) FROM next), 0), (SELECT count(*) FROM gone)`

// clockOff is how far the clock of this machine may be off the server's before nothing is dropped by it.
const clockOff = time.Hour

// maintain leaves dropping to one process at a time, and to none whose machine's clock is off.
func (e *postgresEngine) maintain(ctx context.Context, db *DB, k Keep) (d Dropped, err error) {
	now := db.Now()
	if err := e.months.ready(ctx, e.writers, ahead(now)...); err != nil {
		return d, err
	}
	if err := e.sameTime(ctx); err != nil {
		return d, err
	}
	err = e.ifAlone(ctx, lockRetention, func(c *sql.Conn) (err error) {
		if d.Steps, err = e.dropBefore(ctx, c, "steps", until(now, k.Steps)); err != nil {
			return err
		}
		if d.Deliveries, err = e.dropBefore(ctx, c, "deliveries", until(now, k.Deliveries), undone...); err != nil {
			return err
		}
		d.Forwards, err = db.dropForwards(ctx)
		return err
	})
	return d, err
}

// sameTime holds this machine's clock against the server's.
func (e *postgresEngine) sameTime(ctx context.Context) error {
	var server time.Time
	if err := e.writers.QueryRowContext(ctx, `SELECT now()`).Scan(&server); err != nil {
		return err
	}
	if off := time.Since(server).Abs(); off > clockOff {
		return fmt.Errorf("nothing old is dropped: the clock of this machine is %s off that of PostgreSQL", off.Round(time.Minute))
	}
	return nil
}

// ifAlone runs do with a connection when no other process does the same, else nothing.
func (e *postgresEngine) ifAlone(ctx context.Context, name string, do func(c *sql.Conn) error) error {
	c, err := e.writers.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	var alone bool
	if err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(?)`, lockKey(name)).Scan(&alone); err != nil || !alone {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestMake)
		defer cancel()
		if _, err := c.ExecContext(bounded, `SELECT pg_advisory_unlock(?)`, lockKey(name)); err != nil {
			c.Raw(func(any) error { return driver.ErrBadConn }) // its end gives the lock back
		}
	}()
	return do(c)
}

// dropBefore drops the months that ended before a time. Of a month that must stay go the deliveries that are done. A
// month that is in use is left for the next time.
func (e *postgresEngine) dropBefore(ctx context.Context, c *sql.Conn, table string, before time.Time, unless ...string) (rows int64, err error) {
	if before.IsZero() {
		return 0, nil
	}
	there, err := monthsThere(ctx, c, table)
	for _, one := range there {
		if (one + 1).first().After(before) {
			break
		}
		n, dropped, err := e.months.dropMonth(ctx, c, table, one, unless...)
		if err == nil && !dropped {
			n, err = dropDone(ctx, c, one.of(table))
		}
		rows += n
		if err = kindOf(err); err != nil && !errors.Is(err, ErrLocked) {
			return rows, err
		}
	}
	return rows, err
}

// dropDone deletes what is done from a partition of deliveries, some at a time.
func dropDone(ctx context.Context, c *sql.Conn, name string) (rows int64, err error) {
	text := fmt.Sprintf(postgresDropDone, name)
	for last, some := int64(0), int64(dropAtOnce); some == dropAtOnce; {
		var gone int64
		begin := time.Now()
		if err := c.QueryRowContext(ctx, text, last, dropAtOnce).Scan(&some, &last, &gone); err != nil {
			return rows, err
		}
		rows += gone
		if err := rest(ctx, begin); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

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

// undone are deliveries that must stay, each found by an index; of months that are older than what waits for a person is
// kept, only those of the first.
var undone = []string{`state = 'pending'`, `state IN ('unmatched', 'failed')`, waitsForForward}

// postgresDropDone deletes those that nobody needs any more of the next deliveries of a partition.
const postgresDropDone = `WITH next AS (SELECT id, received_at FROM %[1]s WHERE id > ? ORDER BY id LIMIT ?),
		gone AS (DELETE FROM %[1]s d USING next s WHERE d.id = s.id AND d.received_at = s.received_at
			AND (d.state = 'done' AND NOT d.` + waitsForForward + ` OR d.state <> 'pending' AND d.received_at < ?) RETURNING 1)
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
		if d.Steps, err = e.dropBefore(ctx, c, "steps", k, until(now, k.Steps), time.Time{}); err != nil {
			return err
		}
		if d.Deliveries, err = e.dropBefore(ctx, c, "deliveries", k, until(now, k.Deliveries), k.untilOpen(now), undone...); err != nil {
			return err
		}
		if d.Forwards, err = db.dropForwards(ctx); err != nil {
			return err
		}
		return db.dropSaid(ctx, k, until(now, k.Messages), &d)
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

// dropBefore drops the months that ended before a time; with a row for which one of unless is true they stay, those that
// ended before open only for the first of them. Of a month that must stay go the deliveries that nobody needs. A month
// that is in use is left for the next time.
func (e *postgresEngine) dropBefore(ctx context.Context, c *sql.Conn, table string, k Keep, before, open time.Time, unless ...string) (rows int64, err error) {
	if before.IsZero() {
		return 0, nil
	}
	there, err := monthsThere(ctx, c, table)
	for _, one := range there {
		if (one + 1).first().After(before) {
			break
		}
		stay := unless
		if len(stay) > 0 && !(one + 1).first().After(open) {
			stay = stay[:1]
		}
		n, dropped, err := e.months.dropMonth(ctx, c, table, one, stay...)
		if err == nil && !dropped {
			n, err = dropDone(ctx, c, k, one.of(table), open)
		}
		rows += n
		if err = kindOf(err); err != nil && !errors.Is(err, ErrLocked) {
			return rows, err
		}
	}
	return rows, err
}

// dropDone deletes what nobody needs from a partition of deliveries, some at a time.
func dropDone(ctx context.Context, c *sql.Conn, k Keep, name string, open time.Time) (rows int64, err error) {
	text := fmt.Sprintf(postgresDropDone, name)
	for last, some := int64(0), int64(dropAtOnce); some == dropAtOnce; {
		var gone int64
		begin := time.Now()
		if err := c.QueryRowContext(ctx, text, last, dropAtOnce, at(open)).Scan(&some, &last, &gone); err != nil {
			return rows, err
		}
		rows += gone
		k.stepped(gone)
		if err := rest(ctx, begin); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

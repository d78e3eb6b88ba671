package models

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

const (
	// someRows is how many rows are looked at, and go, at a time; someBytes bounds their bodies.
	someRows  = 500
	someBytes = 4 << 20
	// somePages is how many pages go back to the system at a time.
	somePages = 256
	// spareShare of the file may be free pages: what comes next goes there.
	spareShare = 10
)

const (
	// sqliteDelivered: nobody needs the body any more, or it is older than what waits for a person is kept. Of each row its
	// own forwards are looked up: the writer is held meanwhile.
	sqliteDelivered = `(state = 'done' AND NOT EXISTS (SELECT 1 FROM forwards f WHERE f.delivery_id = deliveries.id AND f.state IN ('waiting', 'dead'))
		OR state <> 'pending' AND received_at < ?)`

	sqliteOldDeliveries = `SELECT id, received_at, length(body), ` + sqliteDelivered + ` FROM deliveries INDEXED BY deliveries_received
		WHERE (received_at, id) > (?, ?) AND received_at < ? ORDER BY received_at, id LIMIT ?`
	// Steps are stored as they happen, so the oldest have the lowest ids; a clock may have been wrong for a while.
	sqliteOldSteps = `SELECT id, at, 0, at < ? FROM steps WHERE id > ? ORDER BY id LIMIT ?`
)

func (e *sqliteEngine) maintain(ctx context.Context, db *DB, k Keep) (d Dropped, err error) {
	now := db.Now()
	if d.Steps, err = db.dropSteps(ctx, k, until(now, k.Steps)); err != nil {
		return d, err
	}
	if d.Deliveries, err = db.dropDeliveries(ctx, k, until(now, k.Deliveries), k.untilOpen(now)); err != nil {
		return d, err
	}
	if err := db.dropSaid(ctx, k, until(now, k.Messages), &d); err != nil {
		return d, err
	}
	if d.Forwards, err = db.dropForwards(ctx); err != nil {
		return d, err
	}
	return d, e.giveBack(ctx, db)
}

// An oldRow is what deciding takes.
type oldRow struct {
	id, at, size int64
	goes         bool
}

func (r *oldRow) scan(rows scanner) error { return rows.Scan(&r.id, &r.at, &r.size, &r.goes) }

func (db *DB) dropDeliveries(ctx context.Context, k Keep, before, open time.Time) (n int64, err error) {
	last := oldRow{at: math.MinInt64}
	for !before.IsZero() {
		rows, err := db.oldRows(ctx, sqliteOldDeliveries, at(open), last.at, last.id, at(before), someRows)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		gone, err := db.dropRows(ctx, k, "deliveries", rows, sqliteDelivered, at(open))
		n += gone
		if err != nil {
			return n, err
		}
		last = rows[len(rows)-1]
	}
	return n, nil
}

// dropSteps ends where a whole batch is younger.
func (db *DB) dropSteps(ctx context.Context, k Keep, before time.Time) (n int64, err error) {
	last := oldRow{}
	for !before.IsZero() {
		rows, err := db.oldRows(ctx, sqliteOldSteps, at(before), last.id, someRows)
		if err != nil {
			return n, err
		}
		gone, err := db.dropRows(ctx, k, "steps", rows, `TRUE`)
		n += gone
		if err != nil || gone == 0 {
			return n, err
		}
		last = rows[len(rows)-1]
	}
	return n, nil
}

// oldRows are the next ones, and not much more than someBytes.
func (db *DB) oldRows(ctx context.Context, text string, args ...any) ([]oldRow, error) {
	rows, err := db.reader().QueryContext(ctx, text, args...)
	all, err := collect(rows, err, (*oldRow).scan)
	var size int64
	for i, r := range all {
		if size += r.size; size > someBytes {
			return all[:i+1], err
		}
	}
	return all, err
}

// dropRows deletes those that go, in one short transaction, unless the condition no longer holds for them.
func (db *DB) dropRows(ctx context.Context, k Keep, table string, rows []oldRow, condition string, args ...any) (n int64, err error) {
	var ids []string
	for _, r := range rows {
		if r.goes {
			ids = append(ids, strconv.FormatInt(r.id, 10))
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	begin := time.Now()
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		r, err := tx.Statement.ConnPool.ExecContext(ctx, `DELETE FROM `+table+` WHERE `+condition+` AND id IN (`+strings.Join(ids, ", ")+`)`, args...)
		if err == nil {
			n, err = r.RowsAffected()
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	k.stepped(n)
	return n, rest(ctx, begin)
}

// giveBack shrinks the file while more of it is free than what comes next will soon use.
func (e *sqliteEngine) giveBack(ctx context.Context, db *DB) error {
	for {
		var spare, pages int64
		begin := time.Now()
		err := db.reader().QueryRowContext(ctx, `SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count`).Scan(&spare, &pages)
		if err != nil || spare < somePages || spare <= pages/spareShare {
			return err
		}
		// Each row that is read is a page that went.
		rows, err := db.writer().QueryContext(ctx, `PRAGMA incremental_vacuum(`+strconv.Itoa(somePages)+`)`)
		freed, err := collect(rows, err, func(*struct{}, scanner) error { return nil })
		if err != nil || len(freed) == 0 {
			return err
		}
		if err := rest(ctx, begin); err != nil {
			return err
		}
	}
}

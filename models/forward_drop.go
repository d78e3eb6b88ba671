package models

import (
	"context"
	"math"
	"time"

	"gorm.io/gorm"
)

const (
	// keepForwards is how long it is known what was passed on, keepDead how long a dead one can be put back.
	keepForwards = 30 * 24 * time.Hour
	keepDead     = 90 * 24 * time.Hour
	// deletedFor is how long a deleted target stays at least, for what read it before it was deleted.
	deletedFor = time.Hour
)

// sqlOldForwards are the next ones of deliveries that came before a time, and whether they go.
const sqlOldForwards = `SELECT f.id, f.received_at, 0, t.deleted_at > 0 OR f.state = 'done' AND f.ended_at < ? OR f.state = 'dead' AND f.ended_at < ?
	FROM (SELECT * FROM forwards WHERE (received_at, id) > (?, ?) AND received_at < ? ORDER BY received_at, id LIMIT ?) AS f
	JOIN targets t ON t.id = f.target_id ORDER BY f.received_at, f.id`

// dropForwards drops what was passed on long ago, and what is left of targets that were deleted.
func (db *DB) dropForwards(ctx context.Context) (n int64, err error) {
	now := db.Now()
	gone, err := db.dropDeleted(ctx, now)
	if err != nil {
		return gone, err
	}
	old := at(now.Add(-keepForwards))
	dropped, err := db.dropOldForwards(ctx, old, at(now.Add(-keepDead)), old)
	if err != nil {
		return gone + dropped, err
	}
	return gone + dropped, db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`DELETE FROM target_tries WHERE at < ?`, at(now.Add(-keepTries))).Error
	})
}

func (db *DB) dropOldForwards(ctx context.Context, done, dead, before Time) (n int64, err error) {
	for last := (oldRow{at: math.MinInt64}); ; {
		rows, err := db.oldRows(ctx, sqlOldForwards, done, dead, last.at, last.id, before, someRows)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		gone, err := db.dropRows(ctx, Keep{}, "forwards", rows, `(state <> 'waiting' OR target_id IN (SELECT id FROM targets WHERE deleted_at > 0))`)
		n += gone
		if err != nil {
			return n, err
		}
		last = rows[len(rows)-1]
	}
}

// dropDeleted drops the forwards of deleted targets, some at a time, and then the targets.
func (db *DB) dropDeleted(ctx context.Context, now time.Time) (n int64, err error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT id FROM targets WHERE deleted_at > 0 AND deleted_at < ?`, at(now.Add(-deletedFor)))
	ids, err := collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
	for _, id := range ids {
		for {
			rows, err := db.oldRows(ctx, `SELECT id, received_at, 0, TRUE FROM forwards WHERE target_id = ? ORDER BY received_at, id LIMIT ?`, id, someRows)
			if err != nil {
				return n, err
			}
			if len(rows) == 0 {
				break
			}
			gone, err := db.dropRows(ctx, Keep{}, "forwards", rows, `TRUE`)
			if n += gone; err != nil {
				return n, err
			}
		}
		err := db.alongside(ctx, func(tx *gorm.DB) error {
			return firstError(tx,
				stmtArgs{`DELETE FROM target_tries WHERE target_id = ?`, []any{id}},
				stmtArgs{`DELETE FROM target_health WHERE target_id = ?`, []any{id}},
				stmtArgs{`DELETE FROM targets WHERE id = ?`, []any{id}})
		})
		if err != nil {
			return n, err
		}
	}
	return n, err
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
)

// manyFailures is after how many in a row a target is tried with one forward at a time, with pauses.
const manyFailures = 5

// A ForwardClaim is what one worker may send to a target now.
type ForwardClaim struct {
	Target   Target
	Secrets  []string // that sign, the newest first
	Forwards []ClaimedForward
}

// A ClaimedForward is one that nobody else tries until its NextAt.
type ClaimedForward struct {
	Forward
	Size int64 // of its body in bytes; 0 when the body is gone
}

const sqlDueTargets = `SELECT t.id FROM targets t JOIN target_health h ON h.target_id = t.id
	WHERE NOT t.off AND t.deleted_at = 0 AND h.paused_until <= ?
	AND EXISTS (SELECT 1 FROM forwards f WHERE f.target_id = t.id AND f.state = 'waiting' AND f.next_at <= ?) ORDER BY t.id`

// DueTargets are the targets for which something can be sent at the moment, by id.
func (db *DB) DueTargets(ctx context.Context) ([]int64, error) {
	now := db.dueClock()
	rows, err := db.reader().QueryContext(ctx, sqlDueTargets, now, now)
	return collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
}

// ClaimForwards takes what is due for a target, at most limit: nobody else gets it until the lease has ended, after
// which what a killed process had is due again. Each is counted as a try. Of a target that failed many times in a row it
// takes one, and no other until that is settled. There may be none.
func (db *DB) ClaimForwards(ctx context.Context, target int64, limit int, lease time.Duration) (c ForwardClaim, err error) {
	err = db.alongside(ctx, func(tx *gorm.DB) (err error) {
		c = ForwardClaim{}
		q, now := inTx(tx), db.dueClock()
		var failures int64
		var paused Time
		err = q.QueryRowContext(ctx, `SELECT failures, paused_until FROM target_health WHERE target_id = ?`+db.engine.dialect().forUpdate, target).Scan(&failures, &paused)
		if errors.Is(err, sql.ErrNoRows) || err == nil && paused.After(now.Time) {
			return nil
		}
		if err != nil {
			return err
		}
		if c.Target, err = targetIn(ctx, q, target); errors.Is(err, ErrNotFound) || err == nil && c.Target.Off {
			return nil
		}
		if err != nil {
			return err
		}
		if failures >= manyFailures {
			limit = 1
		}
		if c.Forwards, err = dueForwards(ctx, q, target, now, limit, failures); err != nil || len(c.Forwards) == 0 {
			return err
		}
		if c.Secrets, err = db.targetSecrets(ctx, q, c.Target); err != nil {
			return err
		}
		until := at(now.Add(lease))
		if failures >= manyFailures {
			if err := tx.Exec(`UPDATE target_health SET paused_until = ? WHERE target_id = ?`, until, target).Error; err != nil {
				return err
			}
		}
		return lend(tx, c.Forwards, now, until)
	})
	if err != nil {
		return ForwardClaim{}, err
	}
	return c, nil
}

// dueForwards are those that wait longest. While a target fails, every other try is of the newest, in case that the oldest
// are what it fails on.
func dueForwards(ctx context.Context, q querier, target int64, now Time, limit int, failures int64) ([]ClaimedForward, error) {
	order := `f.next_at, f.id`
	if failures >= manyFailures && failures%2 == 1 {
		order = `f.next_at DESC, f.id DESC`
	}
	rows, err := q.QueryContext(ctx, `SELECT f.id, f.target_id, f.delivery_id, f.received_at, f.state, f.attempts, f.next_at, f.first_at, f.last_at, f.last_status,
			f.last_error, f.ended_at, coalesce(length(d.body), 0)
		FROM (SELECT * FROM forwards f WHERE target_id = ? AND state = 'waiting' AND next_at <= ? ORDER BY `+order+` LIMIT ?) AS f
		LEFT JOIN deliveries d ON d.id = f.delivery_id AND d.received_at = f.received_at`, target, now, limit)
	return collect(rows, err, func(c *ClaimedForward, row scanner) error { return row.Scan(append(c.fields(), &c.Size)...) })
}

// lend marks what was claimed, in the database and in all.
func lend(tx *gorm.DB, all []ClaimedForward, now, until Time) error {
	ids := make([]any, len(all))
	for i := range all {
		f := &all[i]
		if f.FirstAt.IsZero() {
			f.FirstAt = now
		}
		f.Attempts, f.LastAt, f.NextAt, ids[i] = f.Attempts+1, now, until, f.ID
	}
	return tx.Exec(`UPDATE forwards SET attempts = attempts + 1, next_at = ?, last_at = ?, first_at = CASE WHEN first_at = 0 THEN ? ELSE first_at END
		WHERE id IN (`+placeholders(len(ids))+`)`, append([]any{until, now, now}, ids...)...).Error
}

// ForwardBody is the delivery that a forward passes on: its body, signature and content type as they came. ErrNotFound: it
// is kept no longer.
func (db *DB) ForwardBody(ctx context.Context, f Forward) (d Delivery, err error) {
	err = d.scan(db.reader().QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE id = ? AND received_at = ?`, f.DeliveryID, f.ReceivedAt))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return d, err
}

package models

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"
)

const (
	// MaxForwards is how many forwards, or deliveries, can be named at once.
	MaxForwards = 1000
	// retryBatch is how many dead ones are put back in one transaction.
	retryBatch = 500
)

// sqlAgain begins a forward anew.
const sqlAgain = `UPDATE forwards SET state = 'waiting', attempts = 0, next_at = ?, first_at = 0, ended_at = 0 WHERE state = 'dead' AND id IN (`

// RetryForwards puts dead ones back, at most MaxForwards: they are tried at once and again for 3 days, under the webhook
// ids that they had. Those that are not dead, or gone, are left out; ErrNotFound: all are.
func (db *DB) RetryForwards(ctx context.Context, ids []int64, by By) (n int64, err error) {
	if ids, err = chosen(ids, "forward"); err != nil {
		return 0, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		again := tx.Exec(sqlAgain+placeholders(len(ids))+`) AND target_id IN (SELECT id FROM targets WHERE deleted_at = 0)`,
			append([]any{db.dueClock()}, asAny(ids)...)...)
		if n = again.RowsAffected; again.Error != nil {
			return again.Error
		}
		if n == 0 {
			return ErrNotFound
		}
		return db.audit(tx, by, "forwards.retry", "forwards", map[string]any{"forwards": ids[:min(len(ids), 100)], "count": n})
	})
	return n, err
}

// chosen are ids as people chose them, each once.
func chosen(ids []int64, what string) ([]int64, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil, &Invalid{Field: "ids", Message: "Choose at least one " + what + "."}
	}
	if len(ids) > MaxForwards {
		return nil, &Invalid{Field: "ids", Message: fmt.Sprintf("Choose at most %d at once.", MaxForwards)}
	}
	return ids, nil
}

// RetryAllForwards puts back all dead ones that a filter matches (its state does not matter) and that are there by now, in
// small steps. The audit row tells how many there were. Invalid: none is.
func (db *DB) RetryAllForwards(ctx context.Context, f ForwardFilter, by By) (n int64, err error) {
	f.State, f.Before, f.After, f.Limit = ForwardDead, 0, 0, 0
	total, err := db.CountForwards(ctx, f)
	if err != nil {
		return 0, err
	}
	if total == 0 {
		return 0, &Invalid{Message: "No dead letter matches any more."}
	}
	begun := db.dueClock()
	err = db.Audit(ctx, by, "forwards.retry", "forwards", map[string]any{"target": f.Target, "from": f.From, "to": f.To, "count": total})
	for last := (listKey{received: Time{time.UnixMicro(math.MinInt64 / 2)}}); err == nil; {
		var ids []int64
		if ids, last, err = db.deadAfter(ctx, f, last, begun); err != nil || len(ids) == 0 {
			break
		}
		begin := time.Now()
		err = db.alongside(ctx, func(tx *gorm.DB) error {
			again := tx.Exec(sqlAgain+placeholders(len(ids))+`)`, append([]any{db.dueClock()}, asAny(ids)...)...)
			if again.Error == nil {
				n += again.RowsAffected
			}
			return again.Error
		})
		if err == nil {
			err = rest(ctx, begin)
		}
	}
	return n, err
}

// deadAfter are the next dead ones that ended by then, oldest delivery first.
func (db *DB) deadAfter(ctx context.Context, f ForwardFilter, last listKey, then Time) (ids []int64, next listKey, err error) {
	w := f.where()
	w.and(`ended_at <= ?`, then)
	w.and(`(received_at, id) > (?, ?)`, last.received, last.id)
	rows, err := db.reader().QueryContext(ctx, `SELECT received_at, id FROM forwards `+w.sql()+` ORDER BY received_at, id LIMIT ?`, append(w.args, retryBatch)...)
	keys, err := collect(rows, err, func(k *listKey, row scanner) error { return row.Scan(&k.received, &k.id) })
	for _, k := range keys {
		ids, last = append(ids, k.id), k
	}
	return ids, last, err
}

// ForwardDeliveries passes deliveries on to a target now, whatever its filter says and even if it had them: at most
// MaxForwards. It has the same webhook id as before. n is how many; what is gone, or waits already, is left out.
// ErrNotFound: there is no such target, or nothing to pass on. Invalid: it is off.
func (db *DB) ForwardDeliveries(ctx context.Context, target int64, deliveries []int64, by By) (n int64, err error) {
	ids, err := chosen(deliveries, "delivery")
	if err != nil {
		return 0, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		t, err := targetIn(ctx, inTx(tx), target)
		if err != nil {
			return err
		}
		if t.Off {
			return &Invalid{"target", "This target is off. Switch it on first."}
		}
		made := tx.Exec(`INSERT INTO forwards (target_id, delivery_id, received_at, next_at)
			SELECT ?, id, received_at, ? FROM deliveries WHERE id IN (`+placeholders(len(ids))+`)
			ON CONFLICT (delivery_id, target_id) DO UPDATE SET state = 'waiting', attempts = 0, next_at = excluded.next_at, first_at = 0, ended_at = 0
			WHERE forwards.state <> 'waiting'`, append([]any{target, db.dueClock()}, asAny(ids)...)...)
		if n = made.RowsAffected; made.Error != nil {
			return made.Error
		}
		if n == 0 {
			return ErrNotFound
		}
		return db.audit(tx, by, "deliveries.forward", t.object(), map[string]any{"deliveries": ids[:min(len(ids), 100)], "count": n})
	})
	return n, err
}

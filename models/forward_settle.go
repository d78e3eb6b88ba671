package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
)

// ForwardEnd is how one try of a forward ended.
type ForwardEnd string

// The ends of a try.
const (
	ForwardTaken   ForwardEnd = "taken"   // the target took it
	ForwardFailed  ForwardEnd = "failed"  // the target is not well, or not there: it is tried again
	ForwardRefused ForwardEnd = "refused" // the target is well and does not take this body: it is tried again
	ForwardGone    ForwardEnd = "gone"    // the target wants nothing any more: the forward is dead and the target switched off
	ForwardLost    ForwardEnd = "lost"    // there is nothing to send any more: it is dead
	ForwardUntried ForwardEnd = "untried" // it was not sent: it is due again, and not counted as a try
)

// A ForwardResult is how a try of a claimed forward ended.
type ForwardResult struct {
	Forward    Forward // as it was claimed
	End        ForwardEnd
	Status     int           // HTTP status, 0 without an answer
	Reason     string        // one sentence without address and body; empty when it was taken
	RetryAfter time.Duration // that the target asked for, 0: none
	Took       time.Duration
}

// tried tells whether the target was asked.
func (r *ForwardResult) tried() bool { return r.End != ForwardLost && r.End != ForwardUntried }

// goneReason is why a target was switched off by itself.
const goneReason = "It answered 410 Gone: it wants no more deliveries."

// SettleForwards writes how tries of one target ended, in the order in which they did. A forward that somebody else has
// claimed since is left to them. ErrNotFound: the target is gone with them.
func (db *DB) SettleForwards(ctx context.Context, target int64, results []ForwardResult) error {
	if len(results) == 0 {
		return nil
	}
	err := db.alongside(ctx, func(tx *gorm.DB) error {
		h := health{target: target}
		if err := h.read(ctx, inTx(tx), db.engine.dialect().forUpdate); err != nil {
			return err
		}
		now := db.dueClock()
		for i := range results {
			if err := settleForward(tx, &results[i], now); err != nil {
				return err
			}
			h.add(&results[i], now)
		}
		if err := h.write(tx); err != nil {
			return err
		}
		return countTries(tx, target, results, db.now())
	})
	if err == nil && slices.ContainsFunc(results, func(r ForwardResult) bool { return r.End == ForwardGone }) {
		err = db.switchOff(ctx, target)
	}
	return err
}

// settleForward writes the end of one try, if the claim still holds.
func settleForward(tx *gorm.DB, r *ForwardResult, now Time) error {
	f := r.Forward
	set, args := `state = 'done', next_at = 0, ended_at = ?`, []any{now}
	switch r.End {
	case ForwardTaken:
	case ForwardUntried:
		return tx.Exec(`UPDATE forwards SET attempts = attempts - 1, next_at = ?, first_at = CASE WHEN attempts = 1 THEN 0 ELSE first_at END
			WHERE id = ? AND state = 'waiting' AND attempts = ? AND next_at = ?`, now, f.ID, f.Attempts, f.NextAt).Error
	case ForwardGone, ForwardLost:
		set = `state = 'dead', next_at = 0, ended_at = ?`
	default:
		next, dead := f.next(now, r.RetryAfter)
		if set, args = `next_at = ?`, []any{next}; dead {
			set, args = `state = 'dead', next_at = 0, ended_at = ?`, []any{now}
		}
	}
	args = append(args, r.Status, shorten(asUTF8(r.Reason), 300), f.ID, f.Attempts, f.NextAt)
	return tx.Exec(`UPDATE forwards SET `+set+`, last_status = ?, last_error = ? WHERE id = ? AND state = 'waiting' AND attempts = ? AND next_at = ?`, args...).Error
}

// switchOff is what a target asked for itself.
func (db *DB) switchOff(ctx context.Context, id int64) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		t, err := targetIn(ctx, inTx(tx), id)
		if err != nil || t.Off {
			return err
		}
		if err := tx.Exec(`UPDATE targets SET off = TRUE, off_reason = ?, updated_at = ? WHERE id = ?`, goneReason, db.now(), id).Error; err != nil {
			return err
		}
		return db.changed(tx, By{}, "target.off", t.object(), map[string]any{"status": 410})
	})
}

package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// PostEnd is how one try of a post ended.
type PostEnd string

// The ends of a try.
const (
	PostTaken   PostEnd = "taken"   // it was taken
	PostFailed  PostEnd = "failed"  // the receiver is not well, or not there: it is tried again for a day
	PostRefused PostEnd = "refused" // the receiver is well and does not take this one: it is tried again for two hours
	PostGone    PostEnd = "gone"    // the receiver wants nothing any more: the post is dead and the receiver switched off
	PostUntried PostEnd = "untried" // it was not sent: it is due again, and not counted as a try
)

// A PostResult is how a try of a claimed post ended.
type PostResult struct {
	Post       Post // as it was claimed
	End        PostEnd
	Status     int           // of HTTP or SMTP, 0 without an answer
	Reason     string        // one sentence without address; of one that was taken: what is to be known, mostly nothing
	RetryAfter time.Duration // that the receiver asked for, 0: none
}

const (
	// postFor is how long a post is tried after its first try, refusedFor one that is refused: news get old.
	postFor    = 24 * time.Hour
	refusedFor = 2 * time.Hour
	// lastPostWait is the pause when those of postWaits are used up.
	lastPostWait = time.Hour
)

// postWaits are the pauses after the first tries.
var postWaits = []time.Duration{15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// next is when a post that failed now is tried again. The last try is when its time has passed; dead: it was that.
func (p Post) next(now Time, r *PostResult) (next Time, dead bool) {
	long := postFor
	if r.End == PostRefused {
		long = refusedFor
	}
	end := p.FirstAt.Add(long)
	if !now.Before(end) {
		return Time{}, true
	}
	wait := lastPostWait
	if n := max(p.Attempts, 1) - 1; n < len(postWaits) {
		wait = postWaits[n]
	}
	wait += scatter(wait/jitterShare, p.ID, int64(p.Attempts))
	next = at(now.Add(max(wait, min(r.RetryAfter, longestAsked))))
	if next.After(end) {
		next = at(end)
	}
	return next, false
}

// SettlePost writes how a try ended. A post that somebody else has claimed since is left to them. ErrNotFound: its
// receiver is gone.
func (db *DB) SettlePost(ctx context.Context, r PostResult) error {
	r.Reason = shorten(asUTF8(r.Reason), 300)
	err := db.alongside(ctx, func(tx *gorm.DB) error {
		now := db.dueClock()
		if _, err := receiverIn(ctx, inTx(tx), r.Post.ReceiverID, db.engine.dialect().forUpdate); err != nil {
			return err
		}
		held, err := settlePost(tx, &r, now)
		if err != nil || !held {
			return err
		}
		switch id := r.Post.ReceiverID; r.End {
		case PostTaken:
			return tx.Exec(`UPDATE receivers SET last_success_at = ?, failures = 0 WHERE id = ?`, now, id).Error
		case PostFailed, PostRefused, PostGone:
			return tx.Exec(`UPDATE receivers SET last_failure_at = ?, failure = ?, failures = failures + 1 WHERE id = ?`, now, r.Reason, id).Error
		}
		return nil
	})
	if err == nil && r.End == PostGone {
		err = db.receiverGone(ctx, r.Post.ReceiverID)
	}
	return err
}

// settlePost writes the end of one try, if the claim still holds.
func settlePost(tx *gorm.DB, r *PostResult, now Time) (held bool, err error) {
	p := r.Post
	set, args := `state = 'done', next_at = 0, ended_at = ?`, []any{now}
	switch r.End {
	case PostTaken:
	case PostUntried:
		set, args = `attempts = attempts - 1, next_at = ?, first_at = CASE WHEN attempts = 1 THEN 0 ELSE first_at END`, []any{now}
	case PostGone:
		set = `state = 'dead', next_at = 0, ended_at = ?`
	default:
		next, dead := p.next(now, r)
		if set, args = `next_at = ?`, []any{next}; dead {
			set, args = `state = 'dead', next_at = 0, ended_at = ?`, []any{now}
		}
	}
	if r.End != PostUntried {
		set, args = set+`, last_status = ?, last_error = ?`, append(args, r.Status, r.Reason)
	}
	done := tx.Exec(`UPDATE posts SET `+set+` WHERE id = ? AND state = 'waiting' AND attempts = ? AND next_at = ?`, append(args, p.ID, p.Attempts, p.NextAt)...)
	return done.RowsAffected > 0, done.Error
}

// receiverGone switches off what asked for it itself.
func (db *DB) receiverGone(ctx context.Context, id int64) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		r, err := receiverIn(ctx, inTx(tx), id, db.engine.dialect().forUpdate)
		if err != nil || r.Off {
			return err
		}
		if err := db.giveUp(tx, id); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE receivers SET off = TRUE, off_reason = ?, updated_at = ? WHERE id = ?`, "It answered 410 Gone: it wants no more notifications.", db.now(), id).Error; err != nil {
			return err
		}
		return db.changed(tx, By{}, "receiver.off", r.object(), map[string]any{"status": 410})
	})
}

// RetryPost puts a dead post of a receiver back: it is tried at once under the id that it had. ErrNotFound: it is not dead.
func (db *DB) RetryPost(ctx context.Context, receiver, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		r, err := receiverIn(ctx, inTx(tx), receiver, "")
		if err != nil {
			return err
		}
		if r.Off {
			return &Invalid{"", "This receiver is off. Switch it on first."}
		}
		again := tx.Exec(`UPDATE posts SET state = 'waiting', attempts = 0, next_at = ?, first_at = 0, ended_at = 0 WHERE id = ? AND receiver_id = ? AND state = 'dead'`,
			db.dueClock(), id, receiver)
		if again.Error != nil {
			return again.Error
		}
		if again.RowsAffected == 0 {
			return ErrNotFound
		}
		return db.audit(tx, by, "post.retry", r.object(), map[string]any{"post": id})
	})
}

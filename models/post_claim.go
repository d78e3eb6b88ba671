package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
)

// A PostClaim is a post that one worker may send now.
type PostClaim struct {
	Receiver Receiver
	Address  string // as ReceiverAddress gives them
	Secrets  []string
	Post     Post
	Tells    []Notification // oldest first
}

// PostLease is how long a claim of a post may hold.
const PostLease = 2 * time.Minute

// hasten makes posts due that rest after a failure, because what ailed them may be over; condition is ours. One that is
// being tried, of which a claim holds, is left alone.
func (db *DB) hasten(tx *gorm.DB, condition string, args ...any) error {
	now := db.dueClock()
	return tx.Exec(`UPDATE posts SET next_at = ? WHERE state = 'waiting' AND next_at > ? AND `+condition, append([]any{now, at(now.Add(PostLease))}, args...)...).Error
}

// DuePosts are the receivers to which something can be sent at the moment, by id.
func (db *DB) DuePosts(ctx context.Context) ([]int64, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT p.receiver_id FROM posts p JOIN receivers r ON r.id = p.receiver_id
		WHERE p.state = 'waiting' AND p.next_at <= ? AND NOT r.off AND r.deleted_at = 0 ORDER BY p.receiver_id`, db.dueClock())
	return collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
}

// ClaimPost takes what is due for a receiver: nobody else gets it until the lease has ended, PostLease at most, after which what a killed
// process had is due again. It is counted as a try. ErrNotFound: nothing is due.
func (db *DB) ClaimPost(ctx context.Context, receiver int64, lease time.Duration) (c PostClaim, err error) {
	err = db.alongside(ctx, func(tx *gorm.DB) (err error) {
		c = PostClaim{}
		q, now, lock := inTx(tx), db.dueClock(), db.engine.dialect().forUpdate
		if c.Receiver, err = receiverIn(ctx, q, receiver, lock); err != nil {
			return err
		}
		if c.Receiver.Off {
			return ErrNotFound
		}
		p := &c.Post
		err = p.scan(q.QueryRowContext(ctx, `SELECT `+postColumns+` FROM posts WHERE receiver_id = ? AND state = 'waiting' AND next_at <= ? ORDER BY id LIMIT 1`+lock, receiver, now))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		if c.Address, c.Secrets, err = db.addressIn(ctx, q, receiver); err != nil {
			return err
		}
		by, err := notificationsIn(ctx, q, []int64{p.ID})
		if err != nil {
			return err
		}
		c.Tells = by[p.ID]
		if p.FirstAt.IsZero() {
			p.FirstAt = now
		}
		p.Attempts, p.LastAt, p.NextAt = p.Attempts+1, now, at(now.Add(lease))
		return tx.Exec(`UPDATE posts SET attempts = ?, next_at = ?, last_at = ?, first_at = ? WHERE id = ?`, p.Attempts, p.NextAt, p.LastAt, p.FirstAt, p.ID).Error
	})
	if err != nil {
		return PostClaim{}, err
	}
	return c, nil
}

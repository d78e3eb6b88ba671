package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// replayBatch is how many deliveries are put back at once. A replay waits while as many are due, so that what arrives is
// decoded within a second whatever is replayed.
const replayBatch = 200

// ContinueReplay puts back the next deliveries of the replay that runs, oldest first, unless as many wait already; always
// says to do it even so. It may be called by several processes at once. ran tells whether there is more to do; waiting,
// that it did nothing because others must be decoded first.
func (db *DB) ContinueReplay(ctx context.Context, always bool) (ran, waiting bool, err error) {
	r, err := db.RunningReplay(ctx)
	if errors.Is(err, ErrNotFound) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	if !always {
		if waiting, err = db.busy(ctx); err != nil || waiting {
			return true, waiting, err
		}
	}
	ids, next, more, err := db.replayNext(ctx, r)
	if err != nil {
		return true, false, err
	}
	return more, false, db.replayOn(ctx, r, ids, next, !more)
}

// busy tells whether so many deliveries are due that a replay has to wait.
func (db *DB) busy(ctx context.Context) (bool, error) {
	var due int
	err := db.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 AS one FROM deliveries WHERE state = 'pending' AND next_at <= ? LIMIT ?) AS due`,
		db.now(), replayBatch).Scan(&due)
	return due >= replayBatch, err
}

// replayNext finds the next that the filter matches, and the place up to which was looked.
func (db *DB) replayNext(ctx context.Context, r Replay) (ids []int64, next listKey, more bool, err error) {
	s, err := db.deliverySearch(ctx, *r.Filter)
	if err != nil {
		return nil, next, false, err
	}
	s.until = time.Now().Add(lookFor)
	found, end, err := s.look(ctx, r.next, true, replayBatch)
	for _, d := range found {
		if placeOf(d).after(r.last) {
			return ids, placeOf(d), false, err
		}
		ids, next = append(ids, d.ID), placeOf(d)
	}
	if end.id != 0 {
		return ids, end, !end.after(r.last), err
	}
	return ids, next, len(found) == replayBatch, err
}

func (p listKey) after(o listKey) bool {
	c := p.received.Compare(o.received.Time)
	return c > 0 || c == 0 && p.id > o.id
}

// replayOn puts back what was found, unless the replay was cancelled or another process was quicker.
func (db *DB) replayOn(ctx context.Context, r Replay, ids []int64, next listKey, last bool) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		state, ended := ReplayRunning, Time{}
		if last {
			state, ended = ReplayDone, db.now()
		}
		moved := tx.Exec(`UPDATE replays SET next_at = ?, next_id = ?, state = ?, ended_at = ? WHERE id = ? AND state = 'running' AND next_at = ? AND next_id = ?`,
			next.received, next.id, state, ended, r.ID, r.next.received, r.next.id)
		if moved.Error != nil || moved.RowsAffected == 0 {
			return moved.Error
		}
		n, err := db.putBack(tx, r.ID, ids)
		if err != nil {
			return err
		}
		return tx.Exec(`UPDATE replays SET done = done + ? WHERE id = ?`, n, r.ID).Error
	})
}

package models

import (
	"context"
	"database/sql"
	"errors"
)

// PostState is where a post stands.
type PostState string

// The states of a post.
const (
	PostWaiting PostState = "waiting" // for its first try or its next one
	PostDone    PostState = "done"    // it was taken
	PostDead    PostState = "dead"    // given up: a person may let it be tried again
)

// A Post is one message to one receiver, with what was gathered for it.
type Post struct {
	ID         int64
	ReceiverID int64
	State      PostState
	MadeAt     Time
	Attempts   int    // tries begun since it was made or put back; one may be under way
	NextAt     Time   // waiting: not before; of a try under way, when it counts as lost
	FirstAt    Time   // of the first try; zero: none yet
	LastAt     Time   // of the last try
	LastStatus int    // of HTTP or SMTP; 0: there was no answer
	LastError  string // one sentence, without address
	EndedAt    Time   // done or dead
}

const postColumns = `id, receiver_id, state, made_at, attempts, next_at, first_at, last_at, last_status, last_error, ended_at`

func (p *Post) scan(row scanner) error {
	return row.Scan(&p.ID, &p.ReceiverID, &p.State, &p.MadeAt, &p.Attempts, &p.NextAt, &p.FirstAt, &p.LastAt, &p.LastStatus, &p.LastError, &p.EndedAt)
}

// Post returns one.
func (db *DB) Post(ctx context.Context, id int64) (p Post, err error) {
	err = p.scan(db.reader().QueryRowContext(ctx, `SELECT `+postColumns+` FROM posts WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return p, err
}

// Posts are those of a receiver, newest first: ids below before, 0 is the newest. more tells whether there are older ones.
func (db *DB) Posts(ctx context.Context, receiver, before int64, limit int) (all []Post, more bool, err error) {
	limit = pageLimit(limit)
	rows, err := db.reader().QueryContext(ctx, `SELECT `+postColumns+` FROM posts WHERE receiver_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
		receiver, beforeID(before), limit+1)
	all, err = collect(rows, err, (*Post).scan)
	if len(all) > limit {
		return all[:limit], true, err
	}
	return all, false, err
}

// A Backlog is what waits for a receiver.
type Backlog struct {
	Waiting  int64 // posts that are tried
	Dead     int64 // posts that were given up
	Gathered int64 // notifications that wait for their hour, or for a post to be allowed
	Oldest   Time  // of what waits; zero: nothing does
}

// Backlogs are those of each receiver, by id; none is an empty one.
func (db *DB) Backlogs(ctx context.Context) (map[int64]Backlog, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT receiver_id, state, count(*), min(made_at) FROM posts WHERE state <> 'done' GROUP BY receiver_id, state
		UNION ALL SELECT receiver_id, '', count(*), min(made_at) FROM notifications WHERE post_id = 0 GROUP BY receiver_id`)
	by := map[int64]Backlog{}
	_, err = collect(rows, err, func(_ *struct{}, row scanner) error {
		var id, n int64
		var state PostState
		var oldest Time
		if err := row.Scan(&id, &state, &n, &oldest); err != nil {
			return err
		}
		b := by[id]
		switch state {
		case PostDead:
			b.Dead = n
		case PostWaiting:
			b.Waiting = n
		default:
			b.Gathered = n
		}
		if state != PostDead && (b.Oldest.IsZero() || oldest.Before(b.Oldest.Time)) {
			b.Oldest = oldest
		}
		by[id] = b
		return nil
	})
	return by, err
}

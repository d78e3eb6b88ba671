package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

const (
	// gatherFor is how long what comes meanwhile is gathered into one post.
	gatherFor = 15 * time.Second
	// mostGathered is how many notifications one post holds.
	mostGathered = 500
)

// NextPost is when the next post to a receiver may be made: at once while those of the last hour and day are fewer than
// allowed, else an hour after the last one. made are the times of its posts, oldest first.
func NextPost(now time.Time, made []Time, hourly, daily int) time.Time {
	since := func(d time.Duration) (n int) {
		for _, m := range made {
			if m.After(now.Add(-d)) {
				n++
			}
		}
		return n
	}
	if len(made) == 0 || since(time.Hour) < hourly && since(24*time.Hour) < daily {
		return now
	}
	return made[len(made)-1].Add(time.Hour)
}

// GatherPosts makes posts of what waits: of each receiver one, when what it is told was gathered long enough, its hours
// allow it, it has not had too many, and none before is still tried, so that what it hears stays in order. It may run in
// several servers at once. made counts the posts.
func (db *DB) GatherPosts(ctx context.Context) (made int, err error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT receiver_id FROM notifications WHERE post_id = 0`)
	ids, err := collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
	for _, id := range ids {
		if err != nil {
			break
		}
		var g gathering
		if g, err = db.gathering(ctx, db.reader(), id, ""); err != nil || len(g.ids) == 0 {
			continue // mostly so: a transaction would hold up others
		}
		var ok bool
		if ok, err = db.gather(ctx, id); ok {
			made++
		}
	}
	return made, err
}

// A gathering is what would go into the next post of a receiver now.
type gathering struct{ ids []int64 }

func (db *DB) gathering(ctx context.Context, q querier, receiver int64, lock string) (g gathering, err error) {
	r, err := receiverIn(ctx, q, receiver, lock)
	if errors.Is(err, ErrNotFound) || err == nil && r.Off {
		return g, nil
	}
	if err != nil {
		return g, err
	}
	now := db.dueClock()
	rows, err := q.QueryContext(ctx, `SELECT id, alert_id, severity, made_at FROM notifications WHERE receiver_id = ? AND post_id = 0 ORDER BY severity DESC, id LIMIT ?`, receiver, mostGathered)
	waiting, err := collect(rows, err, func(n *Notification, row scanner) error { return row.Scan(&n.ID, &n.AlertID, &n.Severity, &n.MadeAt) })
	if err != nil {
		return g, err
	}
	old, newest := false, map[int64]int64{} // by alert
	for _, n := range waiting {
		if r.Hears(n.Severity, now.Time) {
			newest[n.AlertID], old = max(newest[n.AlertID], n.ID), old || !n.MadeAt.After(now.Add(-gatherFor))
		}
	}
	if !old {
		return gathering{}, nil
	}
	for _, n := range waiting {
		if n.ID <= newest[n.AlertID] { // with what is heard now goes what is older of that alert: later it would be wrong
			g.ids = append(g.ids, n.ID)
		}
	}
	var busy bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM posts WHERE receiver_id = ? AND state = 'waiting')`, receiver).Scan(&busy); err != nil || busy {
		return gathering{}, err
	}
	rows, err = q.QueryContext(ctx, `SELECT made_at FROM posts WHERE receiver_id = ? AND made_at > ? ORDER BY made_at`, receiver, at(now.Add(-24*time.Hour)))
	made, err := collect(rows, err, func(t *Time, row scanner) error { return row.Scan(t) })
	if err != nil || NextPost(now.Time, made, r.Hourly, r.Daily).After(now.Time) {
		return gathering{}, err
	}
	return g, nil
}

// gather makes one post, unless another server just did.
func (db *DB) gather(ctx context.Context, receiver int64) (ok bool, err error) {
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		ok = false
		g, err := db.gathering(ctx, inTx(tx), receiver, db.engine.dialect().forUpdate)
		if err != nil || len(g.ids) == 0 {
			return err
		}
		var post int64
		now := db.dueClock()
		err = inTx(tx).QueryRowContext(ctx, `INSERT INTO posts (receiver_id, made_at, next_at) VALUES (?, ?, ?) RETURNING id`, receiver, now, now).Scan(&post)
		if err != nil {
			return err
		}
		ok = true
		return tx.Exec(`UPDATE notifications SET post_id = ? WHERE id IN (`+placeholders(len(g.ids))+`)`, append([]any{post}, asAny(g.ids)...)...).Error
	})
	return ok, err
}

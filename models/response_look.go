package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// A Look is that somebody opened a response.
type Look struct {
	UserID      int64
	Name        string
	First, Last Time
}

const (
	maxLooks = 50 // people who are named, the last ones first
	// lookAgain is after how long opening a response counts once more.
	lookAgain = time.Minute
)

// LookAt remembers that somebody opened a response. For who may follow it up the team has read it then, and what names the
// person in its notes is seen.
func (db *DB) LookAt(ctx context.Context, r Response, by By, follows bool) error {
	now := db.now()
	var last Time
	var named int
	err := db.reader().QueryRowContext(ctx, `SELECT coalesce((SELECT last_at FROM response_looks WHERE response_id = ? AND user_id = ?), 0),
		(SELECT count(*) FROM mentions WHERE user_id = ? AND response_id = ? AND seen_at = 0)`, r.ID, by.UserID, by.UserID, r.ID).Scan(&last, &named)
	if err != nil || now.Sub(last.Time) < lookAgain && !(follows && r.Unread) && named == 0 {
		return err
	}
	return db.alongside(ctx, func(tx *gorm.DB) error {
		err := tx.Exec(`INSERT INTO response_looks (response_id, user_id, name, first_at, last_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (response_id, user_id) DO UPDATE SET name = excluded.name, last_at = excluded.last_at`, r.ID, by.UserID, asUTF8(by.Name), now, now).Error
		if err == nil && follows && r.Unread {
			err = tx.Exec(`UPDATE responses SET unread = FALSE WHERE id = ? AND unread`, r.ID).Error
		}
		if err == nil && named > 0 {
			err = tx.Exec(`UPDATE mentions SET seen_at = ? WHERE user_id = ? AND response_id = ? AND seen_at = 0`, now, by.UserID, r.ID).Error
		}
		return err
	})
}

// Looks are who opened a response, the last ones first.
func (db *DB) Looks(ctx context.Context, id int64) ([]Look, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT user_id, name, first_at, last_at FROM response_looks WHERE response_id = ? ORDER BY last_at DESC, user_id LIMIT ?`, id, maxLooks)
	return collect(rows, err, func(l *Look, s scanner) error { return s.Scan(&l.UserID, &l.Name, &l.First, &l.Last) })
}

package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// A Presence is a person who has the rules of a flow open.
type Presence struct {
	FlowID int64
	UserID int64
	Name   string
	Screen string // whose rule is open, "" for all rules
	Rule   string // its id, "new", "otherwise" or "back"
	Doing  string // the same in words, "" for all rules
	SeenAt Time
}

const (
	presentFor = 30 * time.Second // how long somebody counts as there after the page was last heard of
	settledIn  = 15 * time.Second // after which another window of the same person says where they are
)

// Arrive says that somebody opened a page of a flow's rules; p.SeenAt is set. The page last opened is where they are.
func (db *DB) Arrive(ctx context.Context, p Presence) error {
	p.SeenAt = db.now()
	return db.alongside(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM presences WHERE seen_at < ?", at(db.Now().Add(-presentFor))).Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO presences (flow_id, user_id, name, screen, rule, doing, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (flow_id, user_id) DO UPDATE SET name = excluded.name, screen = excluded.screen, rule = excluded.rule, doing = excluded.doing, seen_at = excluded.seen_at`,
			p.FlowID, p.UserID, asUTF8(p.Name), asUTF8(p.Screen), asUTF8(p.Rule), asUTF8(p.Doing), p.SeenAt).Error
	})
}

// Stay says that the page is still open. Of two windows of one person the one that was opened last counts, until it is
// not heard of any more.
func (db *DB) Stay(ctx context.Context, p Presence) error {
	p.SeenAt = db.now()
	return db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec(`INSERT INTO presences (flow_id, user_id, name, screen, rule, doing, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (flow_id, user_id) DO UPDATE SET name = excluded.name, screen = excluded.screen, rule = excluded.rule, doing = excluded.doing, seen_at = excluded.seen_at
			WHERE presences.seen_at < ? OR presences.screen = excluded.screen AND presences.rule = excluded.rule`,
			p.FlowID, p.UserID, asUTF8(p.Name), asUTF8(p.Screen), asUTF8(p.Rule), asUTF8(p.Doing), p.SeenAt, at(db.Now().Add(-settledIn))).Error
	})
}

// Present lists who has a flow's rules open, by name.
func (db *DB) Present(ctx context.Context, flowID int64) ([]Presence, error) {
	var rows []Presence
	err := db.read.WithContext(ctx).Where("flow_id = ? AND seen_at >= ?", flowID, at(db.Now().Add(-presentFor))).Order("name, user_id").Find(&rows).Error
	return rows, err
}

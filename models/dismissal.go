package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"
)

// A Dismissal is that somebody settled a response or a body that has no place here, and why. Nothing of it is deleted.
type Dismissal struct {
	Reason string
	UserID int64
	Name   string
	At     Time
}

// maxReason bounds the reason of a dismissal, in characters.
const maxReason = 500

type dismissalRow struct {
	ID     int64
	Kind   string // response, delivery
	OfID   int64
	Reason string
	UserID int64
	Name   string
	At     Time
}

func (dismissalRow) TableName() string { return "dismissals" }

// DismissResponse settles a response that needs a person. Assigning it, or a replay that can read it, brings it back.
// ErrConflict: it needs nobody. Invalid: no reason.
func (db *DB) DismissResponse(ctx context.Context, id int64, reason string, by By) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		x := db.inboxIn(tx)
		c, err := x.held(id)
		if err != nil {
			return err
		}
		if c.state == Complete || c.dismissal != 0 {
			return ErrConflict
		}
		if _, _, err := x.holdDelivery(c); err != nil {
			return err
		}
		kept, err := db.dismiss(tx, "response", id, reason, by)
		if err != nil {
			return err
		}
		return firstError(tx, stmtArgs{`UPDATE responses SET dismissal_id = ? WHERE id = ?`, []any{kept, id}}, settled(c.deliveryID, c.receivedAt))
	})
}

// RestoreResponse brings a dismissed response back to the tray. One that is not dismissed stays as it is.
func (db *DB) RestoreResponse(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		x := db.inboxIn(tx)
		c, err := x.held(id)
		if err != nil || c.dismissal == 0 {
			return err
		}
		var reason string
		if err := tx.Raw(`SELECT reason FROM responses WHERE id = ?`, id).Scan(&reason).Error; err != nil {
			return err
		}
		if _, _, err := x.holdDelivery(c); err != nil {
			return err
		}
		if err := firstError(tx, stmtArgs{`UPDATE responses SET dismissal_id = 0 WHERE id = ?`, []any{id}}, reopened(c.deliveryID, c.receivedAt, reason)); err != nil {
			return err
		}
		return db.audit(tx, by, "response.restore", fmt.Sprintf("response %d", id), nil)
	})
}

// DismissDelivery settles a body that needs a person as a whole. A replay looks at it anew. ErrConflict: it needs nobody,
// or one of its responses does. Invalid: no reason.
func (db *DB) DismissDelivery(ctx context.Context, id int64, reason string, by By) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(`UPDATE deliveries SET state = 'done', whole = FALSE WHERE id = ? AND state IN ('unmatched', 'failed') AND (whole OR state = 'failed')
			AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.delivery_id = deliveries.id AND r.state <> 'complete' AND r.dismissal_id = 0)`, id)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return ErrConflict
		}
		_, err := db.dismiss(tx, "delivery", id, reason, by)
		return err
	})
}

// reasonOf is a reason as it is kept.
func reasonOf(reason string) (string, error) {
	reason = strings.TrimSpace(asUTF8(reason))
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return "", &Invalid{"reason", "Say why in at most 500 characters, for whoever finds it later."}
	}
	return reason, nil
}

func (db *DB) dismiss(tx *gorm.DB, kind string, id int64, reason string, by By) (int64, error) {
	row := dismissalRow{Kind: kind, OfID: id, Reason: reason, UserID: by.UserID, Name: by.Name, At: db.now()}
	if err := tx.Create(&row).Error; err != nil {
		return 0, err
	}
	return row.ID, db.audit(tx, by, kind+".dismiss", fmt.Sprintf("%s %d", kind, id), nil)
}

// ResponseDismissal is why a response is dismissed; ErrNotFound: it is not.
func (db *DB) ResponseDismissal(ctx context.Context, id int64) (Dismissal, error) {
	return db.dismissal(ctx, `JOIN responses r ON r.dismissal_id = d.id WHERE r.id = ?`, id)
}

// DeliveryDismissal is why a body was dismissed the last time; ErrNotFound: it never was.
func (db *DB) DeliveryDismissal(ctx context.Context, id int64) (Dismissal, error) {
	return db.dismissal(ctx, `WHERE d.kind = 'delivery' AND d.of_id = ? ORDER BY d.id DESC LIMIT 1`, id)
}

func (db *DB) dismissal(ctx context.Context, rest string, id int64) (d Dismissal, err error) {
	err = db.reader().QueryRowContext(ctx, `SELECT d.reason, d.user_id, d.name, d.at FROM dismissals d `+rest, id).Scan(&d.Reason, &d.UserID, &d.Name, &d.At)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return d, err
}

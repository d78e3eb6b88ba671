package models

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
)

// A Reveal is that somebody saw the hidden answers of a response, a visit or a delivery once, and why.
type Reveal struct {
	ID         int64
	ResponseID int64 // of these three one is not 0
	VisitID    int64
	DeliveryID int64
	UserID     int64
	Name       string
	At         Time
	Reason     string
	Keys       []string // which answers, as far as that is known
}

const (
	// maxRevealReason is how long a reason may be, in characters.
	maxRevealReason = 200
	// maxRevealed is how many keys a record names.
	maxRevealed = 200
)

// CheckReason tells what is wrong with the reason why somebody sees hidden answers: an *Invalid, or nil.
func CheckReason(reason string) error {
	n := utf8.RuneCountInString(strings.TrimSpace(reason))
	switch {
	case n < 3:
		return &Invalid{"reason", "Say why you need to see them."}
	case n > maxRevealReason || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl):
		return &Invalid{"reason", fmt.Sprintf("Say it in at most %d characters, on one line.", maxRevealReason)}
	}
	return nil
}

func (r Reveal) object() string {
	switch {
	case r.ResponseID != 0:
		return fmt.Sprintf("response %d", r.ResponseID)
	case r.VisitID != 0:
		return fmt.Sprintf("visit %d", r.VisitID)
	}
	return fmt.Sprintf("delivery %d", r.DeliveryID)
}

// AddReveal records that somebody is about to see hidden answers, in the audit log too; no value is in either, and in the
// latter no number that the reason names. Invalid: the reason.
func (db *DB) AddReveal(ctx context.Context, r Reveal, by By) (Reveal, error) {
	if err := CheckReason(r.Reason); err != nil {
		return r, err
	}
	r.Reason = strings.TrimSpace(r.Reason)
	r.Keys = r.Keys[:min(len(r.Keys), maxRevealed)]
	r.UserID, r.Name, r.At = by.UserID, asUTF8(by.Name), db.now()
	keys, err := encodeJSON(r.Keys)
	if err != nil {
		return r, err
	}
	return r, db.tx(ctx, func(tx *gorm.DB) error {
		err := inTx(tx).QueryRowContext(ctx, `INSERT INTO reveals (response_id, visit_id, delivery_id, user_id, name, at, reason, keys)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, r.ResponseID, r.VisitID, r.DeliveryID, r.UserID, r.Name, r.At, r.Reason, keys).Scan(&r.ID)
		if err != nil {
			return err
		}
		return db.audit(tx, by, "answers.reveal", r.object(), map[string]any{"reason": withoutNumbers(r.Reason), "answers": r.Keys})
	})
}

// ResponseReveals are who saw the hidden answers of a response, oldest first, at most maxHistory.
func (db *DB) ResponseReveals(ctx context.Context, id int64) ([]Reveal, error) {
	return db.reveals(ctx, `response_id = ? AND response_id > 0`, id)
}

// VisitReveals is ResponseReveals of a visit.
func (db *DB) VisitReveals(ctx context.Context, id int64) ([]Reveal, error) {
	return db.reveals(ctx, `visit_id = ? AND visit_id > 0`, id)
}

// DeliveryReveals is ResponseReveals of a delivery.
func (db *DB) DeliveryReveals(ctx context.Context, id int64) ([]Reveal, error) {
	return db.reveals(ctx, `delivery_id = ? AND delivery_id > 0`, id)
}

func (db *DB) reveals(ctx context.Context, of string, id int64) ([]Reveal, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT id, response_id, visit_id, delivery_id, user_id, name, at, reason, keys FROM
		(SELECT * FROM reveals WHERE `+of+` ORDER BY id DESC LIMIT ?) AS newest ORDER BY id`, id, maxHistory)
	return collect(rows, err, func(r *Reveal, s scanner) error {
		var keys jsonColumn[[]string]
		err := s.Scan(&r.ID, &r.ResponseID, &r.VisitID, &r.DeliveryID, &r.UserID, &r.Name, &r.At, &r.Reason, &keys)
		r.Keys = keys.V
		return err
	})
}

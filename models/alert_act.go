package models

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// maxNote bounds the note of an acknowledgement, in characters.
const maxNote = 2000

// An alertActRow is an act as it is written; AlertID is the alert that holds its time.
type alertActRow struct {
	ID      int64
	AlertID int64
	MetaID  string
	Kind    alert.Kind
	Verb    alert.Verb
	UserID  int64
	Name    string
	Note    string
	At      Time
}

func (alertActRow) TableName() string { return "alert_acts" }

func (a alertActRow) act() alert.Act {
	return alert.Act{ID: a.ID, Verb: a.Verb, By: a.UserID, Name: a.Name, Note: a.Note, At: a.At.Time}
}

// AcknowledgeAlert records that by has it. The same person again changes nothing; another gets an
// *alert.Conflict; a resolved one is ErrConflict. The alert as it then is is returned, also with a conflict.
func (db *DB) AcknowledgeAlert(ctx context.Context, id int64, note string, by By) (Alert, error) {
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > maxNote {
		return Alert{}, &Invalid{Field: "note", Message: "A note has at most 2,000 characters."}
	}
	return db.act(ctx, id, alert.Act{Verb: alert.Acknowledge, By: by.UserID, Name: by.Name, Note: note}, by)
}

// UnacknowledgeAlert takes the acknowledgement back; anyone who may acknowledge may.
func (db *DB) UnacknowledgeAlert(ctx context.Context, id int64, by By) (Alert, error) {
	return db.act(ctx, id, alert.Act{Verb: alert.Unacknowledge, By: by.UserID, Name: by.Name}, by)
}

// act does one act in one transaction. A conflict is no failure of the transaction: it tells what there is.
func (db *DB) act(ctx context.Context, id int64, act alert.Act, by By) (a Alert, err error) {
	var refused error
	err = db.tx(ctx, func(tx *gorm.DB) (err error) {
		q := inTx(tx)
		if a, err = alertByID(ctx, q, id); err != nil {
			return err
		}
		if err := db.engine.share(tx, lockInbox); err != nil {
			return err
		}
		if err := db.engine.lock(tx, aboutFlow(a.MetaID)); err != nil {
			return err
		}
		if a, err = alertByID(ctx, q, id); err != nil {
			return err // a notice came in between
		}
		act.At = db.now().Time
		changed, conflict := a.stretch().Apply(act)
		if conflict == nil && a.Status == alert.Resolved {
			conflict = ErrConflict
		}
		if refused = conflict; conflict != nil || !changed {
			return nil
		}
		if err := db.keepAct(ctx, tx, a, act, by); err != nil {
			return err
		}
		a, err = alertByID(ctx, q, id)
		return err
	})
	if err != nil {
		return Alert{}, fmt.Errorf("%s alert %d: %w", act.Verb, id, err)
	}
	return a, refused
}

func (db *DB) keepAct(ctx context.Context, tx *gorm.DB, a Alert, act alert.Act, by By) error {
	row := alertActRow{AlertID: a.ID, MetaID: a.MetaID, Kind: a.Kind, Verb: act.Verb, UserID: act.By, Name: act.Name, Note: act.Note, At: at(act.At)}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	if err := recut(ctx, tx, a.MetaID, a.Kind); err != nil {
		return err
	}
	return db.audit(tx, by, "alert."+string(act.Verb), fmt.Sprintf("alert %d", a.ID), nil)
}

// stretch is what the pure package needs to decide about an act.
func (a Alert) stretch() alert.Stretch {
	s := alert.Stretch{
		Key: a.Key, Status: a.Status, Severity: a.Severity, Thresholds: a.Thresholds,
		Since: a.SinceAt.Time, ResolvedAt: a.ResolvedAt.Time, ReopenedAt: a.ReopenedAt.Time, Acts: a.Acts,
	}
	if !a.AckAt.IsZero() {
		s.Ack = &alert.Act{Verb: alert.Acknowledge, By: a.AckBy, Name: a.AckName, Note: a.AckNote, At: a.AckAt.Time}
	}
	return s
}

// alertActs reads acts, oldest first; condition is ours, never a person's.
func alertActs(ctx context.Context, q querier, condition string, args ...any) ([]alert.Act, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, verb, user_id, name, note, at FROM alert_acts WHERE `+condition+` ORDER BY at, id`, args...)
	return collect(rows, err, func(a *alert.Act, s scanner) error {
		var when Time
		err := s.Scan(&a.ID, &a.Verb, &a.By, &a.Name, &a.Note, &when)
		a.At = when.Time
		return err
	})
}

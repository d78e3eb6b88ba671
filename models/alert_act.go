package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

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
	UntilAt Time
	ToID    int64
	ToName  string
	OfID    int64
	OnKey   string
}

func (alertActRow) TableName() string { return "alert_acts" }

func (a alertActRow) act() alert.Act {
	return alert.Act{ID: a.ID, Verb: a.Verb, By: a.UserID, Name: a.Name, Note: a.Note, At: a.At.Time,
		Until: a.UntilAt.Time, To: a.ToID, ToName: a.ToName, Of: a.OfID, On: a.OnKey}
}

// act does one act in one transaction. A conflict is no failure of the transaction: it tells what there is. What changes
// nothing is no error.
func (db *DB) act(ctx context.Context, id int64, act alert.Act, by By) (a Alert, err error) {
	var refused error
	act.By, act.Name = by.UserID, by.Name
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
		stretch := a.stretch()
		changed, conflict := stretch.Apply(act)
		if conflict == nil && a.Status == alert.Resolved && act.Verb.Open() {
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
	row := alertActRow{AlertID: a.ID, MetaID: a.MetaID, Kind: a.Kind, Verb: act.Verb, UserID: act.By, Name: act.Name, Note: act.Note, At: at(act.At),
		UntilAt: at(act.Until), ToID: act.To, ToName: act.ToName, OfID: act.Of, OnKey: act.On}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	if err := db.recut(ctx, tx, a.MetaID, a.Kind); err != nil {
		return err
	}
	var detail map[string]any
	switch act.Verb {
	case alert.Snooze:
		detail = map[string]any{"until": row.UntilAt}
	case alert.Assign:
		detail = map[string]any{"to": act.To}
	case alert.Undo:
		detail = map[string]any{"act": act.Of}
	}
	return db.audit(tx, by, "alert."+string(act.Verb), fmt.Sprintf("alert %d", a.ID), detail)
}

// stretch is what the pure package needs to decide about an act.
func (a Alert) stretch() alert.Stretch {
	s := alert.Stretch{
		Key: a.Key, Status: a.Status, Severity: a.Severity, Thresholds: a.Thresholds, SnoozedUntil: a.SnoozedUntil.Time,
		Since: a.SinceAt.Time, ResolvedAt: a.ResolvedAt.Time, ReopenedAt: a.ReopenedAt.Time, Acts: a.Acts,
	}
	if !a.AckAt.IsZero() {
		s.Ack = &alert.Act{Verb: alert.Acknowledge, By: a.AckBy, Name: a.AckName, Note: a.AckNote, At: a.AckAt.Time}
	}
	if a.AssignedTo != 0 {
		s.Assigned = &alert.Act{Verb: alert.Assign, To: a.AssignedTo, ToName: a.AssignedName}
	}
	return s
}

// alertActs reads acts, oldest first; condition is ours, never a person's.
func alertActs(ctx context.Context, q querier, condition string, args ...any) ([]alert.Act, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+alertActColumns+` FROM alert_acts WHERE `+condition+` ORDER BY at, id`, args...)
	return collect(rows, err, func(a *alert.Act, s scanner) error { return scanAct(a, s) })
}

const alertActColumns = `id, verb, user_id, name, note, at, until_at, to_id, to_name, of_id, on_key`

// scanAct reads alertActColumns, and what stands before them.
func scanAct(a *alert.Act, s scanner, before ...any) error {
	var when, until Time
	err := s.Scan(append(before, &a.ID, &a.Verb, &a.By, &a.Name, &a.Note, &when, &until, &a.To, &a.ToName, &a.Of, &a.On)...)
	a.At, a.Until = when.Time, until.Time
	return err
}

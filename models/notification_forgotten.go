package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"switchyard/models/alert"
)

// A forgotten is an alert that nobody has.
type forgotten struct {
	Alert
	heard Time // when we first heard of it, or it was active again
}

// Remind tells receivers of alerts that are active for longer than each wants to wait for an acknowledgement, outside their
// hours when those begin and nobody has it by then. It may run in several servers at once. told counts the notifications.
func (db *DB) Remind(ctx context.Context) (told int, err error) {
	all, err := db.Receivers(ctx)
	all = slices.DeleteFunc(all, func(r Receiver) bool { return r.Off || !slices.Contains(r.Moments, Forgotten) })
	if err != nil || len(all) == 0 {
		return 0, err
	}
	active, err := db.forgotten(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range active {
		n, err := db.remindOf(ctx, a, all)
		if told += n; err != nil {
			return told, err
		}
	}
	return told, nil
}

// forgotten are the alerts that are active and not put aside.
func (db *DB) forgotten(ctx context.Context) ([]forgotten, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT a.id, a.key, a.meta_id, a.kind, a.severity, a.since_at, a.reopened_at, a.snoozed_until, e.at, e.source, e.threshold,
			e.error_rate, e.p90, e.available, (SELECT min(o.arrived_at) FROM alert_events o WHERE o.alert_id = a.id AND o.activated)
		FROM alerts a JOIN alert_events e ON e.id = a.last_event WHERE a.status = ? AND a.snoozed_until <= ?`, alert.Active, db.now())
	return collect(rows, err, func(f *forgotten, row scanner) error {
		e := &f.Last
		err := row.Scan(&f.ID, &f.Key, &f.MetaID, &f.Kind, &f.Severity, &f.SinceAt, &f.ReopenedAt, &f.SnoozedUntil, &e.At, &e.Source, &e.Threshold,
			&e.ErrorRate, &e.P90, &e.Available, &f.heard)
		for _, later := range []Time{f.ReopenedAt, f.SnoozedUntil} {
			if later.After(f.heard.Time) {
				f.heard = later
			}
		}
		return err
	})
}

// remindOf tells those of an alert who waited long enough, if it still is as it was read.
func (db *DB) remindOf(ctx context.Context, a forgotten, all []Receiver) (told int, err error) {
	flow, name, err := flowOfAlert(ctx, db.reader(), a.MetaID)
	if err != nil {
		return 0, err
	}
	fact := Fact{Moment: Forgotten, Kind: a.Kind, MetaID: a.MetaID, Flow: name, Since: a.SinceAt, At: a.Last.At, Own: a.Last.Own(),
		Threshold: a.Last.Threshold, Figure: figureOf(a.Kind, a.Last.P90, a.Last.ErrorRate, a.Last.Available)}
	var due []Receiver
	for _, r := range all {
		late := !a.heard.Add(time.Duration(r.Forgotten) * time.Minute).After(db.Now())
		if late && !a.heard.Before(r.Since.Time) && r.wants(fact, flow, a.Severity) && r.Hears(a.Severity, db.Now()) {
			due = append(due, r)
		}
	}
	key := fmt.Sprintf("%s/%s/%d", Forgotten, a.Key, a.heard.Micros())
	if due, err = db.unheard(ctx, due, key); err != nil || len(due) == 0 {
		return 0, err
	}
	err = db.alongside(ctx, func(tx *gorm.DB) error {
		told = 0
		var id int64
		err := inTx(tx).QueryRowContext(ctx, `SELECT id FROM alerts WHERE id = ? AND status = ? AND snoozed_until <= ? AND reopened_at = ?`+db.engine.dialect().forUpdate,
			a.ID, alert.Active, db.now(), a.ReopenedAt).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		for _, r := range due {
			if err != nil {
				return err
			}
			var made bool
			if made, err = db.tell(tx, r.ID, id, key, a.Severity, fact); made {
				told++
			}
		}
		return err
	})
	return told, err
}

// unheard leaves out who has been told.
func (db *DB) unheard(ctx context.Context, all []Receiver, key string) ([]Receiver, error) {
	if len(all) == 0 {
		return nil, nil
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT receiver_id FROM notifications WHERE key = ? AND receiver_id IN (`+placeholders(len(all))+`)`,
		append([]any{key}, asAny(each(all, func(r Receiver) int64 { return r.ID }))...)...)
	told, err := collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
	return slices.DeleteFunc(all, func(r Receiver) bool { return slices.Contains(told, r.ID) }), err
}

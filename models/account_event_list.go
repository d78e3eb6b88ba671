package models

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// AccountEventFilter says which account events; the zero value is all.
type AccountEventFilter struct {
	Kind     string    // empty: any
	Channel  string    // empty: any
	Text     string    // every word occurs (folded) in field, subject, channel or summary
	From, To time.Time // half-open; zero: open
	Before   int64     // page: those before the one with that id; 0 = newest
	Limit    int       // 0 = 50
}

const accountEventColumns = `id, key, account, field, kind, subject, channel, summary, at, arrived_at, source, delivery_id, `

func (e *AccountEvent) scan(rows scanner) error {
	return rows.Scan(&e.ID, &e.Key, &e.Account, &e.Field, &e.Kind, &e.Subject, &e.Channel, &e.Summary, &e.At, &e.ArrivedAt,
		&e.Source, &e.DeliveryID, &e.Body)
}

// where is the filter as SQL, without the page.
func (f AccountEventFilter) where(d dialect) (w where, err error) {
	if f.Kind != "" {
		w.and(`kind = ?`, f.Kind)
	}
	if f.Channel != "" {
		w.and(`channel = ?`, bounded(f.Channel))
	}
	w.between(`at`, f.From, f.To)
	all, err := words(f.Text)
	d.search().inEach(&w, `search`, all)
	return w, err
}

// AccountEvents lists newest first; more tells whether an older page exists.
func (db *DB) AccountEvents(ctx context.Context, f AccountEventFilter) (rows []AccountEvent, more bool, err error) {
	w, err := f.where(db.engine.dialect())
	if err != nil {
		return nil, false, err
	}
	if f.Before > 0 {
		w.and(`(at, id) < ((SELECT at FROM account_events WHERE id = ?), ?)`, f.Before, f.Before)
	}
	limit := pageLimit(f.Limit)
	found, err := db.reader().QueryContext(ctx, `SELECT `+accountEventColumns+`'' FROM account_events `+w.sql()+` ORDER BY at DESC, id DESC LIMIT ?`,
		append(w.args, limit+1)...)
	rows, err = collect(found, err, (*AccountEvent).scan)
	if len(rows) > limit {
		return rows[:limit], true, err
	}
	return rows, false, err
}

// AccountEvent returns one with its body.
func (db *DB) AccountEvent(ctx context.Context, id int64) (AccountEvent, error) {
	var e AccountEvent
	err := e.scan(db.reader().QueryRowContext(ctx, `SELECT `+accountEventColumns+`body FROM account_events WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return AccountEvent{}, ErrNotFound
	}
	return e, err
}

// maxChannels bounds the choice of channels.
const maxChannels = 200

// AccountChannels lists the channels that account events name, in their order.
func (db *DB) AccountChannels(ctx context.Context) ([]string, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT channel FROM account_events WHERE channel <> '' ORDER BY channel LIMIT ?`, maxChannels)
	return collect(rows, err, func(c *string, s scanner) error { return s.Scan(c) })
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"switchyard/models/alert"
)

// An Alert is one condition of one flow, from first activation to resolution.
type Alert struct {
	ID         int64
	Key        string // of its first ACTIVATED event
	MetaID     string // Meta's flow id
	FlowSlug   string // empty: no such flow here (design/decisions.md 34)
	FlowName   string
	Kind       alert.Kind
	Status     alert.Status
	Severity   alert.Severity
	Thresholds []float64
	SinceAt    Time
	ResolvedAt Time
	ReopenedAt Time
	Last       AlertEvent // newest event: the figures that a list shows
	AckBy      int64
	AckName    string
	AckAt      Time
	AckNote    string
	Events     []AlertEvent // only from Alert(id); oldest first
	Acts       []alert.Act  // only from Alert(id); oldest first
}

// AlertFilter says which alerts; the zero value is all.
type AlertFilter struct {
	Status   alert.Status // empty: any
	MetaID   string
	From, To time.Time // since; half-open
	Before   int64     // page: ids below
	Limit    int       // 0 = 50
}

const selectAlerts = `SELECT a.id, a.key, a.meta_id, coalesce(f.slug, ''), coalesce(f.name, ''), a.kind, a.status, a.severity, a.thresholds,
	a.since_at, a.resolved_at, a.reopened_at, a.ack_by, a.ack_name, a.ack_at, a.ack_note, ` + alertEventColumns + `
	FROM alerts a JOIN alert_events e ON e.id = a.last_event LEFT JOIN flows f ON f.meta_id = a.meta_id AND f.meta_id <> '' `

func (a *Alert) scan(rows scanner) error {
	return rows.Scan(append([]any{&a.ID, &a.Key, &a.MetaID, &a.FlowSlug, &a.FlowName, &a.Kind, &a.Status, &a.Severity,
		&jsonInto{&a.Thresholds}, &a.SinceAt, &a.ResolvedAt, &a.ReopenedAt, &a.AckBy, &a.AckName, &a.AckAt, &a.AckNote}, a.Last.fields()...)...)
}

// where is the filter as SQL, without the page.
func (f AlertFilter) where() (w where) {
	if f.Status != "" {
		w.and(`a.status = ?`, f.Status)
	}
	if f.MetaID != "" {
		w.and(`a.meta_id = ?`, f.MetaID)
	}
	w.between(`a.since_at`, f.From, f.To)
	return w
}

// Alerts lists newest activation first; more tells whether an older page exists.
func (db *DB) Alerts(ctx context.Context, f AlertFilter) (rows []Alert, more bool, err error) {
	w := f.where()
	if f.Before > 0 {
		w.and(`(a.since_at, a.id) < ((SELECT since_at FROM alerts WHERE id = ?), ?)`, f.Before, f.Before)
	}
	limit := pageLimit(f.Limit)
	found, err := db.reader().QueryContext(ctx, selectAlerts+w.sql()+` ORDER BY a.since_at DESC, a.id DESC LIMIT ?`, append(w.args, limit+1)...)
	rows, err = collect(found, err, (*Alert).scan)
	if len(rows) > limit {
		return rows[:limit], true, err
	}
	return rows, false, err
}

// AlertCounts counts by status.
func (db *DB) AlertCounts(ctx context.Context) (map[alert.Status]int, error) {
	type count struct {
		status alert.Status
		n      int
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT status, count(*) FROM alerts GROUP BY status`)
	all, err := collect(rows, err, func(c *count, s scanner) error { return s.Scan(&c.status, &c.n) })
	counts := map[alert.Status]int{alert.Active: 0, alert.Acknowledged: 0, alert.Resolved: 0}
	for _, c := range all {
		counts[c.status] = c.n
	}
	return counts, err
}

// Alert returns one with its events and acts.
func (db *DB) Alert(ctx context.Context, id int64) (Alert, error) {
	return alertByID(ctx, db.reader(), id)
}

// alertByID reads on a pool or in a transaction.
func alertByID(ctx context.Context, q querier, id int64) (Alert, error) {
	var a Alert
	err := a.scan(q.QueryRowContext(ctx, selectAlerts+`WHERE a.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Alert{}, ErrNotFound
	}
	if err != nil {
		return Alert{}, err
	}
	all := []Alert{a}
	if err := addAlertEvents(ctx, q, all); err != nil {
		return Alert{}, err
	}
	all[0].Acts, err = alertActs(ctx, q, `alert_id = ?`, id)
	return all[0], err
}

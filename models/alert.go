package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"switchyard/models/alert"
)

// An Alert is one condition of one flow, from first activation to resolution.
type Alert struct {
	ID         int64
	Key        string // of its first ACTIVATED event
	MetaID     string // Meta's flow id, or that of a flow without one (Flow.AlertID)
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

	SnoozedUntil Time // zero: not snoozed, or it got worse since
	AssignedTo   int64
	AssignedName string
	ClosedName   string // who resolved it by hand
	ClosedNote   string // and why

	Events []AlertEvent // only from Alert(id); oldest first
	Acts   []alert.Act  // only from Alert(id); oldest first
}

// AtMeta tells whether MetaID is Meta's.
func (a Alert) AtMeta() bool { return a.MetaID != "" && !strings.HasPrefix(a.MetaID, localFlow) }

// Standing is the status for people: Snoozed until a time comes.
func (a Alert) Standing(now time.Time) alert.Status {
	return alert.Standing(a.Status, a.SnoozedUntil.Time, now)
}

// AlertFilter says which alerts; the zero value is all.
type AlertFilter struct {
	Status   alert.Status // empty: any; Active and Acknowledged are those that are not Snoozed
	Open     bool         // only those that are not resolved
	MetaID   string
	Kind     alert.Kind     // empty: any
	Severity alert.Severity // at least; 0: any
	From, To time.Time      // since; half-open
	Before   int64          // page: ids below
	Limit    int            // 0 = 50
}

const selectAlerts = `SELECT a.id, a.key, a.meta_id, coalesce(f.slug, ''), coalesce(f.name, ''), a.kind, a.status, a.severity, a.thresholds,
	a.since_at, a.resolved_at, a.reopened_at, a.ack_by, a.ack_name, a.ack_at, a.ack_note,
	a.snoozed_until, a.assigned_to, a.assigned_name, a.closed_name, a.closed_note, ` + alertEventColumns + `
	FROM alerts a JOIN alert_events e ON e.id = a.last_event LEFT JOIN flows f ON ` + sqlFlowOfAlert + ` `

// sqlFlowOfAlert finds the flow f of an alert a.
const sqlFlowOfAlert = `(f.meta_id = a.meta_id AND f.meta_id <> '' OR '` + localFlow + `' || f.id = a.meta_id)`

func (a *Alert) scan(rows scanner) error {
	return rows.Scan(append([]any{&a.ID, &a.Key, &a.MetaID, &a.FlowSlug, &a.FlowName, &a.Kind, &a.Status, &a.Severity,
		&jsonInto{&a.Thresholds}, &a.SinceAt, &a.ResolvedAt, &a.ReopenedAt, &a.AckBy, &a.AckName, &a.AckAt, &a.AckNote,
		&a.SnoozedUntil, &a.AssignedTo, &a.AssignedName, &a.ClosedName, &a.ClosedNote}, a.Last.fields()...)...)
}

// where is the filter as SQL, without the page.
func (f AlertFilter) where(now Time) (w where) {
	switch f.Status {
	case "":
	case alert.Resolved:
		w.and(`a.status = ?`, f.Status)
	case alert.Snoozed:
		w.and(`a.status IN ('active', 'acknowledged') AND a.snoozed_until > ?`, now)
	default:
		w.and(`a.status = ? AND a.snoozed_until <= ?`, f.Status, now)
	}
	if f.Open {
		w.and(`a.status IN ('active', 'acknowledged')`)
	}
	if f.MetaID != "" {
		w.and(`a.meta_id = ?`, f.MetaID)
	}
	if f.Kind != "" {
		w.and(`a.kind = ?`, f.Kind)
	}
	if f.Severity > 0 {
		w.and(`a.severity >= ?`, f.Severity)
	}
	w.between(`a.since_at`, f.From, f.To)
	return w
}

// Alerts lists newest activation first; more tells whether an older page exists.
func (db *DB) Alerts(ctx context.Context, f AlertFilter) (rows []Alert, more bool, err error) {
	w := f.where(db.now())
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

// AlertCounts counts what the filter matches by status as they stand now; what is snoozed counts as that alone. The
// filter's own status and page are not used.
func (db *DB) AlertCounts(ctx context.Context, f AlertFilter) (map[alert.Status]int, error) {
	type count struct {
		status alert.Status
		n      int
		sleeps bool
	}
	now := db.now()
	f.Status = ""
	every, asleep := f.where(now), f.where(now)
	asleep.and(`a.status IN ('active', 'acknowledged') AND a.snoozed_until > ?`, now)
	rows, err := db.reader().QueryContext(ctx, `SELECT a.status, count(*), FALSE FROM alerts a `+every.sql()+` GROUP BY a.status
		UNION ALL SELECT a.status, count(*), TRUE FROM alerts a `+asleep.sql()+` GROUP BY a.status`, slices.Concat(every.args, asleep.args)...)
	all, err := collect(rows, err, func(c *count, s scanner) error { return s.Scan(&c.status, &c.n, &c.sleeps) })
	counts := map[alert.Status]int{alert.Active: 0, alert.Acknowledged: 0, alert.Snoozed: 0, alert.Resolved: 0}
	for _, c := range all {
		if c.sleeps {
			counts[alert.Snoozed] += c.n
			c.n = -c.n
		}
		counts[c.status] += c.n
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

package models

import (
	"context"

	"switchyard/models/alert"
)

// What alert_state says; anything else is kept on the flow's timeline.
const (
	activated   = "ACTIVATED"
	deactivated = "DEACTIVATED"
)

// ownSource is the source of what our own monitor says.
const ownSource = "switchyard"

// An AlertEvent is one notice.
type AlertEvent struct {
	ID         int64
	AlertID    int64  // 0: a DEACTIVATED with nothing open
	DeliveryID int64  // 0: of our own monitor
	Source     string // meta, 360dialog, switchyard
	Activated  bool
	At         Time // its own time, else its arrival
	ArrivedAt  Time
	Threshold  *float64
	ErrorRate  *float64 // percent
	P50, P90   *float64 // ms
	Requests   *float64
	Available  *float64 // percent
	Errors     []AlertError
	Message    string
}

// An AlertError is one row of an alert's errors.
type AlertError struct {
	Type  string   `json:"type"`
	Count *float64 `json:"count,omitempty"`
	Rate  *float64 `json:"rate,omitempty"` // percent of the errors
}

// An alertEventRow is an event as it is written.
type alertEventRow struct {
	ID         int64
	Key        string
	MetaID     string
	Kind       alert.Kind
	AlertID    int64
	Place      int // in its alert's timeline
	DeliveryID int64
	Source     string
	Activated  bool
	At         Time
	ArrivedAt  Time
	Threshold  *float64
	ErrorRate  *float64
	P50        *float64
	P90        *float64
	Requests   *float64
	Available  *float64
	Errors     string
	Message    string
	Body       string
}

func (alertEventRow) TableName() string { return "alert_events" }

const alertEventColumns = `e.id, e.alert_id, e.delivery_id, e.source, e.activated, e.at, e.arrived_at, e.threshold, e.error_rate, e.p50, e.p90,
	e.requests, e.available, e.errors, e.message`

func (e *AlertEvent) fields() []any {
	return []any{&e.ID, &e.AlertID, &e.DeliveryID, &e.Source, &e.Activated, &e.At, &e.ArrivedAt, &e.Threshold, &e.ErrorRate, &e.P50, &e.P90,
		&e.Requests, &e.Available, &jsonInto{&e.Errors}, &e.Message}
}

// Own tells whether our own monitor said it, not Meta.
func (e AlertEvent) Own() bool { return e.Source == ownSource }

// alertEvent writes one notice and cuts the alerts of its flow and kind anew.
func (x *inboxTx) alertEvent(e InFlowEvent, s stored) error {
	errs := "[]"
	if len(e.Errors) > 0 {
		var err error
		if errs, err = encodeJSON(e.Errors); err != nil {
			return err
		}
	}
	row := alertEventRow{
		Key: e.Key, MetaID: e.MetaID, Kind: alert.Kind(e.Event), DeliveryID: s.id, Source: s.source, Activated: e.State == activated,
		At: e.At, ArrivedAt: s.received, Threshold: e.Threshold, ErrorRate: e.ErrorRate, P50: e.P50, P90: e.P90, Requests: e.Requests,
		Available: e.Available, Errors: errs, Message: e.Message, Body: string(e.Body),
	}
	made := x.tx.Clauses(once).Create(&row)
	if made.Error != nil || made.RowsAffected == 0 {
		return made.Error
	}
	return x.db.recut(x.ctx, x.tx, e.MetaID, alert.Kind(e.Event))
}

// addAlertEvents fills Events of all alerts with one query.
func addAlertEvents(ctx context.Context, q querier, alerts []Alert) error {
	ids, index := make([]any, len(alerts)), make(map[int64]int, len(alerts))
	for i, a := range alerts {
		ids[i], index[a.ID] = a.ID, i
	}
	rows, err := q.QueryContext(ctx, `SELECT `+alertEventColumns+` FROM alert_events e WHERE e.alert_id IN (`+placeholders(len(ids))+`) ORDER BY e.alert_id, e.place`, ids...)
	events, err := collect(rows, err, func(e *AlertEvent, s scanner) error { return s.Scan(e.fields()...) })
	for _, e := range events {
		a := &alerts[index[e.AlertID]]
		a.Events = append(a.Events, e)
	}
	return err
}

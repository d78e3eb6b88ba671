package models

import (
	"context"

	"switchyard/models/alert"
)

// similarAlerts is how many earlier alerts a page shows.
const similarAlerts = 5

// SimilarAlerts are the earlier ones of the same flow and kind, the newest first, with what people did.
func (db *DB) SimilarAlerts(ctx context.Context, a Alert) ([]Alert, error) {
	rows, _, err := db.Alerts(ctx, AlertFilter{MetaID: a.MetaID, Kind: a.Kind, Before: a.ID, Limit: similarAlerts})
	if err != nil {
		return nil, err
	}
	return rows, addAlertActs(ctx, db.reader(), rows)
}

// addAlertActs fills Acts of all alerts with one query.
func addAlertActs(ctx context.Context, q querier, alerts []Alert) error {
	if len(alerts) == 0 {
		return nil
	}
	ids, index := make([]any, len(alerts)), make(map[int64]int, len(alerts))
	for i, a := range alerts {
		ids[i], index[a.ID] = a.ID, i
	}
	type owned struct {
		alertID int64
		alert.Act
	}
	rows, err := q.QueryContext(ctx, `SELECT alert_id, `+alertActColumns+` FROM alert_acts WHERE alert_id IN (`+placeholders(len(ids))+`) ORDER BY at, id`, ids...)
	acts, err := collect(rows, err, func(o *owned, s scanner) error { return scanAct(&o.Act, s, &o.alertID) })
	for _, o := range acts {
		a := &alerts[index[o.alertID]]
		a.Acts = append(a.Acts, o.Act)
	}
	return err
}

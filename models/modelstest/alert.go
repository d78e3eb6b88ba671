package modelstest

import (
	"context"
	"fmt"

	"switchyard/models"
	"switchyard/models/alert"
)

// Notice applies an alert notice of a Meta flow id: ACTIVATED or DEACTIVATED, with that threshold, at that time.
func (db *DB) Notice(metaID string, kind alert.Kind, state string, threshold float64, at models.Time) {
	db.t.Helper()
	db.Deliver(models.Delivery{}, models.Decoded{Flows: []models.InFlowEvent{{
		Key: fmt.Sprintf("notice%d", db.next()), MetaID: metaID, Event: string(kind), State: state, At: at, Threshold: &threshold,
		Body: []byte(`{}`),
	}}})
}

// NewAlert saves an active alert of a Meta flow id and returns it.
func (db *DB) NewAlert(metaID string, kind alert.Kind, threshold float64) models.Alert {
	db.t.Helper()
	ctx := context.Background()
	db.Notice(metaID, kind, "ACTIVATED", threshold, db.Time())
	rows, _, err := db.Alerts(ctx, models.AlertFilter{MetaID: metaID, Status: alert.Active})
	db.must("Alerts", err)
	for _, a := range rows {
		if a.Kind == kind {
			a, err = db.Alert(ctx, a.ID)
			db.must("Alert", err)
			return a
		}
	}
	db.t.Fatalf("the alert of flow %s was not saved", metaID)
	return models.Alert{}
}

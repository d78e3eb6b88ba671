package models_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

var (
	first  = models.By{UserID: 1, Name: "Ada"}
	second = models.By{UserID: 2, Name: "Bob"}
)

func alertByID(t *testing.T, db *modelstest.DB, id int64) models.Alert {
	t.Helper()
	a, err := db.Alert(t.Context(), id)
	if err != nil {
		t.Fatalf("Alert(%d) = %v", id, err)
	}
	return a
}

func TestAnAlertLivesFromItsFirstActivationToItsRecovery(t *testing.T) {
	db := modelstest.Open(t)
	db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	at := db.Time
	a := db.NewAlert("691", alert.EndpointErrorRate, 10)
	if a.Status != alert.Active || a.FlowSlug != "claim" || len(a.Events) != 1 || !slices.Equal(a.Thresholds, []float64{10}) || a.Last.ID != a.Events[0].ID {
		t.Fatalf("new alert = %+v", a)
	}
	db.Advance(time.Minute)
	db.Notice("691", alert.EndpointErrorRate, "ACTIVATED", 50, at())
	if a = alertByID(t, db, a.ID); len(a.Events) != 2 || !slices.Equal(a.Thresholds, []float64{10, 50}) || *a.Last.Threshold != 50 {
		t.Errorf("after 50 %%: thresholds %v, %d events; want 10 and 50", a.Thresholds, len(a.Events))
	}
	db.Advance(time.Minute)
	db.Notice("691", alert.EndpointErrorRate, "DEACTIVATED", 10, at())
	if a = alertByID(t, db, a.ID); a.Status != alert.Resolved || !a.ResolvedAt.Equal(db.Now()) || len(a.Events) != 3 {
		t.Errorf("after recovery: %s at %v, %d events; want resolved", a.Status, a.ResolvedAt, len(a.Events))
	}
	db.Advance(time.Minute)
	db.Notice("691", alert.EndpointErrorRate, "DEACTIVATED", 5, at())
	db.Advance(time.Minute)
	again := db.NewAlert("691", alert.EndpointErrorRate, 5)
	if again.ID == a.ID {
		t.Error("a later activation lengthened the resolved alert; want a new one")
	}
	db.NewAlert("999", alert.EndpointLatency, 1000)
	rows, more, err := db.Alerts(t.Context(), models.AlertFilter{Limit: 2})
	if err != nil || !more || len(rows) != 2 {
		t.Fatalf("Alerts(2) = %d, %v, %v; want 2 and more", len(rows), more, err)
	}
	rows, more, err = db.Alerts(t.Context(), models.AlertFilter{Limit: 2, Before: rows[1].ID})
	if err != nil || more || len(rows) != 1 || rows[0].ID != a.ID {
		t.Errorf("the next page = %d, %v, %v; want the oldest alone", len(rows), more, err)
	}
	counts, err := db.AlertCounts(t.Context(), models.AlertFilter{})
	if err != nil || counts[alert.Active] != 2 || counts[alert.Resolved] != 1 || counts[alert.Acknowledged] != 0 {
		t.Errorf("AlertCounts() = %v, %v", counts, err)
	}
	counts, err = db.AlertCounts(t.Context(), models.AlertFilter{MetaID: "999", Status: alert.Resolved, Before: 1})
	if err != nil || counts[alert.Active] != 1 || counts[alert.Resolved] != 0 {
		t.Errorf("AlertCounts(of 999) = %v, %v; want its own in every state", counts, err)
	}
	var each []string
	for a, err := range db.EachAlert(t.Context(), models.AlertFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		each = append(each, a.MetaID+" "+string(a.Status)+strings.Repeat("*", len(a.Events)))
	}
	if want := []string{"691 resolved***", "691 active*", "999 active*"}; !slices.Equal(each, want) {
		t.Errorf("EachAlert = %q; want %q", each, want)
	}
	if n := count(t, db, "SELECT count(*) FROM alert_events WHERE alert_id = 0"); n != 1 {
		t.Errorf("%d events of no alert; want the DEACTIVATED with nothing open", n)
	}
}

func TestAnOpenAlertIsListedHoweverManyCameSince(t *testing.T) {
	db := modelstest.Open(t)
	old := db.NewAlert("691", alert.EndpointLatency, 1000)
	for range 2 {
		db.Advance(time.Minute)
		db.NewAlert("691", alert.EndpointErrorRate, 10)
		db.Advance(time.Minute)
		db.Notice("691", alert.EndpointErrorRate, "DEACTIVATED", 10, db.Time())
	}
	rows, more, err := db.Alerts(t.Context(), models.AlertFilter{MetaID: "691", Open: true, Limit: 1})
	if err != nil || more || len(rows) != 1 || rows[0].ID != old.ID {
		t.Errorf("Alerts(open) = %+v, %v, %v; want the oldest alone", rows, more, err)
	}
}

func TestSecondPersonAcknowledgingIsConflict(t *testing.T) {
	db := modelstest.Open(t)
	a := db.NewAlert("1", alert.EndpointErrorRate, 10)
	db.Advance(time.Minute)
	audits := count(t, db, "SELECT count(*) FROM audit")
	got, err := db.AcknowledgeAlert(t.Context(), a.ID, "  looking  ", first)
	if err != nil || got.Status != alert.Acknowledged || got.AckBy != 1 || got.AckName != "Ada" || got.AckNote != "looking" || !got.AckAt.Equal(db.Now()) || len(got.Acts) != 1 {
		t.Fatalf("AcknowledgeAlert() = %+v, %v", got, err)
	}
	since := got.AckAt
	db.Advance(time.Minute)
	if got, err = db.AcknowledgeAlert(t.Context(), a.ID, "again", first); err != nil || !got.AckAt.Equal(since.Time) || got.AckNote != "looking" {
		t.Errorf("the same person again = %v at %v, %v; want no change", got.Status, got.AckAt, err)
	}
	var conflict *alert.Conflict
	if got, err = db.AcknowledgeAlert(t.Context(), a.ID, "", second); !errors.As(err, &conflict) || conflict.Name != "Ada" || got.AckName != "Ada" {
		t.Errorf("another person = %q, %v; want a conflict that names Ada", got.AckName, err)
	}
	if n := count(t, db, "SELECT count(*) FROM audit"); n != audits+1 {
		t.Errorf("%d audit rows; want one: only the change", n-audits)
	}
	if got, err = db.UnacknowledgeAlert(t.Context(), a.ID, second); err != nil || got.Status != alert.Active || len(got.Acts) != 2 {
		t.Errorf("UnacknowledgeAlert() = %s, %v; want active", got.Status, err)
	}
	db.Advance(time.Minute)
	if got, err = db.AcknowledgeAlert(t.Context(), a.ID, "", second); err != nil || got.AckName != "Bob" {
		t.Errorf("AcknowledgeAlert by Bob = %q, %v", got.AckName, err)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "DEACTIVATED", 10, db.Time())
	for what, act := range map[string]func() (models.Alert, error){
		"acknowledge":   func() (models.Alert, error) { return db.AcknowledgeAlert(t.Context(), a.ID, "", first) },
		"unacknowledge": func() (models.Alert, error) { return db.UnacknowledgeAlert(t.Context(), a.ID, first) },
	} {
		if got, err = act(); !errors.Is(err, models.ErrConflict) || got.Status != alert.Resolved {
			t.Errorf("%s a resolved alert = %s, %v; want %v and the alert", what, got.Status, err, models.ErrConflict)
		}
	}
	if _, err = db.AcknowledgeAlert(t.Context(), 1<<40, "", first); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("AcknowledgeAlert(none) = %v; want %v", err, models.ErrNotFound)
	}
	var invalid *models.Invalid
	if _, err = db.AcknowledgeAlert(t.Context(), a.ID, strings.Repeat("x", 2001), first); !errors.As(err, &invalid) || invalid.Field != "note" {
		t.Errorf("AcknowledgeAlert(long note) = %v; want Invalid", err)
	}
}

func TestAnAcknowledgedAlertThatGetsWorseIsActiveAgain(t *testing.T) {
	db := modelstest.Open(t)
	a := db.NewAlert("1", alert.EndpointErrorRate, 5)
	db.Advance(time.Minute)
	if _, err := db.AcknowledgeAlert(t.Context(), a.ID, "", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "ACTIVATED", 50, db.Time())
	if got := alertByID(t, db, a.ID); got.Status != alert.Active || !got.ReopenedAt.Equal(db.Now()) || got.AckName != "Ada" {
		t.Errorf("after it got worse: %s, reopened %v, by %q; want active again, Ada remembered", got.Status, got.ReopenedAt, got.AckName)
	}
}

// An event or an act writes the alert that it changes, not all that the flow ever had.
func TestAlertsThatAreOverAreNotWrittenAgain(t *testing.T) {
	db := modelstest.Open(t)
	over := db.NewAlert("1", alert.EndpointErrorRate, 5)
	db.Advance(time.Minute)
	if _, err := db.AcknowledgeAlert(t.Context(), over.ID, "mine", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "DEACTIVATED", 5, db.Time())
	guards := []string{`CREATE TRIGGER guard BEFORE UPDATE ON alerts WHEN old.status = 'resolved' BEGIN SELECT raise(ABORT, 'written again'); END`}
	if modelstest.Postgres() {
		guards = []string{`CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''written again''; END'`,
			`CREATE TRIGGER guard BEFORE UPDATE ON alerts FOR EACH ROW WHEN (old.status = 'resolved') EXECUTE FUNCTION guard()`}
	}
	p := modelstest.SQL(t, db.URL)
	for _, text := range guards {
		if _, err := p.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	db.Advance(time.Minute)
	again := db.NewAlert("1", alert.EndpointErrorRate, 5)
	if _, err := db.AcknowledgeAlert(t.Context(), again.ID, "", first); err != nil {
		t.Errorf("AcknowledgeAlert(the next) = %v", err)
	}
	if got := alertByID(t, db, over.ID); got.Status != alert.Resolved || got.AckNote != "mine" {
		t.Errorf("the alert before = %s, note %q; want it as it was", got.Status, got.AckNote)
	}
}

// A late event moves the borders of alerts: addresses and acts stay.
func TestALateEventKeepsTheAlertsAddressAndActs(t *testing.T) {
	db := modelstest.Open(t)
	start := db.Time()
	later := func(m int) models.Time { return models.Time{Time: start.Add(time.Duration(m) * time.Minute)} }
	db.Advance(time.Hour)
	db.Notice("1", alert.EndpointLatency, "ACTIVATED", 1000, later(10))
	rows, _, err := db.Alerts(t.Context(), models.AlertFilter{})
	if err != nil || len(rows) != 1 {
		t.Fatal(len(rows), err)
	}
	id := rows[0].ID
	db.Advance(time.Minute)
	if _, err := db.AcknowledgeAlert(t.Context(), id, "mine", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointLatency, "ACTIVATED", 1000, later(5)) // an earlier beginning
	a := alertByID(t, db, id)
	if !a.SinceAt.Equal(later(5).Time) || len(a.Events) != 2 || a.AckNote != "mine" || a.Status != alert.Acknowledged {
		t.Errorf("after an earlier event: since %v, %d events, %s %q; want the same alert, begun earlier", a.SinceAt, len(a.Events), a.Status, a.AckNote)
	}
	db.Notice("1", alert.EndpointLatency, "DEACTIVATED", 1000, later(7)) // splits it
	rows, _, err = db.Alerts(t.Context(), models.AlertFilter{})
	if err != nil || len(rows) != 2 || rows[0].Status == alert.Resolved || rows[1].Status != alert.Resolved {
		t.Fatalf("after a recovery between: %+v, %v; want two alerts, the older resolved", rows, err)
	}
	if n := count(t, db, "SELECT count(*) FROM alert_acts WHERE alert_id IN (SELECT id FROM alerts)"); n != 1 {
		t.Errorf("%d acts of an alert that is there; want 1", n)
	}
	for _, r := range rows {
		a := alertByID(t, db, r.ID)
		for _, e := range a.Events {
			if e.AlertID != a.ID {
				t.Errorf("event %d is of alert %d; want %d", e.ID, e.AlertID, a.ID)
			}
		}
	}
}

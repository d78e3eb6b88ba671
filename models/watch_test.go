package models_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/modelstest"
)

// watch lets our own monitor look, and wants so many events of it.
func watch(t *testing.T, db *modelstest.DB, want int) {
	t.Helper()
	if said, err := db.Watch(t.Context()); err != nil || said != want {
		t.Errorf("Watch() = %d, %v; want %d events", said, err, want)
	}
}

// onlyAlert is the one alert there is.
func onlyAlert(t *testing.T, db *modelstest.DB) models.Alert {
	t.Helper()
	rows, _, err := db.Alerts(t.Context(), models.AlertFilter{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d alerts, %v; want one", len(rows), err)
	}
	return alertByID(t, db, rows[0].ID)
}

func TestOurMonitorAndMetaMeetInOneAlert(t *testing.T) {
	db := modelstest.Open(t)
	db.NewFlow("claim", func(f *models.Flow) { f.MetaID = "691" })
	other := modelstest.OpenAt(t, db.URL)
	watch(t, db, 0)
	addTallies(t, db, "claim", answered(40, 800*time.Millisecond))
	watch(t, db, 1)
	watch(t, other, 0)
	a := onlyAlert(t, db)
	e := a.Events[0]
	if !e.Own() || a.Kind != alert.EndpointLatency || a.FlowSlug != "claim" || fmt.Sprint(a.Thresholds) != "[700]" || *e.P90 < 700 || *e.P90 > 800 || *e.Requests != 40 || e.Available != nil {
		t.Fatalf("alert = %s %v, event %+v; want our own of latency", a.Kind, a.Thresholds, e)
	}
	db.Advance(time.Minute)
	db.Notice("691", alert.EndpointLatency, "ACTIVATED", 1000, db.Time())
	if a = onlyAlert(t, db); len(a.Events) != 2 || fmt.Sprint(a.Thresholds) != "[700 1000]" {
		t.Errorf("after Meta's notice: %d events, %v; want both in one alert", len(a.Events), a.Thresholds)
	}
	for range 12 {
		addTallies(t, db, "claim", answered(40, 80*time.Millisecond))
		db.Advance(time.Minute)
	}
	watch(t, db, 1)
	if a = onlyAlert(t, db); a.Status != alert.Active || fmt.Sprint(a.Thresholds) != "[1000]" {
		t.Errorf("after our recovery: %s %v; want it active for Meta", a.Status, a.Thresholds)
	}
	db.Notice("691", alert.EndpointLatency, "DEACTIVATED", 1000, db.Time())
	if a = onlyAlert(t, db); a.Status != alert.Resolved || len(a.Events) != 4 {
		t.Errorf("after Meta's recovery: %s, %d events; want resolved", a.Status, len(a.Events))
	}
}

func TestWhatAPersonResolvedIsNotSaidAgainUntilItRecovered(t *testing.T) {
	db := modelstest.Open(t)
	db.NewFlow("claim")
	addTallies(t, db, "claim", answered(40, 800*time.Millisecond))
	watch(t, db, 1)
	if _, err := db.ResolveAlert(t.Context(), onlyAlert(t, db).ID, "known", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	addTallies(t, db, "claim", answered(40, 800*time.Millisecond))
	watch(t, db, 0)
	db.Advance(45 * time.Minute)
	addTallies(t, db, "claim", answered(40, 80*time.Millisecond))
	watch(t, db, 1) // the end of what was resolved: it opens nothing
	onlyAlert(t, db)
	db.Advance(30 * time.Minute)
	addTallies(t, db, "claim", answered(40, 800*time.Millisecond))
	watch(t, db, 1)
	if n := count(t, db, "SELECT count(*) FROM alerts"); n != 2 {
		t.Errorf("%d alerts; want a new one", n)
	}
}

func TestAFlowThatGetsItsIDIsWatchedByThatID(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	tally := answered(40, 80*time.Millisecond)
	tally.Fallbacks = 10
	addTallies(t, db, "claim", tally)
	watch(t, db, 3)
	a := onlyAlert(t, db)
	if a.FlowSlug != "claim" || a.MetaID != f.AlertID() || fmt.Sprint(a.Thresholds) != "[3 5 10]" || len(a.Last.Errors) != 1 || a.Last.Errors[0].Type != "FALLBACK" {
		t.Fatalf("alert of a flow without an id: %+v", a)
	}
	if ids, err := db.UnknownFlows(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("UnknownFlows() = %q, %v; want none", ids, err)
	}
	if flows, err := db.Flows(t.Context()); err != nil || flows[0].OpenAlerts != 1 {
		t.Errorf("Flows() = %+v, %v; want one open alert", flows, err)
	}
	f.MetaID = "691"
	if _, err := db.UpdateFlow(t.Context(), f, first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Second)
	watch(t, db, 4)
	if got := lines(t, db, "SELECT meta_id || ' ' || status FROM alerts ORDER BY id"); fmt.Sprint(got) != fmt.Sprintf("[flow:%d resolved 691 active]", f.ID) {
		t.Errorf("alerts = %q; want the old one resolved and one of the new id", got)
	}
}

func TestLimitsOfAFlow(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	if l, err := db.Limits(t.Context(), f.ID); err != nil || l != alert.DefaultLimits {
		t.Errorf("Limits() = %+v, %v; want the default", l, err)
	}
	want := alert.Limits{Latency: 900, EndpointErrors: 0, ClientErrors: 4.5, Availability: 99, Requests: 10}
	for range 2 { // made, then changed
		if err := db.SetLimits(t.Context(), f.ID, want, first); err != nil {
			t.Fatal(err)
		}
		if l, err := db.Limits(t.Context(), f.ID); err != nil || l != want {
			t.Errorf("Limits() = %+v, %v; want %+v", l, err, want)
		}
		want.Latency = 950
	}
	addTallies(t, db, "claim", answered(10, 750*time.Millisecond))
	watch(t, db, 0)
	if n := count(t, db, "SELECT count(*) FROM audit WHERE action = 'flow.limits'"); n != 2 {
		t.Errorf("%d audit rows; want 2", n)
	}
	for field, wrong := range map[string]alert.Limits{
		"latency": {Latency: 1, Requests: 1}, "endpoint_errors": {EndpointErrors: 101, Requests: 1}, "client_errors": {ClientErrors: -1, Requests: 1},
		"availability": {Availability: 100, Requests: 1}, "requests": {},
	} {
		var invalid *models.Invalid
		if err := db.SetLimits(t.Context(), f.ID, wrong, first); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("SetLimits(%+v) = %v; want Invalid %s", wrong, err, field)
		}
	}
	if err := db.SetLimits(t.Context(), 99, want, first); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("SetLimits(no flow) = %v; want %v", err, models.ErrNotFound)
	}
}

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

func standing(db *modelstest.DB, a models.Alert) string { return string(a.Standing(db.Now())) }

func TestASnoozedAlertStaysAwayUntilItsTimeOrUntilItGetsWorse(t *testing.T) {
	db := modelstest.Open(t)
	a := db.NewAlert("1", alert.EndpointErrorRate, 5)
	db.Advance(time.Minute)
	until := db.Now().Add(time.Hour)
	got, err := db.SnoozeAlert(t.Context(), a.ID, until, "deploying", first)
	if err != nil || standing(db, got) != "snoozed" || !got.SnoozedUntil.Equal(until) || got.Acts[0].Note != "deploying" {
		t.Fatalf("SnoozeAlert() = %s until %v, %v", standing(db, got), got.SnoozedUntil, err)
	}
	wantCounts := func(when, want string) {
		t.Helper()
		counts, err := db.AlertCounts(t.Context(), models.AlertFilter{})
		if got := fmt.Sprint(counts); err != nil || got != want {
			t.Errorf("%s: AlertCounts() = %s, %v; want %s", when, got, err, want)
		}
		for status, n := range counts {
			if rows, _, err := db.Alerts(t.Context(), models.AlertFilter{Status: status}); err != nil || len(rows) != n {
				t.Errorf("%s: %d alerts are %s, %v; want %d", when, len(rows), status, err, n)
			}
		}
	}
	wantCounts("snoozed", "map[acknowledged:0 active:0 resolved:0 snoozed:1]")
	db.Advance(time.Hour)
	wantCounts("when it ends", "map[acknowledged:0 active:1 resolved:0 snoozed:0]")
	if _, err := db.SnoozeAlert(t.Context(), a.ID, db.Now().Add(time.Hour), "", first); err != nil {
		t.Fatal(err)
	}
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "ACTIVATED", 50, db.Time())
	wantCounts("worse", "map[acknowledged:0 active:1 resolved:0 snoozed:0]")
	for _, wrong := range []time.Duration{-time.Second, 0, 31 * 24 * time.Hour} {
		var invalid *models.Invalid
		if _, err := db.SnoozeAlert(t.Context(), a.ID, db.Now().Add(wrong), "", first); !errors.As(err, &invalid) || invalid.Field != "until" {
			t.Errorf("SnoozeAlert(%v from now) = %v; want Invalid until", wrong, err)
		}
	}
}

func TestAnAlertResolvedByHandIsOverUntilItIsActivatedAgain(t *testing.T) {
	db := modelstest.Open(t)
	a := db.NewAlert("1", alert.EndpointErrorRate, 10)
	var invalid *models.Invalid
	if _, err := db.ResolveAlert(t.Context(), a.ID, " ", first); !errors.As(err, &invalid) || invalid.Field != "note" {
		t.Errorf("ResolveAlert without a reason = %v; want Invalid note", err)
	}
	db.Advance(time.Minute)
	got, err := db.ResolveAlert(t.Context(), a.ID, "the proxy was restarted", first)
	if err != nil || got.Status != alert.Resolved || got.ClosedName != "Ada" || got.ClosedNote != "the proxy was restarted" || !got.ResolvedAt.Equal(db.Now()) {
		t.Fatalf("ResolveAlert() = %s by %q, %v", got.Status, got.ClosedName, err)
	}
	if _, err := db.ResolveAlert(t.Context(), a.ID, "again", second); !errors.Is(err, models.ErrConflict) {
		t.Errorf("ResolveAlert of a resolved one = %v; want %v", err, models.ErrConflict)
	}
	db.Advance(time.Minute)
	if again := db.NewAlert("1", alert.EndpointErrorRate, 50); again.ID == a.ID {
		t.Error("what was activated afterwards is in the resolved alert; want a new one")
	}
	db.Advance(time.Minute)
	if got, err = db.UndoAlertAct(t.Context(), a.ID, got.Acts[0].ID, second); err != nil || got.Status != alert.Active || len(got.Events) != 2 || got.ClosedName != "" {
		t.Errorf("UndoAlertAct(resolve) = %s with %d events, %v; want one active alert of both", got.Status, len(got.Events), err)
	}
	if n := count(t, db, "SELECT count(*) FROM alerts"); n != 1 {
		t.Errorf("%d alerts; want the two joined", n)
	}
	if rows := lines(t, db, "SELECT action FROM audit WHERE object LIKE 'alert%' ORDER BY id"); fmt.Sprint(rows) != "[alert.resolve alert.undo]" {
		t.Errorf("audit = %q; want the acts that changed something", rows)
	}
}

func TestAnAlertIsGivenToAPersonWhoMayActOnIt(t *testing.T) {
	db := modelstest.Open(t)
	bob, viewer := addUser(t, db, "bob@example.com", models.Support), addUser(t, db, "eve@example.com", models.Viewer)
	a := db.NewAlert("1", alert.EndpointErrorRate, 10)
	got, err := db.AssignAlert(t.Context(), a.ID, bob.ID, first)
	if err != nil || got.AssignedTo != bob.ID || got.AssignedName == "" {
		t.Fatalf("AssignAlert() = %d %q, %v", got.AssignedTo, got.AssignedName, err)
	}
	if got, err = db.AssignAlert(t.Context(), a.ID, bob.ID, first); err != nil || len(got.Acts) != 1 {
		t.Errorf("AssignAlert to the same = %d acts, %v; want no change", len(got.Acts), err)
	}
	for _, to := range []int64{viewer.ID, 999} {
		var invalid *models.Invalid
		if _, err := db.AssignAlert(t.Context(), a.ID, to, first); !errors.As(err, &invalid) || invalid.Field != "to" {
			t.Errorf("AssignAlert(%d) = %v; want Invalid to", to, err)
		}
	}
	db.Advance(time.Minute)
	if got, err = db.AssignAlert(t.Context(), a.ID, 0, first); err != nil || got.AssignedTo != 0 || got.AssignedName != "" {
		t.Errorf("AssignAlert(nobody) = %d %q, %v", got.AssignedTo, got.AssignedName, err)
	}
}

func TestACommentIsItsAuthorsAndStaysWithItsAlert(t *testing.T) {
	db := modelstest.Open(t)
	old := db.NewAlert("1", alert.EndpointErrorRate, 10)
	db.Advance(time.Minute)
	db.Notice("1", alert.EndpointErrorRate, "DEACTIVATED", 10, db.Time())
	db.Advance(time.Minute)
	db.NewAlert("1", alert.EndpointErrorRate, 10)
	db.Advance(time.Minute)
	got, err := db.CommentAlert(t.Context(), old.ID, "it was the certificate", first)
	if err != nil || got.ID != old.ID || len(got.Acts) != 1 || got.Acts[0].Note != "it was the certificate" {
		t.Fatalf("CommentAlert(resolved) = alert %d, acts %+v, %v; want it on the old one", got.ID, got.Acts, err)
	}
	comment := got.Acts[0].ID
	if _, err := db.UndoAlertAct(t.Context(), old.ID, comment, second); !errors.Is(err, alert.ErrNotYours) {
		t.Errorf("UndoAlertAct of another's comment = %v; want %v", err, alert.ErrNotYours)
	}
	if got, err = db.UndoAlertAct(t.Context(), old.ID, comment, first); err != nil || !alert.Undone(got.Acts)[comment] {
		t.Errorf("UndoAlertAct of one's own = %+v, %v; want it undone", got.Acts, err)
	}
	var invalid *models.Invalid
	if _, err := db.CommentAlert(t.Context(), old.ID, "\n", first); !errors.As(err, &invalid) {
		t.Errorf("CommentAlert(nothing) = %v; want Invalid", err)
	}
}

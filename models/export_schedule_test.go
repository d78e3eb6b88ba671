package models_test

import (
	"errors"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestTheNextRunAndItsSpanAreWholeInTheirZone(t *testing.T) {
	for _, c := range []struct{ every, zone, after, next, from, to string }{
		{"day", "UTC", "2026-11-20T05:59:59Z", "2026-11-20T06:00:00Z", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"},
		{"day", "UTC", "2026-11-20T06:00:00Z", "2026-11-21T06:00:00Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"},
		{"week", "UTC", "2026-11-20T12:00:00Z", "2026-11-23T06:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
		{"month", "UTC", "2026-11-20T12:00:00Z", "2026-12-01T06:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"month", "UTC", "2026-12-01T06:00:00Z", "2027-01-01T06:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		// Clocks went back on 25 October in Berlin: that day has 25 hours.
		{"day", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-26T05:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"day", "America/Sao_Paulo", "2026-11-20T08:59:00Z", "2026-11-20T09:00:00Z", "2026-11-19T03:00:00Z", "2026-11-20T03:00:00Z"},
	} {
		s := models.ExportSchedule{Plan: models.ExportPlan{Zone: c.zone}, Every: models.ExportSpan(c.every), Weekday: time.Monday, Minute: 6 * 60}
		after, err := time.Parse(time.RFC3339, c.after)
		must(t, err)
		next := s.Next(after)
		if got := next.UTC().Format(time.RFC3339); got != c.next {
			t.Errorf("Next(%s) every %s in %s = %s; want %s", c.after, c.every, c.zone, got, c.next)
		}
		from, to := s.Every.Bounds(next, s.Plan.Location())
		if f, u := from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339); f != c.from || u != c.to {
			t.Errorf("Bounds(%s) every %s in %s = %s, %s; want %s, %s", c.next, c.every, c.zone, f, u, c.from, c.to)
		}
	}
}

func TestOneProcessRunsAScheduleAndWhatFailsIsTriedAgainAFewTimes(t *testing.T) {
	db := modelstest.Open(t)
	by, _ := exporters(t, db)
	s, err := db.AddExportSchedule(t.Context(), models.ExportSchedule{Name: "Claims", Plan: csvPlan, Every: models.SpanDay, Minute: 6 * 60}, by)
	must(t, err)
	claim := func() (models.ExportSchedule, bool) {
		s, err := db.ClaimExportSchedule(t.Context())
		if errors.Is(err, models.ErrNotFound) {
			return s, false
		}
		must(t, err)
		return s, true
	}
	if _, ok := claim(); ok {
		t.Error("ClaimExportSchedule before its time = one; want none")
	}
	db.Advance(25 * time.Hour)
	first, ok := claim()
	if !ok || first.ID != s.ID || first.DueAt != s.NextAt {
		t.Fatalf("ClaimExportSchedule = %+v, %t; want the one that is due", first, ok)
	}
	if _, ok := claim(); ok {
		t.Error("ClaimExportSchedule while another has it = one; want none")
	}
	db.Advance(time.Minute)
	must(t, db.KeepExportSchedule(t.Context(), s.ID))
	db.Advance(90 * time.Second)
	if _, ok := claim(); ok {
		t.Error("ClaimExportSchedule of a claim that is kept = one; want none")
	}
	db.Advance(time.Minute)
	again, ok := claim()
	if !ok {
		t.Fatal("ClaimExportSchedule after its process died = none; want it")
	}
	for tries := 1; ; tries++ {
		must(t, db.SettleExportSchedule(t.Context(), again, models.ScheduleFailed))
		all, err := db.ExportSchedules(t.Context())
		must(t, err)
		if all[0].Attempts == 0 {
			if tries != 5 || !all[0].NextAt.After(db.Now().Add(12*time.Hour)) {
				t.Errorf("given up after %d tries, next at %s; want after 5, and the next day", tries, all[0].NextAt)
			}
			break
		}
		if all[0].DueAt != s.NextAt || all[0].Attempts != tries {
			t.Errorf("after %d tries: %+v; want the same run", tries, all[0])
		}
		db.Advance(all[0].NextAt.Sub(db.Now()))
		if again, ok = claim(); !ok {
			t.Fatalf("ClaimExportSchedule for try %d = none", tries+1)
		}
	}
}

func TestASwitchedOffScheduleRestsAndADeletedOneIsGone(t *testing.T) {
	db := modelstest.Open(t)
	by, _ := exporters(t, db)
	s, err := db.AddExportSchedule(t.Context(), models.ExportSchedule{Name: "Claims", Plan: csvPlan, Every: models.SpanDay}, by)
	must(t, err)
	must(t, db.SwitchExportSchedule(t.Context(), s.ID, true, by))
	db.Advance(48 * time.Hour)
	if _, err := db.ClaimExportSchedule(t.Context()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("ClaimExportSchedule while it is off = %v; want ErrNotFound", err)
	}
	if err := db.RunExportSchedule(t.Context(), s.ID, by); !errors.Is(err, models.ErrConflict) {
		t.Errorf("RunExportSchedule while it is off = %v; want ErrConflict", err)
	}
	must(t, db.SwitchExportSchedule(t.Context(), s.ID, false, by))
	must(t, db.RunExportSchedule(t.Context(), s.ID, by))
	got, err := db.ClaimExportSchedule(t.Context())
	if err != nil || got.ID != s.ID {
		t.Errorf("ClaimExportSchedule after Run = %+v, %v; want it", got, err)
	}
	running, err := db.ClaimExportSchedule(t.Context())
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("ClaimExportSchedule while it runs = %+v, %v; want ErrNotFound", running, err)
	}
	db.Advance(time.Second)
	must(t, db.RunExportSchedule(t.Context(), s.ID, by))
	must(t, db.SettleExportSchedule(t.Context(), got, models.ScheduleDone))
	if got, err = db.ClaimExportSchedule(t.Context()); err != nil || got.ID != s.ID {
		t.Errorf("ClaimExportSchedule of a run that was asked for during the one before = %+v, %v; want it", got, err)
	}
	must(t, db.DeleteExportSchedule(t.Context(), s.ID, by))
	if err := db.KeepExportSchedule(t.Context(), s.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("KeepExportSchedule of a deleted one = %v; want ErrNotFound", err)
	}
	if _, err := db.AddExportSchedule(t.Context(), models.ExportSchedule{Name: "x", Plan: csvPlan, Every: models.SpanDay, TargetID: 99}, by); err == nil {
		t.Error("AddExportSchedule to a target that there is not = nil; want Invalid")
	}
}

package models_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// exporters are a person who may export, and one who may not.
func exporters(t *testing.T, db *modelstest.DB) (support, viewer models.By) {
	t.Helper()
	for role, by := range map[models.Role]*models.By{models.Support: &support, models.Viewer: &viewer} {
		u, err := db.CreateUser(t.Context(), models.User{Email: string(role) + "@example.com", Name: string(role), Role: role}, "correct horse battery", models.By{})
		must(t, err)
		*by = models.By{UserID: u.ID, Name: u.Name, IP: "192.0.2.0"}
	}
	return support, viewer
}

var csvPlan = models.ExportPlan{Format: models.CSV, Query: "flow=claim"}

func TestAnExportRunsOnceAndIsInTheAuditLogWithItsRows(t *testing.T) {
	db := modelstest.Open(t)
	by, other := exporters(t, db)
	e, err := db.AddExport(t.Context(), models.Export{Plan: csvPlan, File: "a.csv", Total: models.Tally{N: 3}}, by)
	must(t, err)
	if _, err := db.Export(t.Context(), e.ID, other.UserID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("Export of somebody else = %v; want ErrNotFound", err)
	}
	must(t, db.StartExport(t.Context(), e, by, map[string]any{"flow": "claim"}))
	if err := db.StartExport(t.Context(), e, by, nil); !errors.Is(err, models.ErrConflict) {
		t.Errorf("StartExport again = %v; want ErrConflict", err)
	}
	must(t, db.SeeExport(t.Context(), e.ID, 2))
	must(t, db.EndExport(t.Context(), e.ID, models.ExportDone, 3, "", by))
	got, err := db.Export(t.Context(), e.ID, by.UserID)
	if err != nil || got.State != models.ExportDone || got.Written != 3 || got.EndedAt.IsZero() || got.Plan.Query != csvPlan.Query || got.Total.N != 3 {
		t.Errorf("Export = %+v, %v; want it done with 3 rows", got, err)
	}
	rows, err := db.AuditRows(t.Context(), 0, 2)
	if err != nil || rows[1].Action != "export.responses" || rows[0].Action != "export.responses.end" || !strings.Contains(rows[0].Detail, `"rows":3`) {
		t.Errorf("AuditRows = %+v, %v; want start and end with the rows", rows, err)
	}
}

func TestACancelledExportStopsItsWriterAndStaysCancelled(t *testing.T) {
	db := modelstest.Open(t)
	by, other := exporters(t, db)
	e, err := db.AddExport(t.Context(), models.Export{Plan: csvPlan}, by)
	must(t, err)
	must(t, db.StartExport(t.Context(), e, by, nil))
	if _, err := db.CancelExport(t.Context(), e.ID, other); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("CancelExport by somebody else = %v; want ErrNotFound", err)
	}
	must(t, db.SeeExport(t.Context(), e.ID, 10))
	_, err = db.CancelExport(t.Context(), e.ID, by)
	must(t, err)
	if err := db.SeeExport(t.Context(), e.ID, 20); !errors.Is(err, models.ErrConflict) {
		t.Errorf("SeeExport after it was cancelled = %v; want ErrConflict", err)
	}
	must(t, db.EndExport(t.Context(), e.ID, models.ExportFailed, 21, "broken off", by))
	if got, err := db.Export(t.Context(), e.ID, 0); err != nil || got.State != models.ExportCancelled || got.Written != 21 || got.Reason != "" {
		t.Errorf("Export = %+v, %v; want it cancelled with 21 rows", got, err)
	}
}

func TestExportsWithoutAWriterAreGivenUpAndOldOnesForgotten(t *testing.T) {
	db := modelstest.Open(t)
	by, _ := exporters(t, db)
	add := func(start bool) int64 {
		e, err := db.AddExport(t.Context(), models.Export{Plan: csvPlan}, by)
		must(t, err)
		if start {
			must(t, db.StartExport(t.Context(), e, by, nil))
		}
		return e.ID
	}
	running, ready := add(true), add(false)
	state := func(id int64) models.ExportState {
		e, err := db.Export(t.Context(), id, 0)
		if errors.Is(err, models.ErrNotFound) {
			return "gone"
		}
		must(t, err)
		return e.State
	}
	for _, step := range []struct {
		after          time.Duration
		running, ready models.ExportState
	}{
		{30 * time.Second, models.ExportRunning, models.ExportReady}, {time.Minute, models.ExportFailed, models.ExportReady},
		{time.Hour, models.ExportFailed, models.ExportCancelled},
	} {
		db.Advance(step.after)
		must(t, db.TendExports(t.Context()))
		if r, w := state(running), state(ready); r != step.running || w != step.ready {
			t.Errorf("after %s more: %s, %s; want %s, %s", step.after, r, w, step.running, step.ready)
		}
	}
	db.Advance(91 * 24 * time.Hour)
	late := add(true)
	db.Advance(2 * time.Minute)
	must(t, db.TendExports(t.Context()))
	if r, l := state(running), state(late); r != "gone" || l != models.ExportFailed {
		t.Errorf("after 91 days: %s, %s; want the old one gone", r, l)
	}
}

func TestALinkOpensWithItsTokenOnlyAndAsLongAsItsPersonMayExport(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			db := modelstest.OpenAt(t, url)
			by, viewer := exporters(t, db)
			l, token, err := db.AddExportLink(t.Context(), models.ExportLink{Name: " Nightly ", Plan: csvPlan}, by)
			if err != nil || l.Name != "Nightly" || len(token) < 26 {
				t.Fatalf("AddExportLink = %+v, %d characters, %v", l, len(token), err)
			}
			_, second, err := db.AddExportLink(t.Context(), models.ExportLink{Name: "Other", Plan: csvPlan}, by)
			must(t, err)
			opens := func(id int64, token string) bool {
				_, u, err := db.OpenExportLink(t.Context(), id, token)
				if err != nil && !errors.Is(err, models.ErrNotFound) {
					t.Fatalf("OpenExportLink = %v", err)
				}
				return err == nil && u.ID == by.UserID
			}
			if !opens(l.ID, token) || opens(l.ID, "") || opens(l.ID, second) || opens(l.ID, token+"A") || opens(l.ID+9, token) {
				t.Error("OpenExportLink opens with another token, or not with its own")
			}
			must(t, db.UseExportLink(t.Context(), l.ID))
			rows, err := db.ExportLinks(t.Context(), by.UserID)
			if err != nil || len(rows) != 2 || rows[1].Uses != 1 || rows[1].UsedAt.IsZero() {
				t.Errorf("ExportLinks = %+v, %v; want the first used once", rows, err)
			}
			for _, kept := range query(t, modelstest.SQL(t, url), `SELECT * FROM export_links`) {
				if strings.Contains(strings.Join(kept, "|"), token) || bytes.Contains([]byte(strings.Join(kept, "|")), []byte(token[4:])) {
					t.Error("the token itself is kept")
				}
			}
			must(t, db.SetRole(t.Context(), by.UserID, models.Viewer, models.By{}))
			if opens(l.ID, token) {
				t.Error("OpenExportLink of a person who became a viewer opens")
			}
			must(t, db.SetRole(t.Context(), by.UserID, models.Support, models.By{}))
			if err := db.RevokeExportLink(t.Context(), l.ID, false, viewer); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("RevokeExportLink of somebody else = %v; want ErrNotFound", err)
			}
			must(t, db.RevokeExportLink(t.Context(), l.ID, false, by))
			if opens(l.ID, token) {
				t.Error("OpenExportLink after it was revoked opens")
			}
		})
	}
}

func TestAPlanThatCannotBeSaysWhy(t *testing.T) {
	db := modelstest.Open(t)
	by, _ := exporters(t, db)
	for field, plan := range map[string]models.ExportPlan{
		"format": {Format: "pdf"}, "delimiter": {Format: models.CSV, Delimiter: "|"}, "zone": {Format: models.CSV, Zone: "Mars/Olympus"},
		"scope": {Format: models.CSV, IDs: make([]int64, models.MaxExportIDs+1)}, "columns": {Format: models.CSV, Columns: []string{""}},
	} {
		_, err := db.AddExport(t.Context(), models.Export{Plan: plan}, by)
		if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != field {
			t.Errorf("AddExport(%+v) = %v; want Invalid %s", plan, err, field)
		}
	}
	for field, l := range map[string]models.ExportLink{
		"name": {Name: " ", Plan: csvPlan}, "scope": {Name: "x", Plan: models.ExportPlan{Format: models.CSV, IDs: []int64{1}}},
	} {
		_, _, err := db.AddExportLink(t.Context(), l, by)
		if bad, ok := errors.AsType[*models.Invalid](err); !ok || bad.Field != field {
			t.Errorf("AddExportLink(%+v) = %v; want Invalid %s", l, err, field)
		}
	}
}

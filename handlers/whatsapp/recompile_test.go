package whatsapp

import (
	"log/slog"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestOnlyWhatChangedIsCompiledAgain(t *testing.T) {
	db := modelstest.Open(t)
	l := NewLive(db.DB, LiveOptions{Log: slog.New(slog.DiscardHandler)})
	refresh := func() (changed, kept *flow) {
		t.Helper()
		if err := l.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		return l.flow("appointment"), l.flow("survey")
	}
	var flows []models.Flow
	for _, slug := range []string{"appointment", "survey"} {
		f, err := db.CreateFlow(t.Context(), models.Flow{Slug: slug, Name: slug, Mode: models.Encrypted}, models.By{})
		if err != nil {
			t.Fatal(err)
		}
		flows = append(flows, f)
		if _, err := db.SaveFlowJSON(t.Context(), f.ID, fixture(t, "flows", slug+".json"), models.By{}); err != nil {
			t.Fatal(err)
		}
		publish(t, db, f.ID)
	}
	a1, s1 := refresh()
	if a1.set == nil || s1.set == nil || a1.version != 1 {
		t.Fatalf("faults %v; want both flows to run", l.Faults())
	}
	flows[0].FallbackMessage = "Moment bitte."
	if _, err := db.UpdateFlow(t.Context(), flows[0], models.By{}); err != nil {
		t.Fatal(err)
	}
	a2, s2 := refresh()
	if a2.set != a1.set || s2.set != s1.set || a2.json != a1.json || a2.fallback().Message != "Moment bitte." {
		t.Error("a change of a flow's message compiled rules again, or was not seen")
	}
	publish(t, db, flows[0].ID)
	a3, s3 := refresh()
	if a3.version != 2 || s3.set != s1.set || a3.json != a1.json {
		t.Errorf("after publishing one flow: version %d; want 2, and the other flow and the Flow JSON as they were", a3.version)
	}
	if err := db.SetSetting(t.Context(), models.InstanceZone, "Europe/Berlin", models.By{}); err != nil {
		t.Fatal(err)
	}
	if a4, s4 := refresh(); a4.set == a3.set || s4.set == s3.set {
		t.Error("another time zone leaves rules as they were compiled")
	}
}

func TestOlderRulesStayWhileVisitsMayBeHeldOnThem(t *testing.T) {
	db := modelstest.Open(t)
	l := NewLive(db.DB, LiveOptions{Log: slog.New(slog.DiscardHandler)})
	refresh := func() *flow {
		t.Helper()
		if err := l.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		return l.flow("appointment")
	}
	f := db.NewFlow("appointment", func(f *models.Flow) { f.KeepVersion = true })
	if _, err := db.SaveFlowJSON(t.Context(), f.ID, fixture(t, "flows", "appointment.json"), models.By{}); err != nil {
		t.Fatal(err)
	}
	publish(t, db, f.ID)
	first := refresh()
	publish(t, db, f.ID)
	if second := refresh(); len(second.older) != 1 || second.older[1].set != first.set {
		t.Fatalf("older rules after a publish = %v; want the ones before: a visit may just be beginning", second.older)
	}
	if third := refresh(); len(third.older) != 0 {
		t.Errorf("older rules without a visit = %v; want none", third.older)
	}
	db.NewVisit(f, "a.1", func(v *models.Visit) { v.RuleVersion = 1 })
	read := refresh()
	if again := refresh(); read.older[1].set == nil || again.older[1].set != read.older[1].set {
		t.Errorf("older rules = %v, then %v; want version 1, compiled once", read.older, again.older)
	}
	if err := db.SetSetting(t.Context(), models.InstanceZone, "Europe/Berlin", models.By{}); err != nil {
		t.Fatal(err)
	}
	if moved := refresh(); moved.older[1].set == nil || moved.older[1].set == read.older[1].set {
		t.Error("another time zone leaves older rules as they were compiled")
	}
}

func publish(t *testing.T, db *modelstest.DB, flowID int64) {
	t.Helper()
	document := []byte(`{"switchyard":1,"opening":{"rules":[],"otherwise":{"finish":{}}},"screens":{}}`)
	if flowID == 1 {
		document = fixture(t, "rules", "appointment.json")
	}
	was, _ := db.DraftRules(t.Context(), flowID)
	draft, err := db.SaveDraft(t.Context(), flowID, document, was.Edit, models.By{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.PublishDraft(t.Context(), flowID, draft.Edit, "", models.By{}, func(_, _ []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

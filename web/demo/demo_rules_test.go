package demo_test

import (
	"bytes"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestFaultsOfTheSamplesSayWhatHappened(t *testing.T) {
	db, _ := made(t)
	f, err := db.Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	faults, err := db.Faults(t.Context(), f.ID, 10)
	if err != nil || len(faults) == 0 {
		t.Fatalf("Faults = %d, %v; want some", len(faults), err)
	}
	for _, s := range faults {
		if len(s.Faults) == 0 || s.Faults[0] == "" {
			t.Errorf("the fault at %v says nothing; want what the phone complained of", s.At)
		}
	}
}

func TestEveryRuleOfTheSamplesDecidedSomething(t *testing.T) {
	db, _ := made(t)
	for slug, want := range map[string]int{"appointment": 6, "claim": 6} {
		f, err := db.Flow(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		hits, err := db.RuleHits(t.Context(), f.ID, models.Time{})
		if err != nil || len(hits) < want {
			t.Errorf("RuleHits of %s = %v, %v; want at least %d rules", slug, hits, err, want)
		}
		faults, err := db.Faults(t.Context(), f.ID, 100)
		for _, s := range faults {
			if s.Kind != "notice" {
				t.Errorf("step %d of %s has faults %q; want none from the sample rules", s.ID, slug, s.Faults)
			}
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func TestPasscodesOfTheSamplesAreStoredNowhere(t *testing.T) {
	o, _ := fill(t, modelstest.URL(t), 60)
	db := open(t, o)
	f, err := db.Flow(t.Context(), "claim")
	if err != nil {
		t.Fatal(err)
	}
	visits, err := db.Visits(t.Context(), models.VisitFilter{FlowID: f.ID, Limit: 1000})
	if err != nil || len(visits.Rows) == 0 {
		t.Fatalf("Visits = %d, %v; want some", len(visits.Rows), err)
	}
	for _, v := range visits.Rows {
		steps, err := db.VisitSteps(t.Context(), v.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if step.Screen == "POLICY" && !bytes.Contains(step.Data, []byte(`"pin":"•••"`)) {
				t.Errorf("a step says %s; want its passcode hidden", step.Data)
			}
		}
	}
	beside := modelstest.OpenAt(t, o.Database, func(m *models.Options) { m.MasterKey = o.MasterKey })
	if beside.Holds(`"pin":"•••"`) || !beside.Holds(`"department":`) {
		t.Error("what a claim's customers said lies open, or what those of an appointment said is sealed")
	}
}

package models_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// record is a step of a visit as it is after n steps.
func record(db *modelstest.DB, token string, n int) models.StepRecord {
	return models.StepRecord{
		Visit: models.Visit{
			FlowID: 1, Token: token, Run: 1, RuleVersion: 2, StartedAt: db.Time(), LastAt: db.Time(), Outcome: models.VisitOpen,
			Screen: fmt.Sprint("S", n), Trail: []string{"A", "B"}, Steps: n, LastHash: fmt.Sprint("h", n), LastAnswer: []byte("{}"), LastStatus: 200, LastVersion: 2,
			Answers: map[string]map[string]any{"A": {"age": json.Number("12345678901234567890"), "ok": true, "kinds": []any{"x"}}},
			Sent:    map[string]map[string]any{"B": {"title": "Ünïcode <b>"}},
		},
		Step: models.Step{FlowID: 1, At: db.Time(), Action: "data_exchange", Screen: "A", NextScreen: "B", Kind: "go", RuleID: "r1", Rule: "Adults",
			RuleVersion: 2, Micros: 1500, Status: 200, Data: []byte(`{"age":"18"}`), Answer: []byte(`{}`)},
	}
}

func recordSteps(t *testing.T, db *modelstest.DB, rs ...models.StepRecord) {
	t.Helper()
	if err := db.RecordSteps(t.Context(), rs); err != nil {
		t.Fatalf("RecordSteps = %v", err)
	}
}

func newest(t *testing.T, db *modelstest.DB, token string) models.Visit {
	t.Helper()
	v, err := db.NewestVisit(t.Context(), 1, token)
	if err != nil {
		t.Fatalf("NewestVisit(%s) = %v", token, err)
	}
	return v
}

func TestVisitComesBackAsItWasRecorded(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	r := record(db, "tok", 1)
	recordSteps(t, db, r)
	got := newest(t, db, "tok")
	want := r.Visit
	want.ID = got.ID
	if got.ID == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("NewestVisit = %+v\nwant %+v", got, want)
	}
	if byID, err := db.Visit(ctx, got.ID); err != nil || !reflect.DeepEqual(byID, want) {
		t.Errorf("Visit = %+v, %v", byID, err)
	}
	steps, err := db.VisitSteps(ctx, got.ID)
	r.Step.VisitID = got.ID
	if err != nil || len(steps) != 1 {
		t.Fatalf("VisitSteps = %+v, %v; want one", steps, err)
	}
	r.Step.ID = steps[0].ID
	if !reflect.DeepEqual(steps[0], r.Step) {
		t.Errorf("VisitSteps[0] = %+v\nwant %+v", steps[0], r.Step)
	}
}

func TestAVisitTellsTheRulesOfItsLastStep(t *testing.T) {
	db := modelstest.Open(t)
	second := record(db, "tok", 2)
	second.Visit.RuleVersion, second.Visit.LastVersion = 3, 3
	recordSteps(t, db, record(db, "tok", 1))
	recordSteps(t, db, second)
	if v := newest(t, db, "tok"); v.RuleVersion != 2 || v.LastVersion != 3 {
		t.Errorf("rules of version %d, then %d; want 2, then 3", v.RuleVersion, v.LastVersion)
	}
}

func TestOlderStateOfAVisitNeverReplacesANewerOne(t *testing.T) {
	db := modelstest.Open(t)
	recordSteps(t, db, record(db, "a", 1), record(db, "a", 3), record(db, "a", 2))
	if v := newest(t, db, "a"); v.Steps != 3 || v.Screen != "S3" {
		t.Errorf("visit after a batch out of order = %d steps on %s; want 3 on S3", v.Steps, v.Screen)
	}
	recordSteps(t, db, record(db, "a", 2))
	if v := newest(t, db, "a"); v.Steps != 3 || v.Screen != "S3" {
		t.Errorf("visit after an older state = %d steps on %s; want 3 on S3", v.Steps, v.Screen)
	}
	recordSteps(t, db, record(db, "a", 4))
	v := newest(t, db, "a")
	if v.Steps != 4 || v.Screen != "S4" {
		t.Errorf("visit after a newer state = %d steps on %s; want 4 on S4", v.Steps, v.Screen)
	}
	if steps, err := db.VisitSteps(t.Context(), v.ID); err != nil || len(steps) != 5 {
		t.Errorf("VisitSteps = %d, %v; want all 5", len(steps), err)
	}
}

func TestEndOfAVisitIsNotTakenBack(t *testing.T) {
	db := modelstest.Open(t)
	finished := record(db, "a", 2)
	finished.Visit.Outcome = models.VisitFinished
	recordSteps(t, db, finished)
	recordSteps(t, db, record(db, "a", 3))
	if v := newest(t, db, "a"); v.Outcome != models.VisitFinished || v.Steps != 3 {
		t.Errorf("visit = %s with %d steps; want finished with 3", v.Outcome, v.Steps)
	}
}

func TestOfTwoLastStepsThatWereTakenAtOnceTheEndCounts(t *testing.T) {
	for _, sensitive := range []bool{false, true} {
		db := modelstest.Open(t)
		open, ended := record(db, "a", 2), record(db, "a", 2)
		ended.Visit.Outcome, ended.Visit.LastHash, ended.Visit.LastAnswer = models.VisitExpired, "end", []byte(`{"end":1}`)
		open.Sensitive, ended.Sensitive = sensitive, sensitive
		for _, r := range []models.StepRecord{open, ended, open} {
			recordSteps(t, db, r)
		}
		if v := newest(t, db, "a"); v.Outcome != models.VisitExpired || v.LastHash != "end" || string(v.LastAnswer) != `{"end":1}` {
			t.Errorf("sensitive %t: visit = %s, last %q with %s; want the expired one", sensitive, v.Outcome, v.LastHash, v.LastAnswer)
		}
	}
}

func TestStepWithoutATokenHasNoVisit(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	lost := record(db, "", 1)
	lost.Step.Faults = []string{"no token"}
	notice := record(db, "", 1)
	notice.Step.Kind = "notice"
	recordSteps(t, db, lost, record(db, "", 1), notice)
	if visits, err := db.Visits(ctx, models.VisitFilter{FlowID: 1}); err != nil || len(visits.Rows) != 0 {
		t.Errorf("Visits = %+v, %v; want none", visits, err)
	}
	faults, err := db.Faults(ctx, 1, 10)
	if err != nil || len(faults) != 2 || faults[0].Kind != "notice" || !reflect.DeepEqual(faults[1].Faults, []string{"no token"}) || faults[1].VisitID != 0 {
		t.Errorf("Faults = %+v, %v; want the notice, then the fault", faults, err)
	}
	if _, err := db.NewestVisit(ctx, 1, ""); !errors.Is(err, models.ErrNotFound) {
		t.Errorf(`NewestVisit("") = %v; want ErrNotFound`, err)
	}
	if steps, err := db.VisitSteps(ctx, 0); err != nil || len(steps) != 0 {
		t.Errorf("VisitSteps(0) = %+v, %v; want none", steps, err)
	}
}

func TestVisitsArePagedAndRunsAreSeparate(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	second := record(db, "a", 1)
	second.Visit.Run = 2
	recordSteps(t, db, record(db, "a", 5), second, record(db, "b", 1))
	if v := newest(t, db, "a"); v.Run != 2 {
		t.Errorf("NewestVisit = run %d; want 2", v.Run)
	}
	first, err := db.Visits(ctx, models.VisitFilter{FlowID: 1, Limit: 2})
	if err != nil || len(first.Rows) != 2 || first.Rows[0].Token != "b" || first.Rows[1].Run != 2 || first.Newer != 0 {
		t.Fatalf("Visits = %+v, %v; want b, then run 2 of a", first, err)
	}
	rest, err := db.Visits(ctx, models.VisitFilter{FlowID: 1, Limit: 2, Before: first.Older})
	if err != nil || len(rest.Rows) != 1 || rest.Rows[0].Run != 1 || rest.Older != 0 {
		t.Fatalf("Visits before %d = %+v, %v; want run 1", first.Older, rest, err)
	}
	if back, err := db.Visits(ctx, models.VisitFilter{FlowID: 1, Limit: 2, After: rest.Newer}); err != nil || !reflect.DeepEqual(back.Rows, first.Rows) || back.Older != first.Older {
		t.Errorf("Visits after %d = %+v, %v; want the first page", rest.Newer, back, err)
	}
}

func TestRuleHitsCountSinceThenWithoutTests(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	recordSteps(t, db, record(db, "a", 1))
	db.Advance(time.Hour)
	since := db.Time()
	test := record(db, "t", 1)
	test.Step.Test = true
	other := record(db, "b", 1)
	other.Step.RuleID = ""
	var many []models.StepRecord
	for i := range 450 {
		many = append(many, record(db, fmt.Sprint("m", i), 1))
	}
	recordSteps(t, db, append(many, test, other)...)
	hits, err := db.RuleHits(ctx, 1, since)
	if err != nil || !reflect.DeepEqual(hits, map[string]int{"r1": 450}) {
		t.Errorf("RuleHits = %v, %v; want r1 450 times", hits, err)
	}
}

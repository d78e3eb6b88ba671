package models_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestFixedHitsCountWhatNoRuleDecidedSinceThenWithoutTests(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	n := 0
	step := func(action, screen, rule, id string, test bool) models.StepRecord {
		n++
		r := record(db, fmt.Sprint("f", n), 1)
		r.Step.Action, r.Step.Screen, r.Step.Rule, r.Step.RuleID, r.Step.Test = action, screen, rule, id, test
		return r
	}
	recordSteps(t, db, step("data_exchange", "DETAILS", "Otherwise", "", false))
	db.Advance(time.Hour)
	since := db.Time()
	recordSteps(t, db,
		step("INIT", "", "Otherwise", "", false), step("INIT", "", "Otherwise", "", false), step("INIT", "", "Otherwise", "", true),
		step("data_exchange", "DETAILS", "Otherwise", "", false), step("data_exchange", "DETAILS", "Otherwise", "r9", false), // a rule of that name
		step("data_exchange", "DETAILS", "Fallback", "", false),
		step("BACK", "DETAILS", "Back", "", false), step("BACK", "DETAILS", "Trail", "", false),
	)
	got, err := db.FixedHits(ctx, 1, since)
	want := models.FixedHits{Otherwise: map[string]int{"opening": 2, "DETAILS": 1}, Back: map[string]int{"DETAILS": 1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("FixedHits = %+v, %v; want %+v", got, err, want)
	}
}

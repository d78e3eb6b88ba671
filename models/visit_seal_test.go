package models_test

import (
	"reflect"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// confided is a sensitive record with a word where a flow may bring it.
func confided(db *modelstest.DB, token, word string) models.StepRecord {
	r := record(db, token, 1)
	r.Sensitive = true
	r.Visit.Answers["A"]["amount"] = word
	r.Visit.Sent["B"]["title"] = "You ask for " + word
	r.Visit.LastAnswer = []byte(`{"amount":"` + word + `"}`)
	r.Step.Data, r.Step.Answer = r.Visit.LastAnswer, r.Visit.LastAnswer
	return r
}

func TestSensitiveValuesAreNotInTheDatabaseAndComeBackAsTheyWere(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	r := confided(db, "tok", "9182.73")
	recordSteps(t, db, r)
	recordSteps(t, db, record(db, "other", 1), confided(db, "", "9182.73"))
	v := newest(t, db, "tok")
	r.Visit.ID = v.ID
	if !reflect.DeepEqual(v, r.Visit) {
		t.Errorf("NewestVisit = %+v\nwant %+v", v, r.Visit)
	}
	if byID, err := db.Visit(ctx, v.ID); err != nil || !reflect.DeepEqual(byID, r.Visit) {
		t.Errorf("Visit = %+v, %v; want it as it was", byID, err)
	}
	steps, err := db.VisitSteps(ctx, v.ID)
	if err != nil || len(steps) != 1 || string(steps[0].Data) != string(r.Step.Data) || string(steps[0].Answer) != string(r.Step.Answer) {
		t.Errorf("VisitSteps = %+v, %v; want one as it was", steps, err)
	}
	for word, want := range map[string]bool{"9182": false, "You ask for": false, "other": true} {
		if db.Holds(word) != want {
			t.Errorf("the database holds %q: %t; want %t", word, !want, want)
		}
	}
	if n := count(t, db, "SELECT count(*) FROM visits WHERE token = 'tok' AND last_hash = 'h1'"); n != 0 {
		t.Error("the hash of what was submitted stands in the database: short values can be tried")
	}
	if n := count(t, db, "SELECT count(*) FROM visits WHERE token = 'other' AND sent LIKE '%title%' AND last_hash = 'h1'"); n != 1 {
		t.Error("a visit without anything sensitive is sealed too")
	}
}

func TestASealedVisitOpensInItsPlaceOnly(t *testing.T) {
	var db *modelstest.DB
	for _, column := range []string{"answers", "sent", "last_answer"} {
		db = modelstest.Open(t)
		recordSteps(t, db, confided(db, "a", "1"), confided(db, "b", "2"))
		raw(t, db.URL, "UPDATE visits SET "+column+" = (SELECT "+column+" FROM visits WHERE token = 'a') WHERE token = 'b'")
		if v, err := db.NewestVisit(t.Context(), 1, "b"); err == nil {
			t.Errorf("NewestVisit with another's %s = %+v, %v; want an error", column, v, err)
		}
	}
	raw(t, db.URL, "UPDATE steps SET data = (SELECT data FROM steps ORDER BY id LIMIT 1)")
	if steps, err := db.VisitSteps(t.Context(), newest(t, db, "a").ID+1); err == nil {
		t.Errorf("VisitSteps with another step's data = %+v; want an error", steps)
	}
}

package models_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
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

func TestSensitiveValuesAreNotInTheFilesAndComeBackAsTheyWere(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	r := confided(db, "tok", "9182.73")
	recordSteps(t, db, r, record(db, "other", 1), confided(db, "", "9182.73"))
	v := newest(t, db, "tok")
	v.LastVersion = 0
	r.Visit.ID = v.ID
	if !reflect.DeepEqual(v, r.Visit) {
		t.Errorf("NewestVisit = %+v\nwant %+v", v, r.Visit)
	}
	if all, err := db.Visits(ctx, 1, 0, 10); err != nil || len(all) != 2 || !reflect.DeepEqual(all[1], r.Visit) {
		t.Errorf("Visits = %+v, %v; want both as they were", all, err)
	}
	steps, err := db.VisitSteps(ctx, v.ID)
	if err != nil || len(steps) != 1 || string(steps[0].Data) != string(r.Step.Data) || string(steps[0].Answer) != string(r.Step.Answer) {
		t.Errorf("VisitSteps = %+v, %v; want one as it was", steps, err)
	}
	files, err := filepath.Glob(strings.TrimPrefix(db.URL, "sqlite:") + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob = %q, %v", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"9182", "You ask for"} {
			if strings.Contains(string(b), word) {
				t.Errorf("%q stands in %s", word, filepath.Base(file))
			}
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
	db := modelstest.Open(t)
	recordSteps(t, db, confided(db, "a", "1"), confided(db, "b", "2"))
	for column, moved := range map[string]string{
		"answers":     "UPDATE visits SET answers = (SELECT answers FROM visits WHERE token = 'a') WHERE token = 'b'",
		"last_answer": "UPDATE visits SET answers = CAST(last_answer AS TEXT) WHERE token = 'b'",
	} {
		change(t, db, moved)
		if v, err := db.NewestVisit(t.Context(), 1, "b"); err == nil {
			t.Errorf("NewestVisit with another's %s = %+v, %v; want an error", column, v, err)
		}
	}
	change(t, db, "UPDATE steps SET data = (SELECT data FROM steps ORDER BY id LIMIT 1)")
	if steps, err := db.VisitSteps(t.Context(), newest(t, db, "a").ID+1); err == nil {
		t.Errorf("VisitSteps with another step's data = %+v; want an error", steps)
	}
}

package models_test

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestAVisitThatBeganWhileItCouldNotBeReadIsTheNextRunWithAllItsSteps(t *testing.T) {
	db := modelstest.Open(t)
	before := record(db, "tok", 1)
	recordSteps(t, db, before)
	db.Advance(time.Hour)
	step := func(n int) models.StepRecord {
		r := record(db, "tok", n)
		r.Visit.Run = 0
		r.Visit.StartedAt = models.Time{Time: modelstest.Start.Add(time.Hour)}
		return r
	}
	recordSteps(t, db, step(1), step(2))
	db.Advance(time.Minute)
	known := step(4) // by then the visit could be read
	known.Visit.Run = 2
	recordSteps(t, db, known)
	recordSteps(t, db, step(3)) // had waited longer
	v := newest(t, db, "tok")
	steps, err := db.VisitSteps(t.Context(), v.ID)
	if v.Run != 2 || v.Steps != 4 || err != nil || len(steps) != 4 {
		t.Errorf("run %d with %d steps, %d recorded, %v; want run 2 with 4, 4", v.Run, v.Steps, len(steps), err)
	}
	if n, err := db.Tokenless(t.Context(), 1, models.Time{}); err != nil || n != 0 {
		t.Errorf("Tokenless = %d, %v; want 0", n, err)
	}
}

func TestTwoVisitsThatBeganWhileNoneCouldBeReadAreTwoRuns(t *testing.T) {
	db := modelstest.Open(t)
	var rs []models.StepRecord
	for n := range 2 {
		r := record(db, "tok", 1)
		r.Visit.Run, r.Visit.StartedAt = 0, models.Time{Time: modelstest.Start.Add(time.Duration(n) * time.Minute)}
		rs = append(rs, r)
	}
	recordSteps(t, db, rs...)
	if v := newest(t, db, "tok"); v.Run != 2 || !v.StartedAt.Equal(rs[1].Visit.StartedAt.Time) {
		t.Errorf("the newest is run %d, begun at %v; want run 2, begun at %v", v.Run, v.StartedAt, rs[1].Visit.StartedAt)
	}
}

func TestAVisitThatWasTakenOutIsMadeAnewByItsNextStep(t *testing.T) {
	url := modelstest.URL(t)
	db := modelstest.OpenAt(t, url)
	recordSteps(t, db, record(db, "tok", 1))
	recordSteps(t, db, record(db, "tok", 2))
	old := newest(t, db, "tok")
	if _, err := modelstest.SQL(t, url).Exec(`DELETE FROM visits WHERE id = ?`, old.ID); err != nil {
		t.Fatal(err)
	}
	recordSteps(t, db, record(db, "tok", 3))
	v := newest(t, db, "tok")
	steps, err := db.VisitSteps(t.Context(), v.ID)
	if v.ID == old.ID || v.Steps != 3 || err != nil || len(steps) != 1 {
		t.Errorf("visit %d with %d steps, %d recorded, %v; want another than %d with 3 steps, 1 recorded", v.ID, v.Steps, len(steps), err, old.ID)
	}
}

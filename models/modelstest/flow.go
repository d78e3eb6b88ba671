package modelstest

import (
	"context"

	"switchyard/models"
)

// NewFlow saves an encrypted flow; change may alter it first.
func (db *DB) NewFlow(slug string, change ...func(*models.Flow)) models.Flow {
	db.t.Helper()
	f := models.Flow{Slug: slug, Name: slug, Mode: models.Encrypted}
	for _, c := range change {
		c(&f)
	}
	saved, err := db.CreateFlow(context.Background(), f, models.By{Name: "test"})
	db.must("CreateFlow "+slug, err)
	return saved
}

// NewVisit saves a visit with one step: what a response of that token is attributed to.
func (db *DB) NewVisit(flow models.Flow, token string, change ...func(*models.Visit)) models.Visit {
	db.t.Helper()
	now := db.Time()
	v := models.Visit{FlowID: flow.ID, Token: token, Run: 1, StartedAt: now, LastAt: now, Outcome: models.VisitOpen, Steps: 1}
	for _, c := range change {
		c(&v)
	}
	step := models.Step{FlowID: flow.ID, At: v.LastAt, Action: "INIT", Status: 200}
	db.must("RecordSteps "+token, db.RecordSteps(context.Background(), []models.StepRecord{{Visit: v, Step: step}}))
	saved, err := db.NewestVisit(context.Background(), flow.ID, token)
	db.must("NewestVisit "+token, err)
	return saved
}

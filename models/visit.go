package models

import (
	"context"
)

// Outcome of a visit.
type Outcome string

// The outcomes.
const (
	VisitOpen     Outcome = "open"
	VisitFinished Outcome = "finished"
	VisitExpired  Outcome = "expired"
)

// A Visit is one customer's run through a flow, keyed by (flow, flow_token, run) (design/decisions.md 1–9).
type Visit struct {
	ID          int64
	FlowID      int64
	Token       string
	Run         int
	Test        bool
	RuleVersion int // of its first step
	StartedAt   Time
	LastAt      Time
	Outcome     Outcome
	Screen      string                    // last shown
	Trail       []string                  // stack of screens shown
	Answers     map[string]map[string]any // by screen; secrets are "•••"
	Sent        map[string]map[string]any // by screen: what we last sent
	Steps       int
	LastHash    string // of action, screen and data of the last step: a repeat has the same
	LastAnswer  []byte // plaintext answer to it
	LastStatus  int    // its HTTP status
}

// answersByScreen is the data of each screen, as JSON text in one column.
type answersByScreen = jsonColumn[map[string]map[string]any]

type visitRow struct {
	ID          int64
	FlowID      int64
	Token       string
	Run         int
	Test        bool
	RuleVersion int
	StartedAt   Time
	LastAt      Time
	Outcome     Outcome
	Screen      string
	Trail       jsonColumn[[]string]
	Answers     answersByScreen
	Sent        answersByScreen
	Steps       int
	LastHash    string
	LastAnswer  []byte
	LastStatus  int
}

func (visitRow) TableName() string { return "visits" }

func (r visitRow) visit() Visit {
	return Visit{
		r.ID, r.FlowID, r.Token, r.Run, r.Test, r.RuleVersion, r.StartedAt, r.LastAt, r.Outcome, r.Screen,
		r.Trail.V, r.Answers.V, r.Sent.V, r.Steps, r.LastHash, r.LastAnswer, r.LastStatus,
	}
}

func (v Visit) row() visitRow {
	r := visitRow{
		v.ID, v.FlowID, v.Token, v.Run, v.Test, v.RuleVersion, v.StartedAt, v.LastAt, v.Outcome, v.Screen,
		jsonColumn[[]string]{v.Trail}, answersByScreen{v.Answers}, answersByScreen{v.Sent},
		v.Steps, v.LastHash, v.LastAnswer, v.LastStatus,
	}
	if r.Outcome == "" {
		r.Outcome = VisitOpen
	}
	return r
}

// NewestVisit returns the newest run of a token, ErrNotFound when there is none.
func (db *DB) NewestVisit(ctx context.Context, flowID int64, token string) (Visit, error) {
	if token == "" {
		return Visit{}, ErrNotFound
	}
	var row visitRow
	err := db.read.WithContext(ctx).Where("flow_id = ? AND token = ?", flowID, token).Order("run DESC").Take(&row).Error
	return row.visit(), kindOf(err)
}

// Visit returns one.
func (db *DB) Visit(ctx context.Context, id int64) (Visit, error) {
	var row visitRow
	err := db.read.WithContext(ctx).Where("id = ?", id).Take(&row).Error
	return row.visit(), kindOf(err)
}

// Visits lists a flow's newest, tests included, before an id (0 = newest).
func (db *DB) Visits(ctx context.Context, flowID, before int64, limit int) ([]Visit, error) {
	var rows []visitRow
	err := db.read.WithContext(ctx).Where("flow_id = ? AND (? = 0 OR id < ?)", flowID, before, before).
		Order("id DESC").Limit(pageLimit(limit)).Find(&rows).Error
	visits := make([]Visit, len(rows))
	for i, r := range rows {
		visits[i] = r.visit()
	}
	return visits, err
}

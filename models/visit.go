package models

import (
	"context"
	"errors"
	"fmt"
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
	LastVersion int    // of the rules that gave it
	Routed      string // what the last rule did that led on, as Routed has it
	Faulty      bool   // one of its steps has a fault or is an error notification; set by RecordSteps
}

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
	Answers     []byte // JSON text, like Sent; these two and the last request's hash and answer may be sealed
	Sent        []byte
	Steps       int
	LastHash    []byte
	LastAnswer  []byte
	LastStatus  int
	LastVersion int
	Routed      string
	Faulty      bool
}

func (visitRow) TableName() string { return "visits" }

// private are the columns that hold what the customer said, or what was said about it.
func (r *visitRow) private() []column {
	return []column{{"answers", &r.Answers}, {"sent", &r.Sent}, {"last_hash", &r.LastHash}, {"last_answer", &r.LastAnswer}}
}

// key is the visit's natural key: sealed values are bound to it, since its id is not known when it is first written.
func (r *visitRow) key() string { return fmt.Sprintf("%d/%s/%d", r.FlowID, r.Token, r.Run) }

// visit opens what is sealed.
func (db *DB) visit(r visitRow) (Visit, error) {
	v := Visit{
		ID: r.ID, FlowID: r.FlowID, Token: r.Token, Run: r.Run, Test: r.Test, RuleVersion: r.RuleVersion,
		StartedAt: r.StartedAt, LastAt: r.LastAt, Outcome: r.Outcome, Screen: r.Screen, Trail: r.Trail.V,
		Steps: r.Steps, LastStatus: r.LastStatus, LastVersion: r.LastVersion, Routed: r.Routed, Faulty: r.Faulty,
	}
	if err := db.sealer.openColumns("visits", r.key(), r.private()); err != nil {
		return Visit{}, err
	}
	if err := errors.Join(decodeJSON(r.Answers, &v.Answers), decodeJSON(r.Sent, &v.Sent)); err != nil {
		return Visit{}, fmt.Errorf("visit %d: %w", r.ID, err)
	}
	v.LastHash, v.LastAnswer = string(r.LastHash), r.LastAnswer
	return v, nil
}

// visitRow is a visit as it is stored; sensitive: what is private in it is sealed.
func (db *DB) visitRow(v Visit, sensitive bool) (visitRow, error) {
	r := visitRow{
		ID: v.ID, FlowID: v.FlowID, Token: v.Token, Run: v.Run, Test: v.Test, RuleVersion: v.RuleVersion,
		StartedAt: v.StartedAt, LastAt: v.LastAt, Outcome: v.Outcome, Screen: v.Screen, Trail: jsonColumn[[]string]{v.Trail},
		Steps: v.Steps, LastHash: []byte(v.LastHash), LastAnswer: v.LastAnswer, LastStatus: v.LastStatus, LastVersion: v.LastVersion, Routed: v.Routed,
	}
	if r.Outcome == "" {
		r.Outcome = VisitOpen
	}
	var err error
	if r.Answers, err = AppendJSON(make([]byte, 0, 256), v.Answers); err != nil {
		return r, err
	}
	if r.Sent, err = AppendJSON(make([]byte, 0, 512), v.Sent); err != nil || !sensitive {
		return r, err
	}
	return r, db.sealer.sealColumns("visits", r.key(), r.private())
}

// NewestVisit returns the newest run of a token, ErrNotFound when there is none.
func (db *DB) NewestVisit(ctx context.Context, flowID int64, token string) (Visit, error) {
	if token == "" {
		return Visit{}, ErrNotFound
	}
	var row visitRow
	err := db.read.WithContext(ctx).Where("flow_id = ? AND token = ?", flowID, bounded(token)).Order("run DESC").Take(&row).Error
	if err != nil {
		return Visit{}, kindOf(err)
	}
	v, err := db.visit(row)
	v.Token = token
	return v, err
}

// Visit returns one.
func (db *DB) Visit(ctx context.Context, id int64) (Visit, error) {
	var row visitRow
	err := db.read.WithContext(ctx).Where("id = ?", id).Take(&row).Error
	if err != nil {
		return Visit{}, kindOf(err)
	}
	return db.visit(row)
}

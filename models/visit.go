package models

import "context"

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

// A Step is one endpoint request of a visit, or of none (no token, ping excluded).
type Step struct {
	ID          int64
	FlowID      int64
	VisitID     int64 // 0: no token
	At          Time
	Action      string
	Screen      string
	NextScreen  string
	Kind        string // rules.Kind, "notice", "unruled"
	RuleID      string
	Rule        string
	RuleVersion int
	Micros      int64 // duration
	Status      int   // HTTP
	Faults      []string
	Data        []byte // JSON submitted; secrets "•••"
	Answer      []byte // JSON sent; nil when too large
	Test        bool
}

// NewestVisit returns the newest run of a token, ErrNotFound when there is none.
func (db *DB) NewestVisit(ctx context.Context, flowID int64, token string) (Visit, error) {
	panic("contract")
}

// A StepRecord is one step with its visit as it is after it; Visit.Token empty: a step without a visit.
type StepRecord struct {
	Visit Visit
	Step  Step
}

// RecordSteps stores steps and their visits in one transaction: the steps queue's store. A visit is found by
// (flow, token, run) and made when missing; an older state (fewer steps) never replaces a newer one.
func (db *DB) RecordSteps(ctx context.Context, rs []StepRecord) error { panic("contract") }

// Visit returns one.
func (db *DB) Visit(ctx context.Context, id int64) (Visit, error) { panic("contract") }

// Visits lists a flow's newest, tests included, before an id (0 = newest).
func (db *DB) Visits(ctx context.Context, flowID, before int64, limit int) ([]Visit, error) {
	panic("contract")
}

// VisitSteps lists the steps of a visit in order.
func (db *DB) VisitSteps(ctx context.Context, visitID int64) ([]Step, error) { panic("contract") }

// Faults lists a flow's newest steps that recorded a fault or an error notification, newest first.
func (db *DB) Faults(ctx context.Context, flowID int64, limit int) ([]Step, error) { panic("contract") }

// RuleHits counts by rule id how often each decided since then.
func (db *DB) RuleHits(ctx context.Context, flowID int64, since Time) (map[string]int, error) {
	panic("contract")
}

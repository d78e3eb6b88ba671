package models

import (
	"context"
	"fmt"
	"time"
)

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

// notice is the Kind of an error notification from the client.
const notice = "notice"

type stepRow struct {
	ID          int64
	FlowID      int64
	VisitID     int64
	At          Time
	Action      string
	Screen      string
	NextScreen  string
	Kind        string
	RuleID      string
	Rule        string
	RuleVersion int
	Micros      int64
	Status      int
	Faults      jsonColumn[[]string]
	Faulty      bool
	Data        []byte
	Answer      []byte
	Test        bool
}

func (stepRow) TableName() string { return "steps" }

// private are the columns that hold what the customer said and was answered.
func (r *stepRow) private() []column { return []column{{"data", &r.Data}, {"answer", &r.Answer}} }

// key is what sealed values are bound to: the step's id is not known when it is written.
func (r *stepRow) key() string { return fmt.Sprintf("%d/%d/%d", r.FlowID, r.VisitID, r.At.Micros()) }

// stepRow is a step of a visit as it is stored; sensitive: what is private in it is sealed.
func (db *DB) stepRow(s Step, visitID int64, sensitive bool) (stepRow, error) {
	r := stepRow{
		0, s.FlowID, visitID, s.At, s.Action, s.Screen, s.NextScreen, s.Kind, s.RuleID, s.Rule, s.RuleVersion,
		s.Micros, s.Status, jsonColumn[[]string]{s.Faults}, len(s.Faults) > 0 || s.Kind == notice, s.Data, s.Answer, s.Test,
	}
	if !sensitive {
		return r, nil
	}
	return r, db.sealer.sealColumns("steps", r.key(), r.private())
}

// steps opens what is sealed.
func (db *DB) steps(rows []stepRow) ([]Step, error) {
	steps := make([]Step, len(rows))
	for i, r := range rows {
		if err := db.sealer.openColumns("steps", r.key(), r.private()); err != nil {
			return nil, err
		}
		steps[i] = Step{
			r.ID, r.FlowID, r.VisitID, r.At, r.Action, r.Screen, r.NextScreen, r.Kind, r.RuleID, r.Rule, r.RuleVersion,
			r.Micros, r.Status, r.Faults.V, r.Data, r.Answer, r.Test,
		}
	}
	return steps, nil
}

// stepsBefore is by how much a step's time may lie before its visit's start: servers' clocks differ.
const stepsBefore = 24 * time.Hour

// VisitSteps lists the steps of a visit in order. Its start is asked for so that PostgreSQL reads no month before it.
func (db *DB) VisitSteps(ctx context.Context, visitID int64) ([]Step, error) {
	var rows []stepRow
	err := db.read.WithContext(ctx).Where("visit_id = ? AND visit_id > 0", visitID).
		Where("at >= (SELECT started_at FROM visits WHERE id = ?) - ?", visitID, stepsBefore.Microseconds()).
		Order("at, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return db.steps(rows)
}

// Faults lists a flow's newest steps that recorded a fault or an error notification, newest first. Tests are left out.
func (db *DB) Faults(ctx context.Context, flowID int64, limit int) ([]Step, error) {
	var rows []stepRow
	err := db.read.WithContext(ctx).Where("flow_id = ? AND faulty AND NOT test", flowID).
		Order("id DESC").Limit(pageLimit(limit)).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return db.steps(rows)
}

// FaultsBetween lists those from one time to another (half-open), the newest first, as many as a page of evidence shows.
func (db *DB) FaultsBetween(ctx context.Context, flowID int64, from, to time.Time) ([]Step, error) {
	var rows []stepRow
	err := db.read.WithContext(ctx).Where("flow_id = ? AND faulty AND NOT test AND at >= ? AND at < ?", flowID, at(from), at(to)).
		Order("id DESC").Limit(evidenceRows).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	return db.steps(rows)
}

// RuleHits counts by rule id how often each decided since then, tests left out.
func (db *DB) RuleHits(ctx context.Context, flowID int64, since Time) (map[string]int, error) {
	var rows []struct {
		RuleID string
		N      int
	}
	err := db.read.WithContext(ctx).Raw(`SELECT rule_id, COUNT(*) AS n FROM steps
		WHERE flow_id = ? AND at >= ? AND rule_id <> '' AND NOT test GROUP BY rule_id`, flowID, since).Scan(&rows).Error
	hits := make(map[string]int, len(rows))
	for _, r := range rows {
		hits[r.RuleID] = r.N
	}
	return hits, err
}

// VersionHits counts by version how often its rules decided since then, tests left out.
func (db *DB) VersionHits(ctx context.Context, flowID int64, since Time) (map[int]int, error) {
	var rows []struct{ RuleVersion, N int }
	err := db.read.WithContext(ctx).Raw(`SELECT rule_version, COUNT(*) AS n FROM steps
		WHERE flow_id = ? AND at >= ? AND rule_id <> '' AND NOT test GROUP BY rule_version`, flowID, since).Scan(&rows).Error
	hits := make(map[int]int, len(rows))
	for _, r := range rows {
		hits[r.RuleVersion] = r.N
	}
	return hits, err
}

// Tokenless counts requests since then that came without a usable flow_token: they belong to no visit, so nothing is
// remembered between them (design/decisions.md 1). Tests are left out.
func (db *DB) Tokenless(ctx context.Context, flowID int64, since Time) (int, error) {
	var n int
	err := db.read.WithContext(ctx).Raw(`SELECT COUNT(*) FROM steps WHERE flow_id = ? AND visit_id = 0 AND at >= ? AND NOT test`, flowID, since).Scan(&n).Error
	return n, err
}

package models

import (
	"context"
	"time"
)

// evidenceRows is how many rows of evidence a page shows.
const evidenceRows = 8

// A StepGroup is what one rule, or what a screen has beside its rules, decided in a time. Of one step N is 1.
type StepGroup struct {
	At         Time // of one step
	Action     string
	Screen     string
	NextScreen string
	RuleID     string
	Rule       string
	N          int
	Micros     int64 // of the slowest
	VisitID    int64 // of one of them; 0: none is recorded
}

// SlowSteps are the slowest steps of a flow from one time to another (half-open), tests left out.
func (db *DB) SlowSteps(ctx context.Context, flowID int64, from, to time.Time) ([]StepGroup, error) {
	return db.stepGroups(ctx, `SELECT at, action, screen, next_screen, rule_id, rule, 1 AS n, micros, visit_id FROM steps
		WHERE flow_id = ? AND at >= ? AND at < ? AND NOT test ORDER BY micros DESC, id LIMIT ?`, flowID, from, to, evidenceRows)
}

// SlowRules are the rules with the slowest steps.
func (db *DB) SlowRules(ctx context.Context, flowID int64, from, to time.Time) ([]StepGroup, error) {
	return db.stepGroups(ctx, `SELECT 0 AS at, action, screen, '' AS next_screen, rule_id, rule, count(*) AS n, max(micros) AS micros, 0 AS visit_id FROM steps
		WHERE flow_id = ? AND at >= ? AND at < ? AND NOT test AND rule <> '' GROUP BY action, screen, rule_id, rule ORDER BY max(micros) DESC, rule_id LIMIT ?`,
		flowID, from, to, evidenceRows)
}

// Transitions are by which rules customers came from a screen to another, the most frequent first.
func (db *DB) Transitions(ctx context.Context, flowID int64, from, to time.Time) ([]StepGroup, error) {
	const most = 500 // pairs of screens and rules
	return db.stepGroups(ctx, `SELECT max(at) AS at, action, screen, next_screen, rule_id, rule, count(*) AS n, max(micros) AS micros, max(visit_id) AS visit_id FROM steps
		WHERE flow_id = ? AND at >= ? AND at < ? AND NOT test AND action = 'data_exchange' AND screen <> '' AND next_screen <> '' AND next_screen <> screen
		GROUP BY action, screen, next_screen, rule_id, rule ORDER BY count(*) DESC, rule_id LIMIT ?`, flowID, from, to, most)
}

func (db *DB) stepGroups(ctx context.Context, query string, flowID int64, from, to time.Time, limit int) ([]StepGroup, error) {
	rows, err := db.reader().QueryContext(ctx, query, flowID, at(from), at(to), limit)
	return collect(rows, err, func(g *StepGroup, s scanner) error {
		return s.Scan(&g.At, &g.Action, &g.Screen, &g.NextScreen, &g.RuleID, &g.Rule, &g.N, &g.Micros, &g.VisitID)
	})
}

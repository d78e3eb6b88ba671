package models

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
)

const (
	// All visits of a batch in one statement; see onVisitConflict for when one is not written.
	postgresPutVisits = `INSERT INTO visits (flow_id, token, run, test, rule_version, started_at, last_at, outcome, screen, trail, answers, sent,
			steps, last_hash, last_answer, last_status, last_version, routed)
		SELECT * FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::boolean[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[],
			?::text[], ?::text[], ?::bigint[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[], ?::text[])
		` + onVisitConflict + ` RETURNING id, flow_id, token, run`
	postgresVisitIDs = `SELECT v.id, v.flow_id, v.token, v.run FROM unnest(?::bigint[], ?::text[], ?::bigint[]) AS k (flow_id, token, run)
		JOIN visits v ON v.flow_id = k.flow_id AND v.token = k.token AND v.run = k.run`
	postgresPutSteps = `INSERT INTO steps (flow_id, visit_id, at, action, screen, next_screen, kind, rule_id, rule, rule_version,
			micros, status, faults, faulty, data, answer, test)
		SELECT s.flow_id, s.visit_id, s.at, s.action, s.screen, s.next_screen, s.kind, s.rule_id, s.rule, s.rule_version,
			s.micros, s.status, s.faults, s.faulty, s.data, s.answer, s.test
		FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
			?::bigint[], ?::bigint[], ?::text[], ?::boolean[], ?::bytea[], ?::bytea[], ?::boolean[], ?::boolean[])
			AS s (flow_id, visit_id, at, action, screen, next_screen, kind, rule_id, rule, rule_version,
				micros, status, faults, faulty, data, answer, test, again)
		WHERE NOT s.again OR NOT (CASE WHEN s.visit_id > 0
			THEN EXISTS (SELECT 1 FROM steps o WHERE o.visit_id = s.visit_id AND o.visit_id > 0 AND ` + sameStep + `)
			ELSE EXISTS (SELECT 1 FROM steps o WHERE o.flow_id = s.flow_id AND o.visit_id = 0 AND ` + sameStep + `) END)`

	postgresRouteAgain = `UPDATE responses r SET outcome = v.routed FROM visits v
		WHERE v.id = ANY(?::bigint[]) AND v.routed <> '' AND r.visit_id = v.id AND r.visit_id > 0 AND r.outcome <> v.routed`

	postgresFaultyVisits = `UPDATE visits SET faulty = TRUE WHERE id = ANY(?::bigint[]) AND NOT faulty`

	// sameStep is apart for steps with and without a visit, as the indexes are.
	sameStep = `o.at = s.at AND o.flow_id = s.flow_id AND o.action = s.action AND o.screen = s.screen AND o.micros = s.micros`
)

// record writes a batch in three or four statements, however many steps it has.
func (e *postgresEngine) record(ctx context.Context, db *DB, rs []StepRecord) error {
	times := each(rs, func(r StepRecord) time.Time { return r.Step.At.Time })
	return kindOf(e.months.write(ctx, e.writers, times, func() error {
		return db.alongside(ctx, func(tx *gorm.DB) error {
			ctx := tx.Statement.Context // which has an end
			if err := e.lock(tx, unsettled(rs)...); err != nil {
				return err
			}
			if err := settleRuns(ctx, inTx(tx), rs); err != nil {
				return err
			}
			ids, err := e.putVisits(ctx, db, inTx(tx), newestStates(rs))
			if err != nil {
				return err
			}
			if err := e.putSteps(ctx, db, tx, rs, ids); err != nil {
				return err
			}
			if _, err := tx.Statement.ConnPool.ExecContext(ctx, postgresRouteAgain, slices.Collect(maps.Values(ids))); err != nil {
				return err
			}
			return db.putStepFiles(tx, rs, ids)
		})
	}))
}

// putVisits writes them in one order, so that two processes with the same visits never wait for each other.
func (e *postgresEngine) putVisits(ctx context.Context, db *DB, q querier, newest []*StepRecord) (map[visitKey]int64, error) {
	slices.SortFunc(newest, func(a, b *StepRecord) int {
		return cmp.Or(cmp.Compare(a.Visit.FlowID, b.Visit.FlowID), cmp.Compare(a.Visit.Token, b.Visit.Token), cmp.Compare(a.Visit.Run, b.Visit.Run))
	})
	var c visitRows
	for _, r := range newest {
		row, err := db.visitRow(r.Visit, r.Sensitive)
		if err == nil {
			err = c.add(row)
		}
		if err != nil {
			return nil, err
		}
	}
	ids := make(map[visitKey]int64, len(newest))
	if err := visitIDs(ctx, q, ids, postgresPutVisits, c.args()...); err != nil || len(ids) == len(newest) {
		return ids, err
	}
	return ids, visitIDs(ctx, q, ids, postgresVisitIDs, c.flows, c.tokens, c.runs)
}

func visitIDs(ctx context.Context, q querier, ids map[visitKey]int64, text string, args ...any) error {
	rows, err := q.QueryContext(ctx, text, args...)
	_, err = collect(rows, err, func(id *int64, s scanner) error {
		var k visitKey
		err := s.Scan(id, &k.flowID, &k.token, &k.run)
		ids[k] = *id
		return err
	})
	return err
}

// visitRows are visits by column, as unnest takes them.
type visitRows struct {
	flows, runs, versions, started, last, steps, statuses, lasts     []int64
	tokens, outcomes, screens, trails, answers, sent, hashes, routed []string
	tests                                                            []bool
	lastAnswers                                                      [][]byte
}

func (c *visitRows) add(r visitRow) error {
	trail, err := textOf(r.Trail)
	c.flows, c.runs, c.versions = append(c.flows, r.FlowID), append(c.runs, int64(r.Run)), append(c.versions, int64(r.RuleVersion))
	c.started, c.last = append(c.started, r.StartedAt.Micros()), append(c.last, r.LastAt.Micros())
	c.steps, c.statuses = append(c.steps, int64(r.Steps)), append(c.statuses, int64(r.LastStatus))
	c.lasts = append(c.lasts, int64(r.LastVersion))
	c.tokens, c.outcomes, c.screens = append(c.tokens, r.Token), append(c.outcomes, string(r.Outcome)), append(c.screens, r.Screen)
	c.trails, c.answers, c.sent = append(c.trails, trail), append(c.answers, string(r.Answers)), append(c.sent, string(r.Sent))
	c.routed = append(c.routed, r.Routed)
	c.hashes, c.tests, c.lastAnswers = append(c.hashes, string(r.LastHash)), append(c.tests, r.Test), append(c.lastAnswers, r.LastAnswer)
	return err
}

func (c *visitRows) args() []any {
	return []any{c.flows, c.tokens, c.runs, c.tests, c.versions, c.started, c.last, c.outcomes, c.screens, c.trails, c.answers, c.sent,
		c.steps, c.hashes, c.lastAnswers, c.statuses, c.lasts, c.routed}
}

func (e *postgresEngine) putSteps(ctx context.Context, db *DB, tx *gorm.DB, rs []StepRecord, ids map[visitKey]int64) error {
	var c stepRows
	var faulty []int64
	for _, r := range rs {
		row, err := db.stepRow(r.Step, ids[r.Visit.key()], r.Sensitive)
		if row.Faulty && row.VisitID > 0 {
			faulty = append(faulty, row.VisitID)
		}
		if err == nil {
			err = c.add(row, r.Again)
		}
		if err != nil {
			return err
		}
	}
	_, err := tx.Statement.ConnPool.ExecContext(ctx, postgresPutSteps, c.args()...)
	if err == nil && len(faulty) > 0 {
		_, err = tx.Statement.ConnPool.ExecContext(ctx, postgresFaultyVisits, faulty)
	}
	return err
}

// stepRows are steps by column, as unnest takes them.
type stepRows struct {
	flows, visits, at, versions, micros, statuses          []int64
	actions, screens, nexts, kinds, ruleIDs, rules, faults []string
	faulty, tests, again                                   []bool
	data, answers                                          [][]byte
}

func (c *stepRows) add(r stepRow, again bool) error {
	faults, err := textOf(r.Faults)
	c.flows, c.visits, c.at = append(c.flows, r.FlowID), append(c.visits, r.VisitID), append(c.at, r.At.Micros())
	c.versions, c.micros, c.statuses = append(c.versions, int64(r.RuleVersion)), append(c.micros, r.Micros), append(c.statuses, int64(r.Status))
	c.actions, c.screens, c.nexts = append(c.actions, r.Action), append(c.screens, r.Screen), append(c.nexts, r.NextScreen)
	c.kinds, c.ruleIDs, c.rules = append(c.kinds, r.Kind), append(c.ruleIDs, r.RuleID), append(c.rules, r.Rule)
	c.faults, c.faulty, c.tests, c.again = append(c.faults, faults), append(c.faulty, r.Faulty), append(c.tests, r.Test), append(c.again, again)
	c.data, c.answers = append(c.data, r.Data), append(c.answers, r.Answer)
	return err
}

func (c *stepRows) args() []any {
	return []any{c.flows, c.visits, c.at, c.actions, c.screens, c.nexts, c.kinds, c.ruleIDs, c.rules, c.versions,
		c.micros, c.statuses, c.faults, c.faulty, c.data, c.answers, c.tests, c.again}
}

package models

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// A StepRecord is one step with its visit as it is after it; Visit.Token empty: a step without a visit.
type StepRecord struct {
	Visit Visit
	Step  Step
}

// upsertVisit writes a visit unless the database has as many steps of it or more. An end is never taken back: the
// response may have ended the visit before its last step was written.
const upsertVisit = `
	INSERT INTO visits (flow_id, token, run, test, rule_version, started_at, last_at, outcome, screen, trail, answers, sent,
		steps, last_hash, last_answer, last_status)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (flow_id, token, run) DO UPDATE SET last_at = excluded.last_at, screen = excluded.screen,
		outcome = CASE WHEN excluded.outcome = 'open' THEN visits.outcome ELSE excluded.outcome END,
		trail = excluded.trail, answers = excluded.answers, sent = excluded.sent, steps = excluded.steps,
		last_hash = excluded.last_hash, last_answer = excluded.last_answer, last_status = excluded.last_status
	WHERE excluded.steps > visits.steps`

// stepBatch is how many steps one INSERT has: SQLite takes 32,766 values in a statement.
const stepBatch = 200

type visitKey struct {
	flowID int64
	token  string
	run    int
}

func (v Visit) key() visitKey { return visitKey{v.FlowID, v.Token, v.Run} }

// RecordSteps stores steps and their visits in one transaction: the steps queue's store. A visit is found by
// (flow, token, run) and made when missing; an older state (fewer steps) never replaces a newer one.
// What a customer must not leave behind (passwords, passcodes) has been replaced in visit and step by the caller.
func (db *DB) RecordSteps(ctx context.Context, rs []StepRecord) error {
	if len(rs) == 0 {
		return nil
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		ids, err := putVisits(tx, newestStates(rs))
		if err != nil {
			return err
		}
		rows := make([]stepRow, len(rs))
		for i, r := range rs {
			rows[i] = r.Step.row()
			rows[i].ID, rows[i].VisitID = 0, ids[r.Visit.key()]
		}
		return tx.CreateInBatches(rows, stepBatch).Error
	})
}

// newestStates is each visit once, in the order of its first step.
func newestStates(rs []StepRecord) []Visit {
	var visits []Visit
	where := map[visitKey]int{}
	for _, r := range rs {
		i, known := where[r.Visit.key()]
		switch {
		case r.Visit.Token == "":
		case !known:
			where[r.Visit.key()] = len(visits)
			visits = append(visits, r.Visit)
		case r.Visit.Steps >= visits[i].Steps:
			visits[i] = r.Visit
		}
	}
	return visits
}

// putVisits returns the id of each visit.
func putVisits(tx *gorm.DB, visits []Visit) (map[visitKey]int64, error) {
	ids := make(map[visitKey]int64, len(visits))
	for _, v := range visits {
		r := v.row()
		err := tx.Exec(upsertVisit, r.FlowID, r.Token, r.Run, r.Test, r.RuleVersion, r.StartedAt, r.LastAt, r.Outcome, r.Screen,
			r.Trail, r.Answers, r.Sent, r.Steps, r.LastHash, r.LastAnswer, r.LastStatus).Error
		if err != nil {
			return nil, fmt.Errorf("record a visit of flow %d: %w", v.FlowID, err)
		}
		var id int64
		err = tx.Raw("SELECT id FROM visits WHERE flow_id = ? AND token = ? AND run = ?", r.FlowID, r.Token, r.Run).Scan(&id).Error
		if err != nil {
			return nil, err
		}
		ids[v.key()] = id
	}
	return ids, nil
}

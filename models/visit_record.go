package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// A StepRecord is one step with its visit as it is after it; Visit.Token empty: a step without a visit.
type StepRecord struct {
	Visit Visit
	Step  Step
	// Sensitive tells that the flow asks for something sensitive (design/decisions.md 8): answers, submitted data and
	// whatever was sent are then stored sealed, and opened when they are read. It is all of them because a value
	// travels: rules put it into other screens' data and into texts.
	Sensitive bool
	// Files are what the customer attached in this step.
	Files []InFile
	// Again tells that it was tried before and nobody knows whether it was written: then it is not written twice.
	Again bool
}

type visitKey struct {
	flowID int64
	token  string
	run    int
}

func (v *Visit) key() visitKey { return visitKey{v.FlowID, v.Token, v.Run} }

// RecordSteps stores steps and their visits in one transaction: the steps queue's store. A visit is found by
// (flow, token, run) and made when missing; an older state (fewer steps) never replaces a newer one. A visit with run 0
// could not be read when it began: it is the run that started then, else the next one.
// What a customer must not leave behind (passwords, passcodes) has been replaced in visit and step by the caller.
func (db *DB) RecordSteps(ctx context.Context, rs []StepRecord) error {
	if len(rs) == 0 {
		return nil
	}
	rs, err := db.withoutErasedVisits(ctx, each(rs, StepRecord.bounded))
	if err != nil || len(rs) == 0 {
		return err
	}
	return db.engine.record(ctx, db, rs)
}

func (e *sqliteEngine) record(ctx context.Context, db *DB, rs []StepRecord) error {
	var ids map[visitKey]int64
	err := db.inboxTx(ctx, func(x *inboxTx) error {
		if err := settleRuns(x.ctx, inTx(x.tx), rs); err != nil {
			return err
		}
		var err error
		if ids, err = x.putVisits(newestStates(rs), &e.visits); err != nil {
			return err
		}
		for i := range rs {
			if err := x.putStep(&rs[i], ids[rs[i].Visit.key()]); err != nil {
				return fmt.Errorf("record a step of flow %d: %w", rs[i].Step.FlowID, err)
			}
		}
		return db.putStepFiles(x.tx, rs, ids)
	})
	if err == nil {
		e.visits.learn(ids)
	}
	return err
}

// putStepFiles keeps what was attached in steps.
func (db *DB) putStepFiles(tx *gorm.DB, rs []StepRecord, ids map[visitKey]int64) error {
	for i := range rs {
		r := &rs[i]
		o := fileOwner{flow: r.Step.FlowID, visit: ids[r.Visit.key()], at: r.Step.At, test: r.Step.Test}
		if err := db.putFiles(tx, o, r.Files); err != nil {
			return err
		}
	}
	return nil
}

// newestStates is each visit's last record, in the order of its first.
func newestStates(rs []StepRecord) []*StepRecord {
	newest, where := make([]*StepRecord, 0, len(rs)), make(map[visitKey]int, len(rs))
	for i := range rs {
		r := &rs[i]
		place, known := where[r.Visit.key()]
		switch {
		case r.Visit.Token == "":
		case !known:
			where[r.Visit.key()] = len(newest)
			newest = append(newest, r)
		case r.Visit.Steps >= newest[place].Visit.Steps:
			newest[place] = r
		}
	}
	return newest
}

// putVisits returns the id of each visit.
func (x *inboxTx) putVisits(newest []*StepRecord, known *visitNumbers) (map[visitKey]int64, error) {
	ids := make(map[visitKey]int64, len(newest))
	for _, r := range newest {
		key := r.Visit.key()
		id, err := x.putVisit(r, known.find(key))
		if err != nil {
			return nil, fmt.Errorf("record a visit of flow %d: %w", r.Visit.FlowID, err)
		}
		ids[key] = id
	}
	return ids, nil
}

// putVisit changes the visit with the id that is known; when that is none, or changes nothing, it looks for the visit, and
// makes it when it is missing.
func (x *inboxTx) putVisit(rec *StepRecord, known int64) (id int64, err error) {
	r, err := x.db.visitRow(rec.Visit, rec.Sensitive)
	if err != nil {
		return 0, err
	}
	trail, err := textOf(r.Trail)
	if err != nil {
		return 0, err
	}
	if known > 0 {
		if changed, err := x.moveVisit(&r, trail, known); err != nil || changed > 0 {
			return known, errors.Join(err, x.routeAgain(&r, known))
		}
	}
	found, err := x.find(sqlVisitID, []any{r.FlowID, r.Token, r.Run}, &id)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return x.insert(sqlNewVisit, r.FlowID, r.Token, r.Run, r.Test, r.RuleVersion, r.StartedAt, r.LastAt, r.Outcome, r.Screen,
			trail, string(r.Answers), string(r.Sent), r.Steps, string(r.LastHash), r.LastAnswer, r.LastStatus, r.LastVersion, r.Routed)
	}
	_, err = x.moveVisit(&r, trail, id)
	return id, errors.Join(err, x.routeAgain(&r, id))
}

// routeAgain lets the response of a visit, when it came first, know where the visit was led since.
func (x *inboxTx) routeAgain(r *visitRow, id int64) error {
	if r.Routed == "" {
		return nil
	}
	_, err := x.exec(sqlRouteAgain, id, id, id)
	return err
}

// moveVisit changes nothing when the database has a newer state. It hands over what the driver takes as it is.
func (x *inboxTx) moveVisit(r *visitRow, trail string, id int64) (changed int64, err error) {
	steps := int64(r.Steps)
	state := append(make([]any, 0, 15), r.LastAt.Micros(), r.Screen, trail, string(r.Answers), string(r.Sent),
		steps, string(r.LastHash), r.LastAnswer, int64(r.LastStatus), int64(r.LastVersion), r.Routed)
	if r.Outcome == VisitOpen {
		return x.exec(sqlMoveVisit, append(state, id, steps)...)
	}
	return x.exec(sqlEndVisit, append(state, string(r.Outcome), id, steps, steps)...)
}

func (x *inboxTx) putStep(rec *StepRecord, visitID int64) error {
	r, err := x.db.stepRow(rec.Step, visitID, rec.Sensitive)
	if err != nil {
		return err
	}
	faults, err := textOf(r.Faults)
	if err != nil {
		return err
	}
	if r.Faulty && visitID > 0 {
		if _, err := x.exec(sqlFaultyVisit, visitID); err != nil {
			return err
		}
	}
	_, err = x.exec(sqlPutStep, r.FlowID, r.VisitID, r.At.Micros(), r.Action, r.Screen, r.NextScreen, r.Kind, r.RuleID, r.Rule,
		int64(r.RuleVersion), r.Micros, int64(r.Status), faults, r.Faulty, r.Data, r.Answer, r.Test)
	return err
}

package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"
)

// AssignmentState is where an assignment stands.
type AssignmentState string

// The states of an assignment.
const (
	Assigning     AssignmentState = "running"
	Assigned      AssignmentState = "done"
	Unassigning   AssignmentState = "undoing"
	UnassignedAll AssignmentState = "undone"
)

// An Assignment is one act by which somebody gave responses to a flow: one response, or all unmatched ones that are like
// it and were there by then.
type Assignment struct {
	ID        int64
	State     AssignmentState
	FlowID    int64
	FlowSlug  string
	FlowName  string
	Like      Like
	Total     int64 // responses that were assigned so far; when it is undone, of those that were
	MappingID int64 // that was made with it; 0: none
	UserID    int64
	Name      string // of who did it
	At        Time
	UndoneAt  Time // zero: it stands
	UndoneBy  string

	next, last int64
}

const selectAssignments = `SELECT a.id, a.state, a.flow_id, coalesce(f.slug, ''), coalesce(f.name, ''), a.alike, a.value, a.total, a.mapping_id, a.user_id,
	a.name, a.at, a.undone_at, a.undone_by, a.next_id, a.last_id FROM assignments a LEFT JOIN flows f ON f.id = a.flow_id `

func (a *Assignment) scan(s scanner) error {
	return s.Scan(&a.ID, &a.State, &a.FlowID, &a.FlowSlug, &a.FlowName, &a.Like.Kind, &a.Like.Value, &a.Total, &a.MappingID, &a.UserID,
		&a.Name, &a.At, &a.UndoneAt, &a.UndoneBy, &a.next, &a.last)
}

// An Assign says what shall be assigned.
type Assign struct {
	ResponseID int64 // the one that somebody looked at
	FlowID     int64
	Like       Like // the zero value: only that response
	Remember   Like // a mapping to make with it; the zero value: none
}

// Assign gives a response to a flow, whatever it belonged to, and begins to give all unmatched ones to it that are like it;
// ContinueAssignments does the rest. Nothing of a response is lost. Invalid: it is unreadable, or the mapping cannot be made.
// ErrNotFound: there is no such response or flow.
func (db *DB) Assign(ctx context.Context, what Assign, by By) (a Assignment, err error) {
	if what.Like.Kind == "" {
		what.Like.Kind = LikeOne
	}
	if what.Like.Kind == LikeOne {
		what.Like.Value = strconv.FormatInt(what.ResponseID, 10)
	}
	if what.Remember.Kind != "" {
		if what.Remember, err = CheckMapping(what.Remember); err != nil {
			return a, err
		}
	}
	err = db.tx(ctx, func(tx *gorm.DB) (err error) {
		a, err = db.assign(db.inboxIn(tx), what, by)
		return err
	})
	return a, err
}

func (db *DB) assign(x *inboxTx, what Assign, by By) (a Assignment, err error) {
	f, err := flowIn(x.tx, what.FlowID)
	if err != nil {
		return a, err
	}
	c, err := x.held(what.ResponseID)
	if err != nil {
		return a, err
	}
	if c.state == Unreadable {
		return a, &Invalid{"flow", "What could not be read belongs to no flow. Replay its delivery once it can be read, or dismiss it."}
	}
	if what.Like.Kind != LikeOne && !what.Like.matches(c.evidence) {
		return a, &Invalid{"like", "The response is not one of those. Open the page again and choose anew."}
	}
	a = Assignment{State: Assigned, FlowID: f.ID, FlowSlug: f.Slug, FlowName: f.Name, Like: what.Like, Total: 1, UserID: by.UserID, Name: by.Name, At: db.now()}
	if what.Like.Kind != LikeOne {
		a.State = Assigning
		if err := x.tx.Raw(`SELECT coalesce(max(id), 0) FROM responses`).Scan(&a.last).Error; err != nil {
			return a, err
		}
	}
	if what.Remember.Kind != "" {
		m, err := db.addMapping(x.tx, what.Remember, f.ID, by)
		if err != nil {
			return a, err
		}
		a.MappingID = m.ID
	}
	err = inTx(x.tx).QueryRowContext(x.ctx, `INSERT INTO assignments (state, flow_id, alike, value, total, last_id, mapping_id, user_id, name, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		a.State, a.FlowID, a.Like.Kind, a.Like.Value, a.Total, a.last, a.MappingID, a.UserID, a.Name, a.At).Scan(&a.ID)
	if err != nil {
		return a, err
	}
	if err := x.giveByHand(c, a); err != nil {
		return a, err
	}
	return a, db.audit(x.tx, by, "response.assign", assignmentObject(a.ID),
		map[string]any{"response": what.ResponseID, "flow": f.Slug, "like": a.Like.Kind, "before": c.flowID})
}

func assignmentObject(id int64) string { return fmt.Sprintf("assignment %d", id) }

// held locks a response and reads it as it then is.
func (x *inboxTx) held(id int64) (candidate, error) {
	some, err := x.candidates([]int64{id})
	if err != nil {
		return candidate{}, err
	}
	if err := x.lockCandidates(some); err != nil {
		return candidate{}, err
	}
	if some, err = x.candidates([]int64{id}); err != nil { // it may have changed before it was locked
		return candidate{}, err
	}
	if len(some) == 0 {
		return candidate{}, ErrNotFound
	}
	return some[0], nil
}

// giveByHand gives a response to the flow that somebody chose. A visit with its token is linked and ended when it is one of
// that flow.
func (x *inboxTx) giveByHand(c candidate, a Assignment) error {
	to := attributed{flowID: a.FlowID, by: ByHand, test: c.test}
	if usable(c.token) {
		var visit, flow int64
		var test bool
		found, err := x.find(sqlVisitOf, []any{bounded(c.token)}, &visit, &flow, &test)
		if err != nil {
			return err
		}
		if found && flow == a.FlowID {
			to.visitID, to.test = visit, test
		}
	}
	return x.give(c, to, a.ID)
}

// Assignment returns one.
func (db *DB) Assignment(ctx context.Context, id int64) (a Assignment, err error) {
	err = a.scan(db.reader().QueryRowContext(ctx, selectAssignments+`WHERE a.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return a, err
}

// Assignments lists the newest, before an id (0 = newest).
func (db *DB) Assignments(ctx context.Context, before int64, limit int) ([]Assignment, error) {
	rows, err := db.reader().QueryContext(ctx, selectAssignments+`WHERE a.id < ? ORDER BY a.id DESC LIMIT ?`, beforeID(before), pageLimit(limit))
	return collect(rows, err, (*Assignment).scan)
}

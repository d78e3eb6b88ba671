package models

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// ContinueAssignments goes on with the assignments that are running or being undone, oldest first, batch by batch, for at
// most so long. It may be called by several processes at once. more tells that something is left.
func (db *DB) ContinueAssignments(ctx context.Context, most time.Duration) (more bool, err error) {
	until := time.Now().Add(most)
	for {
		var a Assignment
		err := a.scan(db.reader().QueryRowContext(ctx, selectAssignments+`WHERE a.state IN ('running', 'undoing') ORDER BY a.id LIMIT 1`))
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err == nil {
			err = db.continueAssignment(ctx, a)
		}
		if err != nil || time.Now().After(until) {
			return true, err
		}
	}
}

// continueAssignment does one batch.
func (db *DB) continueAssignment(ctx context.Context, a Assignment) error {
	condition, args := waiting, []any(nil)
	if a.State == Unassigning {
		condition, args = assignedBy, []any{a.ID, a.MappingID}
	}
	some, err := candidatesAfter(ctx, db.reader(), condition, a.next, attributeBatch, args...)
	if err != nil {
		return err
	}
	last := len(some) < attributeBatch
	var meant []candidate
	for _, c := range some {
		if a.State == Assigning && c.id > a.last {
			last = true
			break
		}
		a.next = c.id
		if a.State == Unassigning || a.Like.matches(c.evidence) {
			meant = append(meant, c)
		}
	}
	err = db.inboxTx(ctx, func(x *inboxTx) error { return x.assignOn(a, meant, last) })
	if errors.Is(err, errMoved) {
		return nil
	}
	return err
}

// assignOn does with some responses what an assignment says, unless another process was quicker or somebody undid it
// meanwhile.
func (x *inboxTx) assignOn(a Assignment, meant []candidate, last bool) error {
	if err := x.lock(assignmentObject(a.ID)); err != nil {
		return err
	}
	if err := x.lockCandidates(meant); err != nil {
		return err
	}
	some, err := x.candidates(each(meant, func(c candidate) int64 { return c.id }))
	if err != nil {
		return err
	}
	var standing []Assignment
	if a.State == Unassigning {
		if standing, err = x.standing(a.ID); err != nil {
			return err
		}
	}
	given := int64(0)
	for _, c := range some {
		switch {
		case a.State == Unassigning && (c.by == ByHand && c.byID == a.ID || c.by == ByMapping && c.byID == a.MappingID):
			err = x.takeBack(c, standing)
		case a.State == Assigning && c.state == UnmatchedResponse:
			err = x.giveByHand(c, a)
			given++
		}
		if err != nil {
			return err
		}
	}
	state := a.State
	if last {
		state = map[AssignmentState]AssignmentState{Assigning: Assigned, Unassigning: UnassignedAll}[a.State]
	}
	moved := x.tx.Exec(`UPDATE assignments SET next_id = ?, total = total + ?, state = ? WHERE id = ? AND state = ? AND next_id <= ?`,
		a.next, given, state, a.ID, a.State, a.next)
	if moved.Error == nil && moved.RowsAffected == 0 {
		return errMoved
	}
	return moved.Error
}

// errMoved rolls back what was done for an assignment that is in another state by now.
var errMoved = errors.New("the assignment was changed meanwhile")

// standing are the other assignments that nobody undid, the newest first.
func (x *inboxTx) standing(but int64) ([]Assignment, error) {
	rows, err := inTx(x.tx).QueryContext(x.ctx, selectAssignments+`WHERE a.state IN ('running', 'done') AND a.id <> ? ORDER BY a.id DESC`, but)
	return collect(rows, err, (*Assignment).scan)
}

// meant tells whether an assignment was, or may have been, of that response: those that are alike were when nothing else
// said where they belong.
func (a Assignment) meant(c candidate, alike bool) bool {
	if a.Like.Kind == LikeOne {
		return !alike && a.Like.Value == strconv.FormatInt(c.id, 10)
	}
	return alike && c.id <= a.last && a.Like.matches(c.evidence)
}

// takeBack undoes what a person did: the response belongs where it would have belonged without, or is unmatched. What
// somebody assigned before counts again.
func (x *inboxTx) takeBack(c candidate, standing []Assignment) error {
	before := func(alike bool) int {
		return slices.IndexFunc(standing, func(a Assignment) bool { return a.meant(c, alike) })
	}
	if i := before(false); i >= 0 {
		return x.giveByHand(c, standing[i])
	}
	a, err := x.attribute(c.evidence)
	if err != nil {
		return err
	}
	if a.by != "" {
		return x.give(c, a, a.mappingID)
	}
	if i := before(true); i >= 0 {
		return x.giveByHand(c, standing[i])
	}
	if _, _, err := x.holdDelivery(c); err != nil {
		return err
	}
	if err := x.hideAnew(c, 0); err != nil {
		return err
	}
	return firstError(x.tx,
		stmtArgs{`UPDATE responses SET state = 'unmatched', reason = ?, flow_id = 0, attribution = '', attributed_by = 0, visit_id = 0, outcome = '' WHERE id = ?`, []any{noFlow, c.id}},
		stmtArgs{`UPDATE answers SET flow_id = 0 WHERE response_id = ? AND received_at = ?`, []any{c.id, c.receivedAt}},
		reopened(c.deliveryID, c.receivedAt, noFlow),
	)
}

// UndoAssignment begins to take an assignment back, with the mapping that was made with it and what that found;
// ContinueAssignments does the rest. Responses that were assigned anew since stay where they are. Undoing it again changes nothing.
func (db *DB) UndoAssignment(ctx context.Context, id int64, by By) (Assignment, error) {
	err := db.tx(ctx, func(tx *gorm.DB) error {
		if err := db.engine.lock(tx, assignmentObject(id)); err != nil {
			return err
		}
		undone := tx.Exec(`UPDATE assignments SET state = 'undoing', next_id = 0, undone_at = ?, undone_by = ? WHERE id = ? AND state IN ('running', 'done')`,
			db.now(), by.Name, id)
		if undone.Error != nil || undone.RowsAffected == 0 {
			return undone.Error
		}
		err := tx.Exec(`UPDATE mappings SET removed_at = ?, removed_by = ? WHERE removed_at = 0 AND id = (SELECT mapping_id FROM assignments WHERE id = ?)`,
			db.now(), by.Name, id).Error
		if err != nil {
			return err
		}
		return db.audit(tx, by, "response.unassign", assignmentObject(id), nil)
	})
	if err != nil {
		return Assignment{}, err
	}
	return db.Assignment(ctx, id)
}

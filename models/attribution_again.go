package models

import (
	"context"
	"math"

	"gorm.io/gorm"
)

// attributeBatch bounds one transaction over responses that were there before: the inbox writes beside and between them.
const attributeBatch = 100

// A candidate is a response as attribution needs it.
type candidate struct {
	evidence
	id, deliveryID int64
	wamid          string
	receivedAt     Time
	state          ResponseState
	by             Attribution
	byID, flowID   int64
	visitID        int64
	dismissal      int64
	test           bool
}

const selectCandidates = `SELECT r.id, r.wamid, r.delivery_id, r.received_at, r.state, r.attribution, r.attributed_by, r.flow_id, r.visit_id, r.dismissal_id,
	r.test, r.token, r.context_id, r.phone_number, coalesce(m.phone_id, ''), r.contact_id, r.answers
	FROM responses r LEFT JOIN messages m ON m.wamid = r.wamid `

func (c *candidate) scan(s scanner) (err error) {
	var answers []byte
	err = s.Scan(&c.id, &c.wamid, &c.deliveryID, &c.receivedAt, &c.state, &c.by, &c.byID, &c.flowID, &c.visitID, &c.dismissal,
		&c.test, &c.token, &c.contextID, &c.phoneNumber, &c.phoneID, &c.contact, &answers)
	if err == nil && len(answers) > 0 {
		c.answers, err = decodeAnswers(answers)
	}
	return err
}

// What may find a better reason than it has; each is the condition of an index.
const (
	waiting    = `r.state IN ('unmatched', 'unreadable') AND r.state = 'unmatched'`
	wavering   = `r.attribution IN ('context', 'param', 'mapping')`
	assignedBy = `(r.attribution = 'hand' AND r.attributed_by > 0 AND r.attributed_by = ? OR r.attribution = 'mapping' AND r.attributed_by > 0 AND r.attributed_by = ?)`
)

// candidatesAfter reads the next that meet a condition, by id.
func candidatesAfter(ctx context.Context, q querier, condition string, last int64, limit int, args ...any) ([]candidate, error) {
	rows, err := q.QueryContext(ctx, selectCandidates+`WHERE `+condition+` AND r.id > ? ORDER BY r.id LIMIT ?`, append(args, last, limit)...)
	return collect(rows, err, (*candidate).scan)
}

// Attribute runs attribution again after a flow or a mapping was added: over what is unmatched, and over what has a reason
// for which there may be a better one now. It returns how many found a flow. Flow statuses that were heard before the flow
// was added are set too. What is being applied at the moment by whoever did not see the flow yet is waited for; else
// nobody waits for it.
func (db *DB) Attribute(ctx context.Context) (found int, err error) {
	if err := db.allFlowStatuses(ctx); err != nil {
		return 0, err
	}
	if err := db.inboxTx(ctx, func(x *inboxTx) error { return x.exclude(lockInbox) }); err != nil {
		return 0, err
	}
	for _, condition := range []string{waiting, wavering} {
		n, err := db.attributeThose(ctx, condition)
		if found += n; err != nil {
			return found, err
		}
	}
	return found, nil
}

func (db *DB) attributeThose(ctx context.Context, condition string) (found int, err error) {
	for last := int64(0); ; {
		some, err := candidatesAfter(ctx, db.reader(), condition, last, attributeBatch)
		if err != nil || len(some) == 0 {
			return found, err
		}
		last = some[len(some)-1].id
		n := 0
		err = db.inboxTx(ctx, func(x *inboxTx) (err error) {
			if err := x.lockCandidates(some); err != nil {
				return err
			}
			n, err = x.attributeAgain(each(some, func(c candidate) int64 { return c.id }))
			return err
		})
		if found += n; err != nil {
			return found, err
		}
	}
}

// lockCandidates makes wait who would apply the same responses, or echoes of the messages that they answer.
func (x *inboxTx) lockCandidates(some []candidate) error {
	if err := x.share(lockInbox); err != nil {
		return err
	}
	var names []string
	for _, c := range some {
		names = append(names, "message "+c.wamid)
		if c.contextID != "" {
			names = append(names, "message "+c.contextID)
		}
	}
	return x.lock(names...)
}

// attributeAgain looks once more at responses that are locked, and tells how many found a better reason.
func (x *inboxTx) attributeAgain(ids []int64) (found int, err error) {
	some, err := x.candidates(ids)
	if err != nil {
		return 0, err
	}
	for _, c := range some {
		if c.state == Unreadable {
			continue
		}
		a, err := x.attribute(c.evidence)
		if err != nil {
			return found, err
		}
		if !a.better(c.state, c.by, c.flowID) {
			continue
		}
		if err := x.give(c, a, a.mappingID); err != nil {
			return found, err
		}
		found++
	}
	return found, nil
}

// candidates reads responses as they are now.
func (x *inboxTx) candidates(ids []int64) ([]candidate, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return candidatesAfter(x.ctx, inTx(x.tx), `r.id IN (`+placeholders(len(ids))+`)`, 0, math.MaxInt32, asAny(ids)...)
}

// give makes a response one of the flow that was found, with its answers and its visit, and settles its delivery when that
// was the last part of it that needed a person. by is the mapping or the assignment.
func (x *inboxTx) give(c candidate, a attributed, by int64) error {
	s, there, err := x.holdDelivery(c)
	if err != nil {
		return err
	}
	if there {
		if err := x.forwardLater(s, a.flowID); err != nil {
			return err
		}
	}
	outcome, err := x.finishVisit(a)
	if err != nil {
		return err
	}
	if err := x.hideAnew(c, a.flowID); err != nil {
		return err
	}
	return firstError(x.tx,
		stmtArgs{`UPDATE responses SET state = 'complete', reason = '', flow_id = ?, attribution = ?, attributed_by = ?, visit_id = ?, outcome = ?, test = ?, dismissal_id = 0 WHERE id = ?`,
			[]any{a.flowID, a.by, by, a.visitID, outcome, c.test || a.test, c.id}},
		stmtArgs{`UPDATE answers SET flow_id = ? WHERE response_id = ? AND received_at = ?`, []any{a.flowID, c.id, c.receivedAt}},
		settled(c.deliveryID, c.receivedAt),
	)
}

// holdDelivery makes who would settle the same delivery wait: of two, each would see the other's part open. there is false
// when it is kept no longer.
func (x *inboxTx) holdDelivery(c candidate) (s stored, there bool, err error) {
	s.id = c.deliveryID
	there, err = x.findForUpdate(sqlStoredThen, []any{c.deliveryID, c.receivedAt}, &s.source, &s.received, &s.attempts, &s.test)
	return s, there, err
}

// settled turns a delivery done when nothing of it needs a person any more.
func settled(delivery int64, received Time) stmtArgs {
	return stmtArgs{`UPDATE deliveries SET state = 'done', reason = '' WHERE id = ? AND received_at = ? AND state = 'unmatched' AND NOT whole AND NOT EXISTS
		(SELECT 1 FROM responses r WHERE r.delivery_id = deliveries.id AND r.state <> 'complete' AND r.dismissal_id = 0)`, []any{delivery, received}}
}

// reopened makes a delivery wait again for a person because of one of its responses.
func reopened(delivery int64, received Time, why string) stmtArgs {
	return stmtArgs{`UPDATE deliveries SET state = 'unmatched', reason = ? WHERE id = ? AND received_at = ? AND state = 'done'`, []any{why, delivery, received}}
}

// A stmtArgs is one statement with what goes into it.
type stmtArgs struct {
	text string
	args []any
}

func firstError(tx *gorm.DB, all ...stmtArgs) error {
	for _, s := range all {
		if err := tx.Exec(s.text, s.args...).Error; err != nil {
			return err
		}
	}
	return nil
}

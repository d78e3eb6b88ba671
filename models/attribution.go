package models

import (
	"context"
	"encoding/json"
	"strings"

	"gorm.io/gorm"
)

// testPrefix marks tokens of test buttons, "play --test" and Try it; what follows is read as any other token.
const testPrefix = "test."

// An attributed response knows its flow, by what, and the visit it ends.
type attributed struct {
	flowID, visitID int64
	by              string // visit, token, param; empty: no flow found
	test            bool
}

// A flowNames finds flows by what a token or an answer may hold.
type flowNames struct {
	slugs map[string]int64 // aliases too
	metas map[string]int64
}

// attribute finds the flow of a response: a visit with that token, the token's slug, a param; in this order
// (design/decisions.md 33).
func (x *inboxTx) attribute(token string, answers map[string]any) (a attributed, err error) {
	rest, test := strings.CutPrefix(token, testPrefix)
	a.test = test
	if usable(token) {
		var visitTest bool
		found, err := x.find(sqlVisitOf, []any{bounded(token)}, &a.visitID, &a.flowID, &visitTest)
		if err != nil || found {
			a.by, a.test = "visit", test || visitTest
			return a, err
		}
	}
	names, err := x.names()
	if err != nil {
		return a, err
	}
	if slug, _, ok := strings.Cut(rest, "."); ok {
		if id, ok := names.slugs[slug]; ok {
			a.flowID, a.by = id, "token"
			return a, nil
		}
	}
	for _, param := range []string{"flow_id", "flow"} {
		if id, ok := names.of(answers[param]); ok {
			a.flowID, a.by = id, "param"
			return a, nil
		}
	}
	return a, nil
}

// usable tells whether a token names a visit: a missing, empty or "unused" one never does.
func usable(token string) bool { return token != "" && token != "unused" }

func (n *flowNames) of(param any) (id int64, ok bool) {
	var name string
	switch v := param.(type) {
	case string:
		name = strings.TrimSpace(v)
	case json.Number:
		name = v.String()
	}
	if id, ok = n.slugs[name]; !ok {
		id, ok = n.metas[name]
	}
	return id, ok
}

// names reads the flows once per transaction: there are few.
func (x *inboxTx) names() (*flowNames, error) {
	if x.flows != nil {
		return x.flows, nil
	}
	var rows []struct {
		Name string
		ID   int64
		Meta bool
	}
	err := x.tx.Raw(`SELECT slug AS name, flow_id AS id, FALSE AS meta FROM flow_aliases
		UNION ALL SELECT slug, id, FALSE FROM flows UNION ALL SELECT meta_id, id, TRUE FROM flows WHERE meta_id <> ''`).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	x.flows = &flowNames{slugs: map[string]int64{}, metas: map[string]int64{}}
	for _, r := range rows {
		if r.Meta {
			x.flows.metas[r.Name] = r.ID
		} else {
			x.flows.slugs[r.Name] = r.ID
		}
	}
	return x.flows, nil
}

// attributeBatch bounds one transaction of Attribute: the inbox writes between them.
const attributeBatch = 200

// Attribute runs attribution again over what is unmatched, after a flow was added; it returns how many found
// their flow (design/decisions.md 33). Flow statuses that were heard before the flow was added are set too. What is being
// applied at the moment by whoever did not see the flow yet is waited for.
func (db *DB) Attribute(ctx context.Context) (found int, err error) {
	if err := db.allFlowStatuses(ctx); err != nil {
		return 0, err
	}
	for last := int64(0); err == nil; {
		var n, seen int
		var next int64
		err = db.inboxTx(ctx, func(x *inboxTx) (err error) {
			if err := x.exclude(lockInbox); err != nil {
				return err
			}
			n, seen, next, err = x.attributeAfter(last) // may be run again
			return err
		})
		if err == nil {
			found, last = found+n, next
		}
		if seen < attributeBatch {
			break
		}
	}
	return found, err
}

// attributeAfter tries a batch of what is unmatched with ids above last.
func (x *inboxTx) attributeAfter(last int64) (found, seen int, newLast int64, err error) {
	rows, err := x.tx.Raw(`SELECT id, delivery_id, token, answers, test FROM responses
		WHERE state = 'unmatched' AND id > ? ORDER BY id LIMIT ?`, last, attributeBatch).Rows()
	all, err := collect(rows, err, func(r *Response, s scanner) error {
		var answers []byte
		if err := s.Scan(&r.ID, &r.DeliveryID, &r.Token, &answers, &r.Test); err != nil {
			return err
		}
		return r.decode(answers)
	})
	if err != nil {
		return 0, 0, last, err
	}
	for _, r := range all {
		ok, err := x.attributeAgain(r)
		if err != nil {
			return 0, 0, last, err
		}
		if ok {
			found++
		}
		last = r.ID
	}
	return found, len(all), last, nil
}

func (x *inboxTx) attributeAgain(r Response) (found bool, err error) {
	a, err := x.attribute(r.Token, r.Answers)
	if err != nil || a.by == "" {
		return false, err
	}
	if err := x.finishVisit(a); err != nil {
		return false, err
	}
	return true, firstError(x.tx,
		stmtArgs{`UPDATE responses SET state = 'complete', reason = '', flow_id = ?, attribution = ?, visit_id = ?, test = ? WHERE id = ?`,
			[]any{a.flowID, a.by, a.visitID, r.Test || a.test, r.ID}},
		stmtArgs{`UPDATE answers SET flow_id = ? WHERE response_id = ?`, []any{a.flowID, r.ID}},
		stmtArgs{`UPDATE deliveries SET state = 'done', reason = '' WHERE id = ? AND state = 'unmatched' AND NOT whole AND NOT EXISTS
			(SELECT 1 FROM responses r WHERE r.delivery_id = deliveries.id AND r.state <> 'complete')`, []any{r.DeliveryID}},
	)
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

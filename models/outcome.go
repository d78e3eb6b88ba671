package models

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"switchyard/models/rules"
)

// The outcome of a response is what the last rule of its visit did that led on: it went to a screen, or it finished the
// flow. One without a visit, or of a flow that asks no rules, has none: "".

// NoOutcome asks a filter for responses without an outcome.
const NoOutcome = "none"

const (
	wentTo     = "go:"
	finishedBy = "finish"
)

// Routed is the outcome of a decision: "go:SCREEN", "finish:RULE" with the rule's id, "finish" of what stands behind the
// rules; "" of one that led nowhere.
func Routed(kind rules.Kind, screen, ruleID string) string {
	switch {
	case kind == rules.Goes && screen != "":
		return wentTo + screen
	case kind == rules.Finishes && ruleID != "":
		return finishedBy + ":" + bounded(ruleID)
	case kind == rules.Finishes:
		return finishedBy
	}
	return ""
}

// RoutedTo takes an outcome apart: the screen that a rule went to, or whether a rule finished, and its id.
func RoutedTo(outcome string) (screen, ruleID string, finished bool) {
	if len(outcome) > len(wentTo) && outcome[:len(wentTo)] == wentTo {
		return outcome[len(wentTo):], "", false
	}
	if len(outcome) > len(finishedBy) && outcome[:len(finishedBy)+1] == finishedBy+":" {
		return "", outcome[len(finishedBy)+1:], true
	}
	return "", "", outcome == finishedBy
}

// asOutcome is an outcome as a filter asks for it.
func asOutcome(asked string) string {
	if asked == NoOutcome {
		return ""
	}
	return asked
}

// maxOutcomes is how many a filter lists.
const maxOutcomes = 200

// sqlOutcomes takes one step of the index for each.
const sqlOutcomes = `WITH RECURSIVE k (outcome) AS (
		SELECT min(outcome) FROM responses WHERE flow_id = ?
		UNION ALL SELECT (SELECT min(outcome) FROM responses WHERE flow_id = ? AND outcome > k.outcome) FROM k WHERE k.outcome IS NOT NULL)
	SELECT outcome FROM k WHERE outcome IS NOT NULL LIMIT ?`

// Outcomes lists those that occur in responses of a flow, "" among them.
func (db *DB) Outcomes(ctx context.Context, flowID int64) ([]string, error) {
	rows, err := db.reader().QueryContext(ctx, sqlOutcomes, flowID, flowID, maxOutcomes)
	return collect(rows, err, func(o *string, s scanner) error { return s.Scan(o) })
}

// outcomesFrom is the visit from which on, downwards, FillOutcomes has to go.
const outcomesFrom Setting = "outcomes_from"

// fillAtOnce is how many visits one transaction of FillOutcomes reads.
const fillAtOnce = 500

const (
	// sqlFillVisits says of the visits between two ids what sqlFillResponses then says of their responses.
	sqlFillVisits = `UPDATE visits SET routed = coalesce((SELECT CASE WHEN s.kind = 'go' THEN 'go:' || s.next_screen WHEN s.rule_id = '' THEN 'finish' ELSE 'finish:' || s.rule_id END
			FROM steps s WHERE s.visit_id = visits.id AND s.visit_id > 0 AND s.at >= visits.started_at - ? AND (s.kind = 'finish' OR s.kind = 'go' AND s.next_screen <> '')
			ORDER BY s.at DESC, s.id DESC LIMIT 1), '')
		WHERE id > ? AND id <= ? AND routed = ''`
	sqlFillResponses = `UPDATE responses SET outcome = v.routed FROM visits v
		WHERE v.id = responses.visit_id AND responses.visit_id > 0 AND v.id > ? AND v.id <= ? AND v.routed <> '' AND responses.outcome <> v.routed`
)

// FillOutcomes says of visits and responses that were there before outcomes were what theirs are, the newest first, for at
// most so long. It goes on where it stopped; more is false when nothing is left.
func (db *DB) FillOutcomes(ctx context.Context, turn time.Duration) (more bool, err error) {
	for end := time.Now().Add(turn); time.Now().Before(end); {
		value, err := db.Setting(ctx, outcomesFrom)
		if err != nil || value == "" {
			return false, err
		}
		from, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return false, fmt.Errorf("models: the setting %s is %q; want a number", outcomesFrom, value)
		}
		begin := time.Now()
		if err := db.alongside(ctx, func(tx *gorm.DB) error { return db.fillOutcomes(tx, from) }); err != nil {
			return true, err
		}
		if err := rest(ctx, begin); err != nil {
			return true, err
		}
	}
	return true, nil
}

// fillOutcomes does one part, unless another server did it first.
func (db *DB) fillOutcomes(tx *gorm.DB, from int64) error {
	before := max(from-fillAtOnce, 0)
	next := stmtArgs{`UPDATE settings SET value = ? WHERE name = ? AND value = ?`, []any{strconv.FormatInt(before, 10), outcomesFrom, strconv.FormatInt(from, 10)}}
	if before == 0 {
		next = stmtArgs{`DELETE FROM settings WHERE name = ? AND value = ?`, next.args[1:]}
	}
	moved := tx.Exec(next.text, next.args...)
	if moved.Error != nil || moved.RowsAffected == 0 {
		return moved.Error
	}
	return firstError(tx,
		stmtArgs{sqlFillVisits, []any{stepsBefore.Microseconds(), before, from}},
		stmtArgs{sqlFillResponses, []any{before, from}},
	)
}

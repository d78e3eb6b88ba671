package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"switchyard/models/filter"
)

// triageBatch is how many responses are changed in one transaction: some milliseconds, for which deliveries wait.
const triageBatch = 250

// A keptFilter is a ResponseFilter as a running act keeps it.
type keptFilter struct {
	ResponseFilter
	Where string // instead of the condition itself
}

func (f ResponseFilter) kept() (string, error) {
	f.Before, f.After, f.Sort, f.Limit, f.Ascending = 0, 0, Sort{}, 0, false
	return encodeJSON(keptFilter{f, f.Where.String()})
}

func filterOf(text string) (ResponseFilter, error) {
	var k keptFilter
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return k.ResponseFilter, fmt.Errorf("filter of an act: %w", err)
	}
	var err error
	if k.Where != "" {
		k.ResponseFilter.Where, err = filter.Parse(k.Where)
	}
	return k.ResponseFilter, err
}

// CountExactly counts all that a filter matches, and tells the highest id there is, for StartTriage. ErrTooSlow: nothing helps
// to find them.
func (db *DB) CountExactly(ctx context.Context, f ResponseFilter) (n int, upTo int64, err error) {
	if err := db.reader().QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&upTo); err != nil {
		return 0, 0, err
	}
	f.UpTo = upTo
	search, err := db.responseSearch(ctx, f)
	if err != nil {
		return 0, 0, err
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err = search.decide(within); err == nil {
		n, err = search.count(within, 1<<40)
	}
	return n, upTo, tooSlow(within, err)
}

// StartTriage begins to change all responses that a filter matches, up to its UpTo; ContinueTriage does the rest. Invalid: the
// value.
func (db *DB) StartTriage(ctx context.Context, f ResponseFilter, c TriageChange, by By) (act TriageAct, err error) {
	if _, err := words(f.Text); err != nil {
		return act, err
	}
	kept, err := f.kept()
	if err != nil {
		return act, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if act, err = db.newAct(ctx, tx, c, by, TriageAct{State: TriageRunning, Bulk: true, filter: kept}); err != nil {
			return err
		}
		detail := act.detail()
		detail["flow"], detail["searched"], detail["conditions"] = f.FlowID, f.Text != "", f.Where.Leaves()
		return db.audit(tx, by, "triage.change", act.object(), detail)
	})
	return act, err
}

// ContinueTriage goes on with the acts that are running or being undone, oldest first, batch by batch, for at most so long. It
// may be called by several processes at once. more tells that something is left.
func (db *DB) ContinueTriage(ctx context.Context, most time.Duration) (more bool, err error) {
	until := time.Now().Add(most)
	for {
		var a TriageAct
		err := a.scan(db.reader().QueryRowContext(ctx, `SELECT `+triageActColumns+` FROM triage_acts a WHERE a.state IN ('running', 'undoing') ORDER BY a.id LIMIT 1`))
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		if err == nil {
			err = db.continueAct(ctx, a, until)
		}
		if err != nil || time.Now().After(until) {
			return true, err
		}
	}
}

// continueAct does batches of one act until a time.
func (db *DB) continueAct(ctx context.Context, a TriageAct, until time.Time) error {
	read := db.changedBy
	if a.State == TriageRunning {
		f, err := filterOf(a.filter)
		if err != nil {
			return err
		}
		search, err := db.responseSearch(ctx, f)
		if err == nil {
			err = search.decide(ctx)
		}
		if err != nil {
			return err
		}
		read = search.keysBeyond
	}
	for {
		keys, err := read(ctx, a)
		if err == nil {
			a, err = db.oneBatch(ctx, a, keys)
		}
		if errors.Is(err, errMoved) {
			return nil // another process was quicker, or somebody undid it
		}
		if err != nil || a.State == TriageDone || a.State == TriageUndone || time.Now().After(until) {
			return err
		}
	}
}

// keysBeyond are the next responses of a running act.
func (s *responseSearch) keysBeyond(ctx context.Context, a TriageAct) ([]listKey, error) {
	rows, err := s.read(ctx, s.batch(a.next, false, triageBatch))
	return each(rows, keyOf), err
}

// changedBy are the next responses of an act that is being undone.
func (db *DB) changedBy(ctx context.Context, a TriageAct) ([]listKey, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT response_id FROM triage_changes WHERE act_id = ? AND response_id > ? ORDER BY response_id LIMIT ?`, a.ID, a.next.id, triageBatch)
	return collect(rows, err, func(k *listKey, s scanner) error { return s.Scan(&k.id) })
}

// oneBatch does with some responses what an act says, and keeps how far it came.
func (db *DB) oneBatch(ctx context.Context, a TriageAct, keys []listKey) (TriageAct, error) {
	was, before := a.next, a.State
	ids := each(keys, func(k listKey) int64 { return k.id })
	if len(keys) > 0 {
		a.next = keys[len(keys)-1]
	}
	if len(keys) < triageBatch {
		a.State = map[TriageState]TriageState{TriageRunning: TriageDone, TriageUndoing: TriageUndone}[before]
		a.filter = ""
	}
	return a, db.tx(ctx, func(tx *gorm.DB) (err error) {
		var n int64
		if before == TriageUndoing {
			err = a.undo(tx, ids)
		} else if len(ids) > 0 {
			n, err = a.change(tx, ids)
		}
		if err != nil {
			return err
		}
		moved := tx.Exec(`UPDATE triage_acts SET next_at = ?, next_id = ?, total = total + ?, state = ?, filter = ? WHERE id = ? AND state = ? AND next_at = ? AND next_id = ?`,
			a.next.received, a.next.id, n, a.State, a.filter, a.ID, before, was.received, was.id)
		if moved.Error == nil && moved.RowsAffected == 0 {
			return errMoved
		}
		return moved.Error
	})
}

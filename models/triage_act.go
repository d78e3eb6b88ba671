package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// TriageState is where an act stands.
type TriageState string

// The states of an act.
const (
	TriageRunning TriageState = "running"
	TriageDone    TriageState = "done"
	TriageUndoing TriageState = "undoing"
	TriageUndone  TriageState = "undone"
)

// A TriageAct is one change that somebody made, to one response or to many.
type TriageAct struct {
	ID       int64
	State    TriageState
	What     TriageWhat
	Value    string // as TriageWhat says; of a tag its id
	Was      string // of one response: what it was before
	UserID   int64
	Name     string // of who did it
	At       Time
	Bulk     bool  // of more than one response
	Total    int64 // responses that were changed so far; when it is undone, of those that were
	UndoneAt Time  // zero: it stands
	UndoneBy string

	filter string // as keptFilter writes it, while it runs
	next   listKey
}

const triageActColumns = `a.id, a.state, a.what, a.value, a.user_id, a.name, a.at, a.bulk, a.total, a.undone_at, a.undone_by, a.filter, a.next_at, a.next_id`

func (a *TriageAct) fields() []any {
	return []any{&a.ID, &a.State, &a.What, &a.Value, &a.UserID, &a.Name, &a.At, &a.Bulk, &a.Total, &a.UndoneAt, &a.UndoneBy, &a.filter, &a.next.received, &a.next.id}
}

func (a *TriageAct) scan(s scanner) error { return s.Scan(a.fields()...) }

func (a TriageAct) object() string { return fmt.Sprintf("triage %d", a.ID) }

// detail is what the audit log says of an act: ids, never what a person wrote.
func (a TriageAct) detail() map[string]any {
	return map[string]any{"what": a.What, "value": a.Value}
}

// newAct checks a change and writes its row.
func (db *DB) newAct(ctx context.Context, tx *gorm.DB, c TriageChange, by By, a TriageAct) (TriageAct, error) {
	c, err := db.checkTriage(ctx, tx, c)
	if err != nil {
		return a, err
	}
	a.What, a.Value, a.UserID, a.Name, a.At = c.What, c.Value, by.UserID, asUTF8(by.Name), db.now()
	err = inTx(tx).QueryRowContext(ctx, `INSERT INTO triage_acts (state, what, value, user_id, name, at, bulk, filter) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		a.State, a.What, a.Value, a.UserID, a.Name, a.At, a.Bulk, a.filter).Scan(&a.ID)
	return a, err
}

// TriageAct returns one.
func (db *DB) TriageAct(ctx context.Context, id int64) (a TriageAct, err error) {
	err = a.scan(db.reader().QueryRowContext(ctx, `SELECT `+triageActColumns+` FROM triage_acts a WHERE a.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return a, err
}

// BulkActs lists the newest changes of many responses, before an id (0 = newest).
func (db *DB) BulkActs(ctx context.Context, before int64, limit int) ([]TriageAct, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+triageActColumns+` FROM triage_acts a WHERE a.bulk AND a.id < ? ORDER BY a.id DESC LIMIT ?`, beforeID(before), pageLimit(limit))
	return collect(rows, err, (*TriageAct).scan)
}

// maxHistory is how much of the history of one response is shown: the newest.
const maxHistory = 200

// ResponseActs are the changes of one response, oldest first, with what it was before each.
func (db *DB) ResponseActs(ctx context.Context, id int64) ([]TriageAct, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT * FROM (SELECT `+triageActColumns+`, c.was FROM triage_changes c JOIN triage_acts a ON a.id = c.act_id
		WHERE c.response_id = ? ORDER BY c.act_id DESC LIMIT ?) AS newest ORDER BY id`, id, maxHistory)
	return collect(rows, err, func(a *TriageAct, s scanner) error { return s.Scan(append(a.fields(), &a.Was)...) })
}

// UndoTriage begins to take an act back; ContinueTriage does the rest, for one response it is done at once. What was changed
// since stays as it is. Undoing it again changes nothing.
func (db *DB) UndoTriage(ctx context.Context, id int64, by By) (TriageAct, error) {
	err := db.tx(ctx, func(tx *gorm.DB) error {
		undone := tx.Exec(`UPDATE triage_acts SET state = 'undoing', filter = '', next_at = 0, next_id = 0, undone_at = ?, undone_by = ? WHERE id = ? AND state IN ('running', 'done')`,
			db.now(), asUTF8(by.Name), id)
		if undone.Error != nil || undone.RowsAffected == 0 {
			return undone.Error
		}
		return db.audit(tx, by, "triage.undo", TriageAct{ID: id}.object(), nil)
	})
	if err != nil {
		return TriageAct{}, err
	}
	return db.TriageAct(ctx, id)
}

// TriageNames are the words for what acts and filters name by key or id.
type TriageNames struct {
	Statuses []TriageStatus
	People   []User // all who ever could have a response
	Tags     []Tag
}

// TriageNames reads them.
func (db *DB) TriageNames(ctx context.Context) (n TriageNames, err error) {
	if n.Statuses, err = db.TriageStatuses(ctx); err != nil {
		return n, err
	}
	if n.Tags, err = db.Tags(ctx); err != nil {
		return n, err
	}
	n.People, err = db.Users(ctx)
	return n, err
}

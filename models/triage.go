package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// TriageWhat is what a person changes of responses.
type TriageWhat string

// What can be changed. The value of each: the key of a status; the id of a user, 0 for nobody; the name of a tag; nothing.
const (
	SetStatus   TriageWhat = "status"
	SetAssignee TriageWhat = "assignee"
	AddTag      TriageWhat = "tag"
	RemoveTag   TriageWhat = "untag"
	MarkRead    TriageWhat = "read"
	MarkUnread  TriageWhat = "unread"
)

// A TriageChange is one change, to one response or to many.
type TriageChange struct {
	What  TriageWhat
	Value string
	Words string // the value for people, once it was checked
}

// MaxPicked is how many responses may be named one by one.
const MaxPicked = 200

// checkTriage tells whether a change can be made, and gives its value as it is kept: of a tag its id, which is made when
// it is new and wanted.
func (db *DB) checkTriage(ctx context.Context, tx *gorm.DB, c TriageChange) (TriageChange, error) {
	switch c.What {
	case SetStatus:
		all, err := triageStatuses(ctx, inTx(tx))
		for _, s := range all {
			if s.Key == c.Value && !s.Removed {
				c.Words = s.Name
				return c, err
			}
		}
		return c, errors.Join(err, &Invalid{"status", "Choose a status of the list."})
	case SetAssignee:
		return db.checkAssignee(tx, c)
	case AddTag:
		t, err := db.tagIn(ctx, tx, c.Value)
		c.Value, c.Words = strconv.FormatInt(t.ID, 10), t.Name
		return c, err
	case RemoveTag:
		var id int64
		err := inTx(tx).QueryRowContext(ctx, `SELECT id, name FROM tags WHERE folded = ?`, fold(strings.Join(strings.Fields(c.Value), " "))).Scan(&id, &c.Words)
		if errors.Is(err, sql.ErrNoRows) {
			err = &Invalid{"tag", "There is no such tag."}
		}
		c.Value = strconv.FormatInt(id, 10)
		return c, err
	case MarkRead, MarkUnread:
		c.Value = ""
		return c, nil
	}
	return c, &Invalid{"what", "Choose what to change."}
}

func (db *DB) checkAssignee(tx *gorm.DB, c TriageChange) (TriageChange, error) {
	id, err := strconv.ParseInt(c.Value, 10, 64)
	if err == nil && id == 0 {
		c.Words = "nobody"
		return c, nil
	}
	wrong := &Invalid{"assignee", "Choose an active person with the role support or above."}
	if err != nil {
		return c, wrong
	}
	u, err := userIn(tx, id)
	if errors.Is(err, ErrNotFound) || err == nil && (!u.DisabledAt.IsZero() || !u.Role.May(Support)) {
		return c, wrong
	}
	c.Words = personName(u.Name, u.Email)
	return c, err
}

// personName is the name, for people without one the address before the @.
func personName(name, email string) string {
	if name != "" {
		return name
	}
	name, _, _ = strings.Cut(email, "@")
	return name
}

// Triage changes some responses at once and returns the act that can be undone. What is so already is left alone: with
// nothing to change the act has no id. Invalid: the value, or that there are more than MaxPicked.
func (db *DB) Triage(ctx context.Context, ids []int64, c TriageChange, by By) (act TriageAct, err error) {
	if len(ids) == 0 || len(ids) > MaxPicked {
		return act, &Invalid{"what", fmt.Sprintf("Select 1 to %d responses.", MaxPicked)}
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if act, err = db.newAct(ctx, tx, c, by, TriageAct{State: TriageDone, Bulk: len(ids) > 1}); err != nil {
			return err
		}
		if act.Total, err = act.change(tx, ids); err != nil {
			return err
		}
		if act.Total == 0 {
			id := act.ID
			act.ID = 0
			return tx.Exec(`DELETE FROM triage_acts WHERE id = ?`, id).Error
		}
		if err := tx.Exec(`UPDATE triage_acts SET total = ? WHERE id = ?`, act.Total, act.ID).Error; err != nil {
			return err
		}
		detail := act.detail()
		if len(ids) == 1 {
			return db.audit(tx, by, "response."+string(c.What), fmt.Sprintf("response %d", ids[0]), detail)
		}
		detail["responses"] = act.Total
		return db.audit(tx, by, "triage.change", act.object(), detail)
	})
	return act, err
}

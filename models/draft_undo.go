package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// A DraftHistory is what was done to the draft that a flow has now, without documents.
type DraftHistory struct {
	Edits []DraftEdit // newest first
	Undo  *DraftEdit  // what undo would take back; nil: nothing
	Redo  *DraftEdit  // what redo would bring back; nil: nothing
}

// Last is the newest edit, nil when there is none.
func (h DraftHistory) Last() *DraftEdit {
	if len(h.Edits) == 0 {
		return nil
	}
	return &h.Edits[0]
}

// DraftEditNow is the edit that the next change of a flow's draft must name: that of DraftRules, without the rules.
func (db *DB) DraftEditNow(ctx context.Context, flowID int64) (int, error) {
	return draftEdit(db.read.WithContext(ctx), flowID)
}

// DraftHistory reads it; it is empty without a draft.
func (db *DB) DraftHistory(ctx context.Context, flowID int64) (DraftHistory, error) {
	return historyIn(db.read.WithContext(ctx), flowID)
}

func historyIn(tx *gorm.DB, flowID int64) (h DraftHistory, err error) {
	rs, err := ruleSetOf(tx, flowID, Draft)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	err = tx.Omit("document").Where(`flow_id = ? AND edit <= ? AND edit >=
		(SELECT COALESCE(MAX(d.edit), 0) FROM draft_edits d WHERE d.flow_id = ? AND d.act = 'start')`, flowID, rs.Edit, flowID).
		Order("edit DESC").Find(&h.Edits).Error
	if err != nil || len(h.Edits) == 0 || h.Edits[0].Edit != rs.Edit {
		return DraftHistory{}, err // a draft of before edits were kept
	}
	h.steps()
	return h, nil
}

// steps finds where undo and redo lead from the newest edit.
func (h *DraftHistory) steps() {
	at := make(map[int]*DraftEdit, len(h.Edits))
	for i := range h.Edits {
		at[h.Edits[i].Edit] = &h.Edits[i]
	}
	now := at[h.Edits[0].Shows]
	if now == nil {
		return
	}
	if at[now.Before] != nil {
		h.Undo = now
	}
	for e := at[h.Edits[0].Tip]; e != nil && e != now; e = at[e.Before] {
		if e.Before == now.Edit {
			h.Redo = e
		}
	}
}

// UndoDraft takes the newest change of a draft back, as a new edit, and returns what it took back. edit is the one that
// the caller saw: another one there now is ErrConflict. ErrNotFound: there is nothing to take back.
func (db *DB) UndoDraft(ctx context.Context, flowID int64, edit int, by By) (DraftEdit, error) {
	return db.stepDraft(ctx, flowID, edit, by, DraftUndo, func(h DraftHistory) (undone *DraftEdit, shows int) {
		if h.Undo == nil {
			return nil, 0
		}
		return h.Undo, h.Undo.Before
	})
}

// RedoDraft brings back what UndoDraft took back last; its contract is that of UndoDraft.
func (db *DB) RedoDraft(ctx context.Context, flowID int64, edit int, by By) (DraftEdit, error) {
	return db.stepDraft(ctx, flowID, edit, by, DraftRedo, func(h DraftHistory) (redone *DraftEdit, shows int) {
		if h.Redo == nil {
			return nil, 0
		}
		return h.Redo, h.Redo.Edit
	})
}

// stepDraft makes the document of an earlier edit that of a new one.
func (db *DB) stepDraft(ctx context.Context, flowID int64, edit int, by By, act DraftAct, to func(DraftHistory) (*DraftEdit, int)) (e DraftEdit, err error) {
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := seenEdit(tx, flowID, edit); err != nil {
			return err
		}
		h, err := historyIn(tx, flowID)
		if err != nil {
			return err
		}
		about, shows := to(h)
		if about == nil {
			return ErrNotFound
		}
		e = *about
		target, err := draftEditOf(tx, flowID, shows)
		if err != nil {
			return err
		}
		document, err := unpack(target.Document)
		if err != nil {
			return err
		}
		next := DraftEdit{Act: act, Before: -1, Shows: shows, Tip: h.Edits[0].Tip, Restored: target.Restored, Said: about.Said}
		_, err = db.putDraft(tx, flowID, document, next, by)
		return err
	})
	return e, err
}

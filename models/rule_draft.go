package models

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
)

// documentSize is the largest rule document, in bytes.
const documentSize = 4 << 20

// SaveDraft writes the draft as a whole, making it when there is none. edit is the Edit of DraftRules that the caller saw:
// another one there now is ErrConflict. It grows with each save, publish and discard over the life of the flow, so 0 fits
// only a flow that never had a draft, and no edit fits after somebody else's publish. ChangeDraft is for people.
func (db *DB) SaveDraft(ctx context.Context, flowID int64, document []byte, edit int, by By) (RuleSet, error) {
	if err := ofSize(document); err != nil {
		return RuleSet{}, err
	}
	var rs RuleSet
	err := db.tx(ctx, func(tx *gorm.DB) error {
		if _, err := flowIn(tx, flowID); err != nil {
			return err
		}
		if err := seenEdit(tx, flowID, edit); err != nil {
			return err
		}
		var err error
		rs, err = db.putDraft(tx, flowID, document, DraftEdit{Act: DraftSave, Said: "All rules were replaced"}, by)
		return err
	})
	return rs, err
}

func ofSize(document []byte) error {
	if len(document) == 0 || len(document) > documentSize {
		return &Invalid{"document", "The rules must be a document of at most 4 MiB."}
	}
	return nil
}

// putDraft writes the draft and the edit that it becomes by. Act, Said and Restored of e tell what was done; undo and redo
// give Before, Shows and Tip too.
func (db *DB) putDraft(tx *gorm.DB, flowID int64, document []byte, e DraftEdit, by By) (rs RuleSet, err error) {
	edit, err := draftEdit(tx, flowID)
	if err != nil {
		return rs, err
	}
	rs, err = ruleSetOf(tx, flowID, Draft)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		if rs, err = db.newDraft(tx, flowID, edit); err != nil {
			return rs, err
		}
	} else if err != nil {
		return rs, err
	}
	e.FlowID, e.Edit = flowID, edit+1
	if e.Act == DraftSave {
		e.Restored = rs.RestoredFrom
	}
	if e.Act == DraftSave || e.Act == DraftRestore {
		if e.Before, err = shownAt(tx, flowID, edit); err != nil {
			return rs, err
		}
		e.Shows, e.Tip = e.Edit, e.Edit
	}
	rs.Document, rs.Edit, rs.Author, rs.UpdatedAt, rs.RestoredFrom = document, e.Edit, by.Name, db.now(), e.Restored
	if err := tx.Save(&rs).Error; err != nil {
		return rs, err
	}
	if err := db.addEdit(tx, e, document, by); err != nil {
		return rs, err
	}
	if err := nextEdit(tx, flowID); err != nil {
		return rs, err
	}
	return rs, db.changed(tx, by, "rules."+string(e.Act), Flow{ID: flowID}.object(), map[string]any{"version": rs.Version, "edit": rs.Edit})
}

// shownAt is the edit whose document a draft has at an edit; -1 when that is not kept.
func shownAt(tx *gorm.DB, flowID int64, edit int) (shows int, err error) {
	err = tx.Raw("SELECT COALESCE(MAX(shows), -1) FROM draft_edits WHERE flow_id = ? AND edit = ?", flowID, edit).Scan(&shows).Error
	return shows, err
}

// newDraft is the next version, not written yet. What is published is kept as the edit that it begins with.
func (db *DB) newDraft(tx *gorm.DB, flowID int64, edit int) (RuleSet, error) {
	published, err := ruleSetOf(tx, flowID, Published)
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return RuleSet{}, err
	}
	if err := db.startOf(tx, flowID, edit, published.Document); err != nil {
		return RuleSet{}, err
	}
	var last int
	err = tx.Raw("SELECT COALESCE(MAX(version), 0) FROM rule_sets WHERE flow_id = ?", flowID).Scan(&last).Error
	return RuleSet{FlowID: flowID, Version: last + 1, State: Draft, CreatedAt: db.now()}, err
}

// draftEdit is the edit that the next change of the flow's draft must name, also when there is no draft.
func draftEdit(tx *gorm.DB, flowID int64) (edit int, err error) {
	err = tx.Raw("SELECT rule_edits FROM flows WHERE id = ?", flowID).Scan(&edit).Error
	return edit, err
}

// seenEdit returns ErrConflict when the draft was changed since edit.
func seenEdit(tx *gorm.DB, flowID int64, edit int) error {
	now, err := draftEdit(tx, flowID)
	if err == nil && now != edit {
		err = ErrConflict
	}
	return err
}

// nextEdit makes every edit seen so far stale.
func nextEdit(tx *gorm.DB, flowID int64) error {
	return tx.Exec("UPDATE flows SET rule_edits = rule_edits + 1 WHERE id = ?", flowID).Error
}

// PublishDraft makes the draft the published version and archives the one before. check compiles the document
// inside the transaction's reading of Flow JSON and lists; its error stops the publish. check may read by the
// methods of DB (nothing can change meanwhile) but must not write.
func (db *DB) PublishDraft(ctx context.Context, flowID int64, edit int, note string, by By, check func(document, flowJSON []byte) error) (RuleSet, error) {
	note = strings.TrimSpace(note)
	if tooLong(note, 500) {
		return RuleSet{}, &Invalid{"note", "Use at most 500 characters on one line."}
	}
	var rs RuleSet
	err := db.tx(ctx, func(tx *gorm.DB) error {
		var err error
		if rs, err = ruleSetOf(tx, flowID, Draft); err != nil {
			return err
		}
		if err := seenEdit(tx, flowID, edit); err != nil {
			return err
		}
		flowJSON, err := newestFlowJSON(tx, flowID)
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		if err := check(rs.Document, flowJSON.Raw); err != nil {
			return err
		}
		return db.publish(tx, &rs, note, by)
	})
	return rs, err
}

func (db *DB) publish(tx *gorm.DB, rs *RuleSet, note string, by By) error {
	err := tx.Exec("UPDATE rule_sets SET state = 'archived' WHERE flow_id = ? AND state = 'published'", rs.FlowID).Error
	if err != nil {
		return err
	}
	rs.State, rs.Note, rs.Author, rs.PublishedAt = Published, note, by.Name, db.now()
	if err := tx.Save(rs).Error; err != nil {
		return err
	}
	if err := endDraft(tx, rs.FlowID); err != nil {
		return err
	}
	if err := nextEdit(tx, rs.FlowID); err != nil {
		return err
	}
	if err := db.settleFlow(tx, rs.FlowID); err != nil {
		return err
	}
	return db.changed(tx, by, "rules.publish", Flow{ID: rs.FlowID}.object(), map[string]any{"version": rs.Version})
}

// DiscardDraft removes the draft that the caller saw: ErrConflict when it was changed since edit, ErrNotFound when there
// is none.
func (db *DB) DiscardDraft(ctx context.Context, flowID int64, edit int, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		rs, err := ruleSetOf(tx, flowID, Draft)
		if err != nil {
			return err
		}
		if err := seenEdit(tx, flowID, edit); err != nil {
			return err
		}
		if err := tx.Delete(&rs).Error; err != nil {
			return err
		}
		if err := endDraft(tx, flowID); err != nil {
			return err
		}
		if err := nextEdit(tx, flowID); err != nil {
			return err
		}
		return db.changed(tx, by, "rules.discard", Flow{ID: flowID}.object(), map[string]any{"version": rs.Version})
	})
}

package models

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"

	"gorm.io/gorm"
)

// keptEdits is how many edits of a flow's drafts are kept.
const keptEdits = 500

// DraftAct is what an edit of a draft did.
type DraftAct string

// The acts. DraftStart is what a draft began with; it is no change.
const (
	DraftStart   DraftAct = "start"
	DraftSave    DraftAct = "save"
	DraftRestore DraftAct = "restore"
	DraftUndo    DraftAct = "undo"
	DraftRedo    DraftAct = "redo"
)

// A DraftEdit is one state of a flow's draft, and who brought it there.
type DraftEdit struct {
	FlowID   int64
	Edit     int // RuleSet.Edit after it
	Act      DraftAct
	Before   int    // the edit whose document it changed; -1: none that is kept, and for undo and redo
	Shows    int    // the edit whose document this one has: itself, or where undo and redo led
	Tip      int    // the newest edit that redo can lead to
	Document []byte // packed; nil in lists
	Restored int    // RuleSet.RestoredFrom at that edit
	UserID   int64
	Author   string
	Said     string // what it did, in words
	At       Time
}

// TableName is draft_edits.
func (DraftEdit) TableName() string { return "draft_edits" }

// DraftDocument is the rules of a flow as they were after an edit, packed off when that was too long ago: ErrNotFound.
func (db *DB) DraftDocument(ctx context.Context, flowID int64, edit int) ([]byte, error) {
	e, err := draftEditOf(db.read.WithContext(ctx), flowID, edit)
	if err != nil {
		return nil, kindOf(err)
	}
	return unpack(e.Document)
}

// editKept tells whether the document of an edit is kept.
func editKept(tx *gorm.DB, flowID int64, edit int) (kept bool, err error) {
	err = tx.Raw("SELECT EXISTS (SELECT 1 FROM draft_edits WHERE flow_id = ? AND edit = ?)", flowID, edit).Scan(&kept).Error
	return kept, err
}

func draftEditOf(tx *gorm.DB, flowID int64, edit int) (DraftEdit, error) {
	var e DraftEdit
	err := tx.Where("flow_id = ? AND edit = ?", flowID, edit).Take(&e).Error
	return e, err
}

// addEdit keeps what a draft is now, and forgets what is too long ago.
func (db *DB) addEdit(tx *gorm.DB, e DraftEdit, document []byte, by By) error {
	e.Document, e.UserID, e.Author, e.Said, e.At = pack(document), by.UserID, asUTF8(by.Name), asUTF8(e.Said), db.now()
	if err := tx.Create(&e).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM draft_edits WHERE flow_id = ? AND edit <= ?", e.FlowID, e.Edit-keptEdits).Error
}

// startOf keeps what a new draft begins with, so that changes made from it can be merged and undone. It keeps nothing
// when document is empty: nobody saw it.
func (db *DB) startOf(tx *gorm.DB, flowID int64, edit int, document []byte) error {
	if len(document) == 0 {
		return nil
	}
	if kept, err := editKept(tx, flowID, edit); kept || err != nil {
		return err
	}
	return db.addEdit(tx, DraftEdit{FlowID: flowID, Edit: edit, Act: DraftStart, Before: -1, Shows: edit, Tip: edit}, document, By{})
}

// endDraft forgets all edits before those of the draft that ends: forms that were opened in it can still be merged.
func endDraft(tx *gorm.DB, flowID int64) error {
	return tx.Exec(`DELETE FROM draft_edits WHERE flow_id = ? AND edit <
		(SELECT COALESCE(MAX(d.edit), 0) FROM draft_edits d WHERE d.flow_id = ? AND d.act = 'start')`, flowID, flowID).Error
}

func pack(document []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err == nil {
		_, err = w.Write(document)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil { // memory never refuses a write
		panic(err)
	}
	return b.Bytes()
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack a draft: %w", err)
	}
	document, err := io.ReadAll(io.LimitReader(r, 2*documentSize))
	if err != nil {
		return nil, fmt.Errorf("unpack a draft: %w", err)
	}
	return document, r.Close()
}

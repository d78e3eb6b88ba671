package models

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"switchyard/models/rules"
)

// A DraftChange is what somebody made of a draft.
type DraftChange struct {
	Edit     int            // of the draft that it was made from
	Base     rules.Document // that draft, or what a new one starts from
	Document rules.Document // with the change in it
	Encoded  []byte         // Document.Encode(); a draft that is saved as it is has these very bytes
	Said     string         // what was changed, in words
}

// A Clash says that somebody else changed the same part of a draft meanwhile. It is an ErrConflict.
type Clash struct {
	Base, Theirs rules.Document // what the change was made from, and what is there now
	Parts        []rules.Clash
	Edit         int // what the next change must name
}

func (c *Clash) Error() string {
	return fmt.Sprintf("%d parts of the draft were changed twice", len(c.Parts))
}

// Is makes it an ErrConflict.
func (c *Clash) Is(target error) bool { return target == ErrConflict }

// ChangeDraft saves a change. What others changed since it was begun stays, unless it is the same part: then nothing is
// saved and the error is a *Clash; it is ErrConflict when what the change was made from is not kept any more. A change
// that is there already is not saved again.
func (db *DB) ChangeDraft(ctx context.Context, flowID int64, change DraftChange, by By) (rs RuleSet, err error) {
	document := change.Encoded
	if err := ofSize(document); err != nil {
		return rs, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) error {
		edit, err := draftEdit(tx, flowID)
		if err != nil {
			return err
		}
		saved := document
		if edit != change.Edit {
			if rs, saved, err = merged(tx, flowID, edit, change); err != nil || saved == nil {
				return err
			}
		} else if err := db.startOfChange(tx, flowID, change); err != nil {
			return err
		}
		rs, err = db.putDraft(tx, flowID, saved, DraftEdit{Act: DraftSave, Said: change.Said}, by)
		return err
	})
	return rs, err
}

// startOfChange keeps what a change was made from, when it is the first that is kept.
func (db *DB) startOfChange(tx *gorm.DB, flowID int64, change DraftChange) error {
	if kept, err := editKept(tx, flowID, change.Edit); kept || err != nil {
		return err
	}
	return db.startOf(tx, flowID, change.Edit, change.Base.Encode())
}

// merged is the document that both changes make, nil when it is what is there already: rs.
func merged(tx *gorm.DB, flowID int64, edit int, change DraftChange) (rs RuleSet, document []byte, err error) {
	base, err := draftEditOf(tx, flowID, change.Edit)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return rs, nil, ErrConflict
	}
	if err != nil {
		return rs, nil, err
	}
	if rs, err = newestRules(tx, flowID); errors.Is(err, gorm.ErrRecordNotFound) {
		return rs, nil, ErrConflict
	} else if err != nil {
		return rs, nil, err
	}
	was, err := unpack(base.Document)
	if err != nil {
		return rs, nil, err
	}
	before, problems := rules.Parse(was, nil)
	theirs, more := rules.Parse(rs.Document, nil)
	if rules.HasErrors(problems) || rules.HasErrors(more) {
		return rs, nil, ErrConflict
	}
	both, parts := rules.Merge(before, theirs, change.Document)
	if len(parts) > 0 {
		return rs, nil, &Clash{Base: before, Theirs: theirs, Parts: parts, Edit: edit}
	}
	if len(rules.Diff(theirs, both, nil)) == 0 {
		return rs, nil, nil
	}
	document = both.Encode()
	return rs, document, ofSize(document)
}

package models

import (
	"context"
	"strconv"

	"gorm.io/gorm"
)

// RestoreRules makes the rules of a version the draft, in place of what the draft holds: undo brings that back. edit is
// the one that the caller saw: another one there now is ErrConflict. No such version, or the draft itself: ErrNotFound.
func (db *DB) RestoreRules(ctx context.Context, flowID int64, version, edit int, by By) (rs RuleSet, err error) {
	err = db.tx(ctx, func(tx *gorm.DB) error {
		if err := seenEdit(tx, flowID, edit); err != nil {
			return err
		}
		var old RuleSet
		if err := tx.Where("flow_id = ? AND version = ? AND state <> 'draft'", flowID, version).Take(&old).Error; err != nil {
			return err
		}
		rs, err = db.putDraft(tx, flowID, old.Document, DraftEdit{Act: DraftRestore, Restored: version, Said: "Version " + strconv.Itoa(version) + " was restored"}, by)
		return err
	})
	return rs, err
}

// movedSince is the newest version that a restore published: visits that began before it are not held on their version
// (design/decisions.md 7). 0: none.
func movedSince(tx *gorm.DB, flowID int64) (version int, err error) {
	err = tx.Raw("SELECT COALESCE(MAX(version), 0) FROM rule_sets WHERE flow_id = ? AND state <> 'draft' AND restored_from > 0", flowID).Scan(&version).Error
	return version, err
}

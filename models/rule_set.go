package models

import (
	"context"

	"gorm.io/gorm"
)

// RuleState of a version.
type RuleState string

// The states of a rule set.
const (
	Draft     RuleState = "draft"
	Published RuleState = "published"
	Archived  RuleState = "archived"
)

// A RuleSet is one version of a flow's routing.
type RuleSet struct {
	ID           int64
	FlowID       int64
	Version      int
	State        RuleState
	Document     []byte // rules.Document, encoded
	Edit         int    // grows with each change of the flow's draft; a change names the one that it saw
	Note         string
	Author       string
	CreatedAt    Time
	UpdatedAt    Time `gorm:"autoUpdateTime:false"`
	PublishedAt  Time
	RestoredFrom int // the version whose rules it began with; 0: none
}

// DraftRules returns the draft; when there is none, what a new draft would hold: the published document, with Version 0,
// or ErrNotFound when nothing is published either. Edit is what the next change must name in each of these cases, the
// one with ErrNotFound too.
func (db *DB) DraftRules(ctx context.Context, flowID int64) (RuleSet, error) {
	read := db.read.WithContext(ctx)
	edit, err := draftEdit(read, flowID) // before the document: a change in between makes the edit stale
	if err != nil {
		return RuleSet{}, err
	}
	rs, err := newestRules(read, flowID)
	if err == nil && rs.State == Draft {
		return rs, nil
	}
	return RuleSet{FlowID: flowID, State: Draft, Edit: edit, Document: rs.Document}, kindOf(err)
}

// newestRules are the draft, else what is published.
func newestRules(tx *gorm.DB, flowID int64) (RuleSet, error) {
	var rs RuleSet
	err := tx.Where("flow_id = ? AND state <> 'archived'", flowID).Order("version DESC").Take(&rs).Error
	return rs, err
}

// PublishedRules returns the version that runs, or ErrNotFound.
func (db *DB) PublishedRules(ctx context.Context, flowID int64) (RuleSet, error) {
	rs, err := ruleSetOf(db.read.WithContext(ctx), flowID, Published)
	return rs, kindOf(err)
}

// ruleSetOf returns the one rule set in that state; there is at most one draft and one published.
func ruleSetOf(tx *gorm.DB, flowID int64, state RuleState) (RuleSet, error) {
	var rs RuleSet
	err := tx.Where("flow_id = ? AND state = ?", flowID, string(state)).Take(&rs).Error
	return rs, err
}

// RuleSets lists versions, newest first, without documents.
func (db *DB) RuleSets(ctx context.Context, flowID int64) ([]RuleSet, error) {
	var rows []RuleSet
	err := db.read.WithContext(ctx).Omit("document").Where("flow_id = ?", flowID).Order("version DESC").Find(&rows).Error
	return rows, err
}

// RuleSet returns one version.
func (db *DB) RuleSet(ctx context.Context, flowID int64, version int) (RuleSet, error) {
	var rs RuleSet
	err := db.read.WithContext(ctx).Where("flow_id = ? AND version = ?", flowID, version).Take(&rs).Error
	return rs, kindOf(err)
}

package models

import (
	"bytes"
	"context"
	"errors"

	"gorm.io/gorm"
)

// A FlowJSON is one version of a flow's Flow JSON as kept here.
type FlowJSON struct {
	ID        int64
	FlowID    int64
	Version   int // 1, 2, …
	Raw       []byte
	CreatedAt Time
	Author    string
}

// flowJSONSize is the largest Flow JSON kept, in bytes.
const flowJSONSize = 10 << 20

// SaveFlowJSON keeps a new version; the same bytes as the newest change nothing. It is the caller's to have
// parsed it.
func (db *DB) SaveFlowJSON(ctx context.Context, flowID int64, raw []byte, by By) (FlowJSON, error) {
	if err := checkFlowJSON(raw); err != nil {
		return FlowJSON{}, err
	}
	var kept FlowJSON
	err := db.tx(ctx, func(tx *gorm.DB) error {
		f, err := flowIn(tx, flowID)
		if err != nil {
			return err
		}
		kept, err = db.keepFlowJSON(tx, f, raw, by)
		return err
	})
	return kept, err
}

func checkFlowJSON(raw []byte) error {
	if len(raw) == 0 || len(raw) > flowJSONSize {
		return &Invalid{"flow_json", "Paste the Flow JSON; at most 10 MiB."}
	}
	return nil
}

func (db *DB) keepFlowJSON(tx *gorm.DB, f Flow, raw []byte, by By) (FlowJSON, error) {
	kept, err := newestFlowJSON(tx, f.ID)
	if err == nil && bytes.Equal(kept.Raw, raw) || err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return kept, err
	}
	kept = FlowJSON{FlowID: f.ID, Version: kept.Version + 1, Raw: raw, CreatedAt: db.now(), Author: by.Name}
	if err := tx.Create(&kept).Error; err != nil {
		return kept, err
	}
	if err := db.settleFlow(tx, f.ID); err != nil {
		return kept, err
	}
	return kept, db.changed(tx, by, "flow.json", f.object(), map[string]any{"version": kept.Version})
}

// TableName is the table of Flow JSON versions.
func (FlowJSON) TableName() string { return "flow_jsons" }

func newestFlowJSON(tx *gorm.DB, flowID int64) (FlowJSON, error) {
	var j FlowJSON
	err := tx.Where("flow_id = ?", flowID).Order("version DESC").Take(&j).Error
	return j, err
}

// NewestFlowJSON returns the newest version, ErrNotFound without one.
func (db *DB) NewestFlowJSON(ctx context.Context, flowID int64) (FlowJSON, error) {
	j, err := newestFlowJSON(db.read.WithContext(ctx), flowID)
	return j, kindOf(err)
}

// FlowJSON returns one version by its id.
func (db *DB) FlowJSON(ctx context.Context, id int64) (FlowJSON, error) {
	var j FlowJSON
	err := db.read.WithContext(ctx).Where("id = ?", id).Take(&j).Error
	return j, kindOf(err)
}

// FlowJSONVersion returns one version of a flow by its number.
func (db *DB) FlowJSONVersion(ctx context.Context, flowID int64, version int) (FlowJSON, error) {
	var j FlowJSON
	err := db.read.WithContext(ctx).Where("flow_id = ? AND version = ?", flowID, version).Take(&j).Error
	return j, kindOf(err)
}

// FlowJSONAt returns the number of the version that was in force at a time, 0 when none was kept yet.
func (db *DB) FlowJSONAt(ctx context.Context, flowID int64, at Time) (version int, err error) {
	err = db.read.WithContext(ctx).Raw(`SELECT COALESCE(MAX(version), 0) FROM flow_jsons WHERE flow_id = ? AND created_at <= ?`, flowID, at).Scan(&version).Error
	return version, err
}

// FlowJSONs lists versions, newest first, without Raw.
func (db *DB) FlowJSONs(ctx context.Context, flowID int64) ([]FlowJSON, error) {
	var rows []FlowJSON
	err := db.read.WithContext(ctx).Omit("raw").Where("flow_id = ?", flowID).Order("version DESC").Find(&rows).Error
	return rows, err
}

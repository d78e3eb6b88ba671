package models

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// settleSensitive finds out anew what is hidden of a flow, after its Flow JSON, its rules or its marks (fields) changed. What
// changes by that begins to be made anew in the search.
func (db *DB) settleSensitive(tx *gorm.DB, flowID int64, fields []SensitiveField) error {
	ctx := tx.Statement.Context
	before, err := sensitiveFields(ctx, inTx(tx), flowID)
	if err != nil {
		return err
	}
	newest, err := db.declareAll(tx, flowID, &fields)
	if err != nil {
		return err
	}
	rs, err := ruleSetOf(tx, flowID, Published)
	if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
		return err
	}
	sources := map[string]string{}
	if err == nil {
		doc, _ := rules.Parse(rs.Document, func() string { return "" })
		sources = doc.FinishSources()
	}
	follow(newest, sources, &fields)
	fields = slices.DeleteFunc(fields, func(f SensitiveField) bool { return !f.hides() })
	sortFields(fields)
	if slices.Equal(before, fields) {
		return nil
	}
	if err := saveSensitive(tx, flowID, fields); err != nil {
		return err
	}
	return db.beginHiding(tx, flowID, sensitiveKeys(before), sensitiveKeys(fields))
}

func sensitiveKeys(fields []SensitiveField) []string {
	return each(fields, func(f SensitiveField) string { return f.Key })
}

// declareAll takes in the versions of the Flow JSON that were not yet, the oldest first, and returns the newest; nil when
// there is none that can be read.
func (db *DB) declareAll(tx *gorm.DB, flowID int64, fields *[]SensitiveField) (newest *flowjson.Flow, err error) {
	var seen int
	if err := tx.Raw(`SELECT coalesce(max(json_version), 0) FROM sensitive_flows WHERE flow_id = ?`, flowID).Scan(&seen).Error; err != nil {
		return nil, err
	}
	var all []FlowJSON
	err = tx.Where(`flow_id = ? AND (version > ? OR version = (SELECT max(version) FROM flow_jsons WHERE flow_id = ?))`, flowID, seen, flowID).Order("version").Find(&all).Error
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, j := range all {
		flow, _ := flowjson.Parse(j.Raw)
		if flow != nil {
			newest = flow
		}
		if flow != nil && j.Version > seen {
			declare(flow, fields)
		}
	}
	last := all[len(all)-1].Version
	return newest, tx.Exec(`INSERT INTO sensitive_flows (flow_id, json_version) VALUES (?, ?)
		ON CONFLICT (flow_id) DO UPDATE SET json_version = excluded.json_version`, flowID, last).Error
}

// declare takes in what one version says of the keys that it has.
func declare(flow *flowjson.Flow, fields *[]SensitiveField) {
	said := map[string]SensitiveField{}
	for key, behind := range flow.KeyFields() {
		f := SensitiveField{Key: key, Secret: len(behind) > 0}
		for _, b := range behind {
			f.Declared = f.Declared || b.Sensitive
			f.Secret = f.Secret && b.Kind == flowjson.Secret
		}
		said[key] = f
	}
	for i := range *fields {
		was := &(*fields)[i]
		if f, ok := said[was.Key]; ok {
			was.Declared, was.Secret = f.Declared, f.Secret
			delete(said, was.Key)
		}
	}
	for _, f := range said {
		if f.Declared {
			*fields = append(*fields, f)
		}
	}
}

// follow finds the keys under which a value stands that is hidden under another one: in a payload, or as a param of a finish
// outcome.
func follow(flow *flowjson.Flow, sources map[string]string, fields *[]SensitiveField) {
	if flow == nil {
		return
	}
	at := map[string]int{}
	for i := range *fields {
		(*fields)[i].Follows = false
		at[(*fields)[i].Key] = i
	}
	hidden := func(name string) bool {
		i, ok := at[name]
		return ok && ((*fields)[i].Marked || (*fields)[i].Declared)
	}
	for key, behind := range keyFields(flow, sources) {
		repeats := slices.ContainsFunc(behind, func(b *flowjson.Field) bool {
			return b.Sensitive && b.Kind != flowjson.Secret || b.Name != key && hidden(b.Name)
		})
		i, known := at[key]
		switch {
		case !repeats:
		case known:
			(*fields)[i].Follows = !(*fields)[i].Declared
		default:
			*fields = append(*fields, SensitiveField{Key: key, Follows: true})
		}
	}
}

// settleFlow is settleSensitive after the Flow JSON or the rules changed.
func (db *DB) settleFlow(tx *gorm.DB, flowID int64) error {
	fields, err := sensitiveFields(tx.Statement.Context, inTx(tx), flowID)
	if err != nil {
		return err
	}
	return db.settleSensitive(tx, flowID, fields)
}

// SettleSensitive takes in what flows say that no program before this one read, at the start.
func (db *DB) SettleSensitive(ctx context.Context) error {
	rows, err := db.reader().QueryContext(ctx, `SELECT j.flow_id FROM flow_jsons j LEFT JOIN sensitive_flows s ON s.flow_id = j.flow_id
		GROUP BY j.flow_id HAVING max(j.version) > coalesce(max(s.json_version), 0) ORDER BY j.flow_id`)
	flows, err := collect(rows, err, func(id *int64, s scanner) error { return s.Scan(id) })
	if err != nil {
		return err
	}
	for _, id := range flows {
		if err := db.tx(ctx, func(tx *gorm.DB) error { return db.settleFlow(tx, id) }); err != nil {
			return err
		}
	}
	return nil
}

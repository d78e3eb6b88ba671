package models

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// A SensitiveField is an answer of a flow of which somebody says that it is sensitive.
type SensitiveField struct {
	Key      string
	Declared bool // by the newest Flow JSON that has it
	Secret   bool // declared, and a password or passcode
	Follows  bool // it repeats one that is marked
	Marked   bool // by hand
}

func (f SensitiveField) hides() bool { return f.Declared || f.Follows || f.Marked }

// maxSensitiveKey is how long a key may be that is marked, in bytes.
const maxSensitiveKey = 500

func sensitiveOf(rows *sql.Rows, err error) (map[int64]Sensitive, error) {
	type row struct {
		flow   int64
		key    string
		secret bool
	}
	all, err := collect(rows, err, func(r *row, s scanner) error { return s.Scan(&r.flow, &r.key, &r.secret) })
	flows := map[int64]Sensitive{}
	for _, r := range all {
		for _, id := range []int64{0, r.flow} {
			s := flows[id]
			s.add(r.key, !r.secret)
			flows[id] = s
		}
	}
	return flows, err
}

// SensitiveFields are those of a flow, by key.
func (db *DB) SensitiveFields(ctx context.Context, flowID int64) ([]SensitiveField, error) {
	return sensitiveFields(ctx, db.reader(), flowID)
}

func sensitiveFields(ctx context.Context, q querier, flowID int64) ([]SensitiveField, error) {
	rows, err := q.QueryContext(ctx, `SELECT key, declared, secret, follows, marked FROM sensitive_answers WHERE flow_id = ? ORDER BY key`, flowID)
	return collect(rows, err, func(f *SensitiveField, s scanner) error {
		return s.Scan(&f.Key, &f.Declared, &f.Secret, &f.Follows, &f.Marked)
	})
}

// SetSensitive marks answers of a flow as sensitive by hand, or takes the mark away, by key; others stay as they are. From
// then on they are hidden; ContinueSensitive takes them out of the search, and brings them back. Invalid: a key.
func (db *DB) SetSensitive(ctx context.Context, flowID int64, marks map[string]bool, by By) error {
	for key := range marks {
		if key == "" || len(key) > maxSensitiveKey || strings.ContainsRune(key, 0) {
			return &Invalid{"marked", "There is no answer of that name."}
		}
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		f, err := flowIn(tx, flowID)
		if err != nil {
			return err
		}
		fields, err := sensitiveFields(ctx, inTx(tx), flowID)
		if err != nil {
			return err
		}
		changed := map[string]any{}
		for i := range fields {
			if marked, said := marks[fields[i].Key]; said && marked != fields[i].Marked {
				fields[i].Marked, changed[fields[i].Key] = marked, marked
			}
		}
		for key, marked := range marks {
			if marked && !slices.ContainsFunc(fields, func(f SensitiveField) bool { return f.Key == key }) {
				fields, changed[key] = append(fields, SensitiveField{Key: key, Marked: true}), true
			}
		}
		if len(changed) == 0 {
			return nil
		}
		if err := db.settleSensitive(tx, flowID, fields); err != nil {
			return err
		}
		return db.changed(tx, by, "flow.sensitive", f.object(), changed)
	})
}

// saveSensitive writes the fields of a flow, those that nobody says anything of left out.
func saveSensitive(tx *gorm.DB, flowID int64, fields []SensitiveField) error {
	if err := tx.Exec(`DELETE FROM sensitive_answers WHERE flow_id = ?`, flowID).Error; err != nil {
		return err
	}
	for _, f := range fields {
		if !f.hides() {
			continue
		}
		err := tx.Exec(`INSERT INTO sensitive_answers (flow_id, key, declared, secret, follows, marked) VALUES (?, ?, ?, ?, ?, ?)`,
			flowID, f.Key, f.Declared, f.Secret, f.Follows, f.Marked).Error
		if err != nil {
			return err
		}
	}
	return nil
}

func sortFields(fields []SensitiveField) {
	slices.SortFunc(fields, func(a, b SensitiveField) int { return cmp.Compare(a.Key, b.Key) })
}

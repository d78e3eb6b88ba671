package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// A Mapping says that responses of a kind belong to a flow, when nothing better says where they belong. It is for what is
// unmatched when it is added and for what comes later; removing it leaves what it found where it is.
type Mapping struct {
	ID        int64
	Like      Like // LikeToken, LikeContact or LikeNumber
	FlowID    int64
	FlowSlug  string
	FlowName  string
	Contact   Contact // of LikeContact
	Name      string  // of who added it
	At        Time
	RemovedAt Time // zero: it is in force
	RemovedBy string
	Hits      int // responses that it found and that are still found by it; at most 10,001
}

// maxMappings bounds how many are in force at once.
const maxMappings = 500

// A mappingRow is a mapping as it is kept.
type mappingRow struct {
	ID        int64
	Kind      LikeKind
	Value     string
	FlowID    int64
	UserID    int64
	Name      string
	At        Time
	RemovedAt Time
	RemovedBy string
}

func (mappingRow) TableName() string { return "mappings" }

// A mappingSet is the mappings in force, the most telling first.
type mappingSet []Mapping

// more is the order in which mappings are tried: token patterns by what they say, then customers, then numbers; of equal
// ones the oldest.
func (m Mapping) more(o Mapping) int {
	rank := func(m Mapping) int { return slices.Index([]LikeKind{LikeToken, LikeContact, LikeNumber}, m.Like.Kind) }
	said := func(m Mapping) int {
		if m.Like.Kind != LikeToken {
			return 0
		}
		return len(m.Like.Value) - strings.Count(m.Like.Value, "*")
	}
	return cmp.Or(rank(m)-rank(o), said(o)-said(m), cmp.Compare(m.ID, o.ID))
}

// mappingOf is the first mapping that fits. All are read once per transaction.
func (x *inboxTx) mappingOf(e evidence) (Mapping, bool, error) {
	if x.mapped == nil {
		rows, err := inTx(x.tx).QueryContext(x.ctx, `SELECT id, kind, value, flow_id FROM mappings WHERE removed_at = 0 ORDER BY id LIMIT ?`, maxMappings)
		all, err := collect(rows, err, func(m *Mapping, s scanner) error { return s.Scan(&m.ID, &m.Like.Kind, &m.Like.Value, &m.FlowID) })
		if err != nil {
			return Mapping{}, false, err
		}
		slices.SortFunc(all, Mapping.more)
		x.mapped = (*mappingSet)(&all)
	}
	for _, m := range *x.mapped {
		if m.Like.matches(e) {
			return m, true, nil
		}
	}
	return Mapping{}, false, nil
}

// moveMappings makes mappings of a customer ones of the row that holds the customer now.
func (x *inboxTx) moveMappings(from, into int64) error {
	x.mapped = nil
	to := strconv.FormatInt(into, 10)
	_, err := x.exec(sqlMoveMappings, to, strconv.FormatInt(from, 10), to)
	return err
}

// CheckMapping is a mapping's likeness as it is kept: a number as its digits. Invalid: it says nothing.
func CheckMapping(l Like) (Like, error) {
	l.Value = strings.TrimSpace(l.Value)
	switch l.Kind {
	case LikeToken:
		l.Value = asUTF8(strings.TrimPrefix(l.Value, testPrefix))
		return l, CheckPattern(l.Value)
	case LikeNumber:
		l.Value = digits(l.Value)
		if len(l.Value) < 5 || len(l.Value) > 20 {
			return l, &Invalid{"value", "Write your own number as WhatsApp shows it, or Meta's phone number id: digits."}
		}
		return l, nil
	case LikeContact:
		if id, err := strconv.ParseInt(l.Value, 10, 64); err == nil && id > 0 {
			return l, nil
		}
	}
	return l, &Invalid{"kind", "Choose what the mapping goes by."}
}

// AddMapping sets a mapping. What is unmatched finds it when Attribute is run. Invalid: it says nothing, or the same is
// mapped already.
func (db *DB) AddMapping(ctx context.Context, l Like, flowID int64, by By) (m Mapping, err error) {
	if l, err = CheckMapping(l); err != nil {
		return m, err
	}
	err = db.tx(ctx, func(tx *gorm.DB) (err error) {
		m, err = db.addMapping(tx, l, flowID, by)
		return err
	})
	return m, err
}

func (db *DB) addMapping(tx *gorm.DB, l Like, flowID int64, by By) (Mapping, error) {
	f, err := flowIn(tx, flowID)
	if err != nil {
		return Mapping{}, err
	}
	var n int64
	if err := tx.Raw(`SELECT count(*) FROM mappings WHERE removed_at = 0`).Scan(&n).Error; err != nil {
		return Mapping{}, err
	}
	if n >= maxMappings {
		return Mapping{}, &Invalid{"value", fmt.Sprintf("There are %d mappings already, and no more are tried. Remove some first.", maxMappings)}
	}
	row := mappingRow{Kind: l.Kind, Value: l.Value, FlowID: flowID, UserID: by.UserID, Name: by.Name, At: db.now()}
	if err := db.mapped(tx, l); err != nil {
		return Mapping{}, err
	}
	if err := tx.Create(&row).Error; err != nil {
		return Mapping{}, err
	}
	m := Mapping{ID: row.ID, Like: l, FlowID: flowID, FlowSlug: f.Slug, FlowName: f.Name, Name: by.Name, At: row.At}
	return m, db.audit(tx, by, "mapping.add", mappingObject(row.ID), map[string]any{"kind": l.Kind, "flow": f.Slug})
}

// mapped refuses what is mapped already.
func (db *DB) mapped(tx *gorm.DB, l Like) error {
	var name string
	r := tx.Raw(`SELECT f.name FROM mappings m JOIN flows f ON f.id = m.flow_id WHERE m.kind = ? AND m.value = ? AND m.removed_at = 0`, l.Kind, l.Value).Scan(&name)
	if r.Error != nil || r.RowsAffected == 0 {
		return r.Error
	}
	return &Invalid{"value", "This is mapped to " + name + " already. Remove that mapping first."}
}

func mappingObject(id int64) string { return fmt.Sprintf("mapping %d", id) }

// RemoveMapping ends a mapping. What it found stays where it is. Removing it again changes nothing.
func (db *DB) RemoveMapping(ctx context.Context, id int64, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		ended := tx.Exec(`UPDATE mappings SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at = 0`, db.now(), by.Name, id)
		if ended.Error != nil || ended.RowsAffected == 0 {
			return ended.Error
		}
		return db.audit(tx, by, "mapping.remove", mappingObject(id), nil)
	})
}

package models

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"switchyard/models/rules"
)

// A ListRow is a list as kept.
type ListRow struct {
	rules.List
	Size      int
	UpdatedAt Time
	Author    string
}

type listRow struct {
	Name      string `gorm:"primaryKey"`
	Columns   jsonColumn[[]rules.Column]
	Rows      jsonColumn[[]rules.Row]
	Size      int
	Author    string
	UpdatedAt Time `gorm:"autoUpdateTime:false"`
}

func (listRow) TableName() string { return "lists" }

func (r listRow) list() ListRow {
	l := rules.List{Name: r.Name, Columns: r.Columns.V, Rows: r.Rows.V}
	return ListRow{List: l, Size: r.Size, UpdatedAt: r.UpdatedAt, Author: r.Author}
}

// Lists returns all lists by name, without rows; List one whole.
func (db *DB) Lists(ctx context.Context) ([]ListRow, error) {
	var rows []listRow
	if err := db.read.WithContext(ctx).Omit("rows").Order("name").Find(&rows).Error; err != nil {
		return nil, err
	}
	lists := make([]ListRow, len(rows))
	for i, r := range rows {
		lists[i] = r.list()
	}
	return lists, nil
}

// List returns one list whole.
func (db *DB) List(ctx context.Context, name string) (ListRow, error) {
	var row listRow
	if err := db.read.WithContext(ctx).Where("name = ?", name).Take(&row).Error; err != nil {
		return ListRow{}, kindOf(err)
	}
	return row.list(), nil
}

// SaveList replaces or makes a list; Invalid says what is wrong (name, size, double id).
func (db *DB) SaveList(ctx context.Context, l rules.List, by By) error {
	if err := checkList(l); err != nil {
		return err
	}
	row := listRow{Name: l.Name, Size: len(l.Rows), Author: by.Name, UpdatedAt: db.now()}
	row.Columns.V, row.Rows.V = l.Columns, l.Rows
	return db.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
			return err
		}
		return db.changed(tx, by, "list.save", "list "+l.Name, map[string]any{"rows": row.Size})
	})
}

// DeleteList removes a list. Rules that read it find it missing.
func (db *DB) DeleteList(ctx context.Context, name string, by By) error {
	return db.tx(ctx, func(tx *gorm.DB) error {
		r := tx.Where("name = ?", name).Delete(&listRow{})
		if r.Error != nil {
			return r.Error
		}
		if r.RowsAffected == 0 {
			return ErrNotFound
		}
		return db.changed(tx, by, "list.delete", "list "+name, nil)
	})
}

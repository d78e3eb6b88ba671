package models

import (
	"context"

	"switchyard/models/rules"
)

// A ListRow is a list as kept.
type ListRow struct {
	rules.List
	Version   int // of its versions
	Size      int
	UpdatedAt Time
	Author    string
}

type listRow struct {
	Name      string `gorm:"primaryKey"`
	Columns   jsonColumn[[]rules.Column]
	Rows      jsonColumn[[]rules.Row]
	Size      int
	Version   int
	Author    string
	UpdatedAt Time `gorm:"autoUpdateTime:false"`
}

func (listRow) TableName() string { return "lists" }

func (r listRow) list() ListRow {
	l := rules.List{Name: r.Name, Columns: r.Columns.V, Rows: r.Rows.V}
	return ListRow{List: l, Version: r.Version, Size: r.Size, UpdatedAt: r.UpdatedAt, Author: r.Author}
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

package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// A TableColumn is one answer in a person's table of a flow, in their order.
type TableColumn struct {
	Key    string `json:"key"`
	Hidden bool   `json:"hidden,omitempty"`
	Width  int    `json:"width,omitempty"` // in pixels; 0: as wide as it needs
}

// MaxTableColumns is how many columns of a table are kept.
const MaxTableColumns = 1000

// The widths that a column can be given, in pixels.
const (
	MinColumnWidth = 80
	MaxColumnWidth = 800
)

const tooManyCols = "A table has at most 1,000 columns."

// TableColumns are the columns as the person has put them for a flow; none when nothing was changed.
func (db *DB) TableColumns(ctx context.Context, userID, flowID int64) ([]TableColumn, error) {
	var columns jsonColumn[[]TableColumn]
	err := db.reader().QueryRowContext(ctx, `SELECT columns FROM response_tables WHERE user_id = ? AND flow_id = ?`, userID, flowID).Scan(&columns)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return columns.V, err
}

// SetTableColumns keeps them; none is as the flow has them. Nobody else sees it, so it is not in the audit log.
func (db *DB) SetTableColumns(ctx context.Context, userID, flowID int64, columns []TableColumn) error {
	if len(columns) > MaxTableColumns {
		return &Invalid{"columns", tooManyCols}
	}
	for _, c := range columns {
		if c.Width != 0 && (c.Width < MinColumnWidth || c.Width > MaxColumnWidth) {
			return &Invalid{"columns", fmt.Sprintf("A column is %d to %d pixels wide.", MinColumnWidth, MaxColumnWidth)}
		}
	}
	return db.tx(ctx, func(tx *gorm.DB) error {
		if len(columns) == 0 {
			return tx.Exec(`DELETE FROM response_tables WHERE user_id = ? AND flow_id = ?`, userID, flowID).Error
		}
		return tx.Exec(`INSERT INTO response_tables (user_id, flow_id, columns, updated_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (user_id, flow_id) DO UPDATE SET columns = excluded.columns, updated_at = excluded.updated_at`,
			userID, flowID, jsonColumn[[]TableColumn]{columns}, db.now()).Error
	})
}

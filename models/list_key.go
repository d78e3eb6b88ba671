package models

import (
	"context"
	"database/sql"
	"errors"
)

// A listKey is a place in the order of lists of what was received, by which they are paged.
type listKey struct {
	received Time
	id       int64
}

// listKey is where the row of a table with that id stands; one that is gone stood beside the next older id. The table's
// name is ours.
func (db *DB) listKey(ctx context.Context, table string, id int64) (k listKey, err error) {
	if id <= 0 {
		return k, nil
	}
	k.id = id
	err = db.reader().QueryRowContext(ctx, `SELECT received_at FROM `+table+` WHERE id <= ? ORDER BY id DESC LIMIT 1`, id).Scan(&k.received)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return k, err
}

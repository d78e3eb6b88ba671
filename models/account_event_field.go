package models

import "context"

// AccountEventFields are the fields of the newest 2,000 account events, by name.
func (db *DB) AccountEventFields(ctx context.Context) ([]string, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT DISTINCT field FROM (SELECT field FROM account_events ORDER BY at DESC, id DESC LIMIT 2000) AS newest ORDER BY field`)
	return collect(rows, err, func(field *string, row scanner) error { return row.Scan(field) })
}

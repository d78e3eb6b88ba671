package models

import (
	"database/sql"
	"errors"
)

// A scanner is one row: *sql.Row or *sql.Rows.
type scanner interface{ Scan(...any) error }

// collect reads all rows of a query, scan by scan, and closes it. It takes the query's two results as they are.
func collect[T any](rows *sql.Rows, err error, scan func(*T, scanner) error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	var all []T
	for rows.Next() {
		var v T
		if err := scan(&v, rows); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		all = append(all, v)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}

package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// rows returns what a query gives, a line each with | between the columns. What the engines write in different ways is
// written as of PostgreSQL, see inSQLite.
func (c *cluster) rows(t *testing.T, query string, args ...any) []string {
	t.Helper()
	all, err := c.query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	lines := make([]string, len(all))
	for i, values := range all {
		parts := make([]string, len(values))
		for j, v := range values {
			parts[j] = fmt.Sprint(v)
		}
		lines[i] = strings.Join(parts, "|")
	}
	return lines
}

func (c *cluster) query(ctx context.Context, query string, args ...any) ([][]any, error) {
	if c.beside != nil {
		rows, err := c.beside.QueryContext(ctx, inSQLite.Replace(query), args...)
		if err != nil {
			return nil, err
		}
		return scanned(rows)
	}
	conn, err := pgx.Connect(ctx, c.url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
}

// inSQLite writes PostgreSQL's functions as SQLite has them.
var inSQLite = strings.NewReplacer(
	"encode(sha256, 'hex')", "lower(hex(sha256))",
	"convert_from(data, 'UTF8')::json", "CAST(data AS TEXT)",
	"encode(answer, 'escape')", "CAST(answer AS TEXT)",
)

func scanned(rows *sql.Rows) (all [][]any, err error) {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, rows.Err()
}

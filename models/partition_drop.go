package models

import (
	"context"
	"database/sql"
	"fmt"
)

// dropWait is how long dropping a partition waits for its lock, as PostgreSQL writes it. Whoever comes after it waits as
// long, so it is short.
const dropWait = "200ms"

// dropMonth drops a partition of a table, which gives its space back at once. It stays while it holds a row for which one
// of the conditions is true. What goes is counted just before.
func (m *months) dropMonth(ctx context.Context, c *sql.Conn, table string, one month, unless ...string) (rows int64, dropped bool, err error) {
	if kept, err := anyRow(ctx, c, one.of(table), unless); err != nil || kept {
		return 0, false, err
	}
	if rows, err = countOrGuess(ctx, c, one.of(table)); err != nil {
		return 0, false, err
	}
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return 0, false, err
	}
	defer tx.Rollback() // after a commit it does nothing
	// The lock of the table before that of its partition, as everybody takes them.
	for _, text := range []string{`SET LOCAL lock_timeout = '` + dropWait + `'`, `LOCK TABLE ONLY ` + table + ` IN ACCESS EXCLUSIVE MODE`} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return 0, false, err
		}
	}
	if kept, err := anyRow(ctx, tx, one.of(table), unless); err != nil || kept {
		return 0, false, err
	}
	if _, err := tx.ExecContext(ctx, `DROP TABLE `+one.of(table)); err != nil {
		return 0, false, err
	}
	if err := tx.Commit(); err != nil {
		return 0, false, err
	}
	m.set(one, false)
	return rows, true, nil
}

// anyRow tells whether one of the conditions is true for a row. They are asked apart, since each has its index.
func anyRow(ctx context.Context, q querier, table string, conditions []string) (found bool, err error) {
	for _, c := range conditions {
		err := q.QueryRowContext(ctx, fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s WHERE %s)`, table, c)).Scan(&found)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// countOrGuess counts, or takes the planner's estimate when counting takes too long.
func countOrGuess(ctx context.Context, q querier, table string) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM `+table).Scan(&n)
	if codeOf(err) == codeCancelled {
		err = q.QueryRowContext(ctx, `SELECT greatest(reltuples, 0)::bigint FROM pg_catalog.pg_class WHERE oid = to_regclass(?)`, table).Scan(&n)
	}
	return n, err
}

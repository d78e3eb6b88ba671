package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What the indexes and triggers of responses and answers are called, of which kind, and how they are made.
const (
	sqliteLoaded = `SELECT name, type, sql FROM sqlite_master WHERE tbl_name IN ('responses', 'answers') AND type IN ('index', 'trigger') AND sql IS NOT NULL`
	// An index of a table with parts is made anew for all of them.
	postgresLoaded = `SELECT indexname, 'index', replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes
		WHERE schemaname = current_schema() AND tablename IN ('responses', 'answers') AND indexdef NOT LIKE 'CREATE UNIQUE%'`
)

// withoutIndexes drops what each row would be put into one by one; again makes it anew of all rows at once.
func (db *DB) withoutIndexes(ctx context.Context) (again func() error, err error) {
	query, w := sqliteLoaded, db.writer()
	if db.Shared() {
		query = postgresLoaded
	}
	rows, err := w.QueryContext(ctx, query)
	all, err := collect(rows, err, func(o *[3]string, s scanner) error { return s.Scan(&o[0], &o[1], &o[2]) })
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if _, err := w.ExecContext(ctx, `DROP `+o[1]+` `+o[0]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b [3]string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) }) // indexes first
	var from int64
	if err := w.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&from); err != nil {
		return nil, err
	}
	return func() error {
		conn, err := w.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		texts := []string{`SET statement_timeout = 0`} // an index of a million rows takes longer than a statement may
		if !db.Shared() {
			texts = []string{`PRAGMA cache_size = -256000`}
		}
		for _, o := range all {
			texts = append(texts, o[2])
		}
		if !db.Shared() {
			texts = append(texts, fulltextOf(from)...)
			texts = append(texts, `PRAGMA cache_size = -16000`)
		}
		texts = append(texts, `ANALYZE`)
		if db.Shared() {
			texts = append(texts, strings.TrimPrefix(postgresWriter, "; "))
		}
		for _, text := range texts { // each of them, also after one that failed
			if _, execErr := conn.ExecContext(ctx, text); execErr != nil {
				err = errors.Join(err, fmt.Errorf("%.60s: %w", text, execErr))
			}
		}
		return err
	}, nil
}

// fulltextOf puts the responses above an id into SQLite's index of search texts: in large pieces, of which it makes one.
func fulltextOf(from int64) []string {
	return []string{
		`INSERT INTO responses_search (responses_search, rank) VALUES ('hashsize', 67108864)`,
		fmt.Sprintf(`INSERT INTO responses_search (rowid, search) SELECT id, search FROM responses WHERE id > %d ORDER BY id`, from),
		`INSERT INTO responses_search (responses_search, rank) VALUES ('hashsize', 1048576)`,
		`INSERT INTO responses_search (responses_search) VALUES ('optimize')`,
	}
}

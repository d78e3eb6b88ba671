package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
)

// loadMark is the setting that stands while indexes are set aside.
const loadMark = "loading"

// What the indexes and triggers of responses and answers are called, of which kind, and how they are made.
const (
	sqliteLoaded = `SELECT name, type, sql FROM sqlite_master WHERE tbl_name IN ('responses', 'answers') AND type IN ('index', 'trigger') AND sql IS NOT NULL`
	// An index of a table with parts is made anew for all of them.
	postgresLoaded = `SELECT indexname, 'index', replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes
		WHERE schemaname = current_schema() AND tablename IN ('responses', 'answers') AND indexdef NOT LIKE 'CREATE UNIQUE%'`
)

// A setAside is what a load took away to be made again.
type setAside struct {
	From int64       `json:"from"` // the highest id that was indexed
	All  []setObject `json:"all"`
}

// A setObject is an index or a trigger, and the statement that makes it.
type setObject struct{ Name, Kind, Text string }

func (db *DB) loadedObjects(ctx context.Context, q querier) ([]setObject, error) {
	query := sqliteLoaded
	if db.Shared() {
		query = postgresLoaded
	}
	rows, err := q.QueryContext(ctx, query)
	return collect(rows, err, func(o *setObject, s scanner) error { return s.Scan(&o.Name, &o.Kind, &o.Text) })
}

// setIndexesAside drops what each row would be put into one by one, and keeps how it is made in the database.
func (db *DB) setIndexesAside(ctx context.Context) error {
	if _, err := db.FinishLoad(ctx); err != nil {
		return err
	}
	tx, err := db.writer().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	var aside setAside
	if aside.All, err = db.loadedObjects(ctx, tx); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM responses`).Scan(&aside.From); err != nil {
		return err
	}
	mark, err := json.Marshal(aside)
	if err != nil {
		return err
	}
	texts := []stmtArgs{{`INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)`, []any{loadMark, string(mark), db.now().Micros()}}}
	for _, o := range aside.All {
		texts = append(texts, stmtArgs{text: `DROP ` + o.Kind + ` ` + o.Name})
	}
	for _, s := range texts {
		if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// aside reads what a load took away, nil when there is nothing.
func (db *DB) aside(ctx context.Context, q querier) (*setAside, error) {
	var mark jsonColumn[setAside]
	err := q.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = ?`, loadMark).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &mark.V, err
}

// FinishLoad makes the indexes again that LoadResponses had set aside, if there are any: a load that was broken off leaves
// them so, and the next server finds them. It tells whether there were.
func (db *DB) FinishLoad(ctx context.Context) (bool, error) {
	aside, err := db.aside(ctx, db.writer())
	if err != nil || aside == nil {
		return false, err
	}
	there, err := db.loadedObjects(ctx, db.writer())
	if err != nil {
		return true, err
	}
	missing := slices.DeleteFunc(aside.All, func(o setObject) bool {
		return slices.ContainsFunc(there, func(t setObject) bool { return t.Name == o.Name })
	})
	if err = db.makeAgain(ctx, missing, aside.From); err == nil {
		_, err = db.writer().ExecContext(ctx, `DELETE FROM settings WHERE name = ?`, loadMark)
	}
	return true, err
}

package models_test

import (
	"database/sql"
	"strings"
	"testing"

	"switchyard/models/modelstest"
)

// look reads one value beside the program, for what no method shows.
func look(t *testing.T, db *modelstest.DB, into any, query string, args ...any) {
	t.Helper()
	p, err := sql.Open("sqlite3", strings.TrimPrefix(db.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.QueryRow(query, args...).Scan(into); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func count(t *testing.T, db *modelstest.DB, query string, args ...any) (n int) {
	t.Helper()
	look(t, db, &n, query, args...)
	return n
}

func text(t *testing.T, db *modelstest.DB, query string, args ...any) string {
	t.Helper()
	var s sql.NullString
	look(t, db, &s, query, args...)
	return s.String
}

// change writes beside the program.
func change(t *testing.T, db *modelstest.DB, statement string) {
	t.Helper()
	p, err := sql.Open("sqlite3", strings.TrimPrefix(db.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

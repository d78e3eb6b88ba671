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
	p := modelstest.SQL(t, db.URL)
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

// try runs statements beside the program, as somebody with the file or the server's password would.
func try(t *testing.T, url string, statements ...string) error {
	t.Helper()
	p := modelstest.SQL(t, url)
	defer p.Close()
	for _, s := range statements {
		if _, err := p.Exec(s); err != nil {
			return err
		}
	}
	return nil
}

// raw is try of statements that must succeed.
func raw(t *testing.T, url string, statements ...string) {
	t.Helper()
	if err := try(t, url, statements...); err != nil {
		t.Fatalf("%q: %v", statements, err)
	}
}

// lines reads the rows of a query beside the program, each as one text.
func lines(t *testing.T, db *modelstest.DB, query string, args ...any) (all []string) {
	t.Helper()
	p := modelstest.SQL(t, db.URL)
	defer p.Close()
	rows, err := p.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

func joined(lines []string) string { return strings.Join(lines, "|") }

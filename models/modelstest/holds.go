package modelstest

import (
	"database/sql"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// filesHold looks into the file and those beside it that begin with its name.
func filesHold(t testing.TB, file, text string) bool {
	t.Helper()
	files, err := filepath.Glob(file + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("files of %s: %q, %v", file, files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), text) {
			return true
		}
	}
	return false
}

// rowsHold looks into every row of every table: as text, and as the bytes that a bytea is written as.
func rowsHold(t testing.TB, p *sql.DB, text string) bool {
	t.Helper()
	for _, table := range tablesOf(t, p) {
		var found bool
		query := `SELECT EXISTS (SELECT 1 FROM "` + table + `" r WHERE strpos(r::text, ?) > 0 OR strpos(r::text, ?) > 0)`
		if err := p.QueryRow(query, text, hex.EncodeToString([]byte(text))).Scan(&found); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if found {
			return true
		}
	}
	return false
}

func tablesOf(t testing.TB, p *sql.DB) (tables []string) {
	t.Helper()
	rows, err := p.Query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil || len(tables) == 0 {
		t.Fatalf("tables: %q, %v", tables, err)
	}
	return tables
}

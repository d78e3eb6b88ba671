package models_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// closed makes a database and closes it.
func closed(t *testing.T) models.Options {
	t.Helper()
	o := modelstest.Options("sqlite:" + filepath.Join(t.TempDir(), "s.db"))
	db, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAnotherSchemaVersionIsRefusedInOneSentence(t *testing.T) {
	o := closed(t)
	raw(t, o.URL, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	for _, migrate := range []bool{true, false} {
		o.Migrate = migrate
		_, err := models.Open(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), "9999") || strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(newer schema, Migrate: %v) = %v; want one sentence that names the version", migrate, err)
		}
	}
	raw(t, o.URL, "DELETE FROM goose_db_version WHERE version_id > 1")
	if _, err := models.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "version 1") {
		t.Errorf("Open(older schema, no migration) = %v; want it refused", err)
	}
}

func TestOnlyTheServerMakesADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.db")
	o := modelstest.Options("sqlite:" + file)
	o.Migrate = false
	if _, err := models.Open(t.Context(), o); err == nil {
		t.Error("Open(no file, no migration) = nil; want an error")
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat(%s) = %v; want it not made", file, err)
	}
	for _, url := range []string{"", "sqlite:", "postgres://localhost/x", "data/x.db"} {
		if _, err := models.Open(t.Context(), models.Options{URL: url}); err == nil {
			t.Errorf("Open(%q) = nil; want an error", url)
		}
	}
}

func TestADatabaseIsCopiedBeforeItsMigration(t *testing.T) {
	o := closed(t)
	raw(t, o.URL, append(firstSchema(t), "UPDATE revision SET n = 77")...)
	db, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n, err := db.Revision(t.Context()); err != nil || n != 77 {
		t.Errorf("Revision() after migration = %d, %v; want 77", n, err)
	}
	_, newest, _, err := db.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(strings.TrimPrefix(o.URL, "sqlite:"), ".db") + fmt.Sprintf(".before-v%d.db", newest)
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy %s: %v, %v; want a file of mode 0600", name, info, err)
	}
	p, err := sql.Open("sqlite3", name)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var version, n int
	if err := p.QueryRow("SELECT (SELECT max(version_id) FROM goose_db_version), n FROM revision").Scan(&version, &n); err != nil || version != 1 || n != 77 {
		t.Errorf("the copy has version %d, revision %d, %v; want 1 and 77", version, n, err)
	}
}

// firstSchema makes the tables anew as the first migration leaves them.
func firstSchema(t *testing.T) (statements []string) {
	t.Helper()
	files, err := filepath.Glob("migrations/sqlite/*.sql")
	if err != nil || len(files) < 2 {
		t.Fatalf("Glob = %q, %v", files, err)
	}
	var first string
	for _, file := range slices.Backward(files) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first = string(text)
		for _, m := range regexp.MustCompile(`(?m)^CREATE (?:VIRTUAL )?TABLE (\w+)`).FindAllSubmatch(text, -1) {
			statements = append(statements, "DROP TABLE IF EXISTS "+string(m[1]))
		}
	}
	return append(statements, first, "DELETE FROM goose_db_version WHERE version_id > 1")
}

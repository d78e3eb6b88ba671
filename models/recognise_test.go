package models_test

import (
	"bytes"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// listing is every file of a folder with its mode and bytes.
func listing(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		all[d.Name()] = info.Mode().String() + " " + string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFileOfAnotherProgramIsRefusedAndStaysAsItIs(t *testing.T) {
	for name, statements := range map[string][]string{
		"one table":                     {"CREATE TABLE foo (a)"},
		"a table, write-ahead log":      {"PRAGMA journal_mode = WAL", "CREATE TABLE foo (a)"},
		"a view":                        {"CREATE VIEW foo AS SELECT 1"},
		"another program's migrations":  {"CREATE TABLE goose_db_version (id INTEGER, version_id INTEGER, is_applied INTEGER)", "CREATE TABLE foo (a)"},
		"a table that is named as ours": {"CREATE TABLE revision (id INTEGER)"},
		"no database":                   nil,
	} {
		for _, migrate := range []bool{true, false} {
			folder := t.TempDir()
			file := filepath.Join(folder, "s.db")
			o := modelstest.Options("sqlite:" + file)
			o.Migrate = migrate
			if statements == nil {
				if err := os.WriteFile(file, []byte(strings.Repeat("these are notes\n", 100)), 0o644); err != nil {
					t.Fatal(err)
				}
			} else {
				raw(t, o.URL, statements...)
				if err := os.Chmod(file, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			before := listing(t, folder)
			db, err := models.Open(t.Context(), o)
			if err == nil {
				db.Close()
			}
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "SWITCHYARD_DATABASE") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: Open(Migrate: %t) = %v; want one sentence that names the file and what to do", name, migrate, err)
			}
			after := listing(t, folder)
			for n, was := range before {
				if after[n] != was {
					t.Errorf("%s: Open(Migrate: %t) changed %s", name, migrate, n)
				}
			}
			for n := range after {
				if _, was := before[n]; !was && !strings.HasSuffix(n, "-shm") && !strings.HasSuffix(n, "-wal") {
					t.Errorf("%s: Open(Migrate: %t) left %s", name, migrate, n)
				}
			}
		}
	}
}

func TestAnEmptyFileBecomesADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "s.db")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	o := modelstest.Options("sqlite:" + file)
	o.Migrate = false
	if _, err := models.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "start the server") {
		t.Errorf("Open(empty file, no migration) = %v; want it refused", err)
	}
	if b, err := os.ReadFile(file); err != nil || len(b) != 0 {
		t.Errorf("after a command the empty file has %d bytes, %v; want 0", len(b), err)
	}
	o.Migrate = true
	db, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file = %v, %v; want 0600", info.Mode(), err)
	}
}

func TestOurFilesAreTightenedWhenTheyAreOpened(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t)) // keeps -wal and -shm in place
	file := strings.TrimPrefix(db.URL, "sqlite:")
	names := []string{file, file + "-wal", file + "-shm"}
	for _, name := range names {
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := modelstest.Options(db.URL)
	o.Migrate = false
	beside, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode of %s = %v, %v; want 0600", name, info.Mode(), err)
		}
	}
}

func TestOpeningAnExistingDatabaseWritesNoPragma(t *testing.T) {
	o := closed(t)
	file := strings.TrimPrefix(o.URL, "sqlite:")
	header := func() []byte {
		t.Helper()
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return b[:100]
	}
	before := header()
	o.Migrate = false
	for range 3 {
		db, err := models.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(header(), before) { // it counts the writes
		t.Error("opening and closing changed the file's header")
	}
}

func TestADatabaseThatWasCopiedIsPutBackIntoWriteAheadLog(t *testing.T) {
	o := closed(t)
	raw(t, o.URL, "PRAGMA journal_mode = DELETE")
	db, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	p, err := sql.Open("sqlite3", strings.TrimPrefix(o.URL, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var mode string
	if err := p.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal_mode = %q, %v; want wal", mode, err)
	}
}

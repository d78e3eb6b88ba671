package models_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// openWith opens the database in dir with that master key (nil: from the file) and closes it.
func openWith(t *testing.T, dir string, key []byte) error {
	t.Helper()
	o := modelstest.Options("sqlite:" + filepath.Join(dir, "switchyard.db"))
	o.MasterKey = key
	db, err := models.Open(t.Context(), o)
	if err != nil {
		return err
	}
	return db.Close()
}

func TestMasterKeyIsMadeAtTheFirstStartAndUsedAfter(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "master.key")
	for _, start := range []string{"first", "second"} {
		if err := openWith(t, dir, nil); err != nil {
			t.Fatalf("%s start = %v", start, err)
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("Stat(master.key) = %v, %v; want mode 0600", info.Mode(), err)
	}
}

func TestStartWithoutTheRightMasterKeySaysWhatToDo(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		spoil      func(file string) error
	}{
		{"missing", "is missing", os.Remove},
		{"another", "is not the master key", func(f string) error {
			return os.WriteFile(f, []byte("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"), 0o600)
		}},
		{"no base64", "does not hold a master key", func(f string) error { return os.WriteFile(f, []byte("?"), 0o600) }},
		{"short", "does not hold a master key", func(f string) error { return os.WriteFile(f, []byte("AQEB"), 0o600) }},
		{"readable by all", "chmod 600", func(f string) error { return os.Chmod(f, 0o644) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := openWith(t, dir, nil); err != nil {
				t.Fatal(err)
			}
			if err := tt.spoil(filepath.Join(dir, "master.key")); err != nil {
				t.Fatal(err)
			}
			err := openWith(t, dir, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("Open = %v; want one sentence with %q", err, tt.want)
			}
			if tt.name == "missing" {
				if _, err := os.Stat(filepath.Join(dir, "master.key")); err == nil {
					t.Error("a new master key was made beside a database that holds sealed values")
				}
			}
		})
	}
}

func TestGivenMasterKeyMustBeTheOneBefore(t *testing.T) {
	dir := t.TempDir()
	one, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	if err := openWith(t, dir, one); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "master.key")); err == nil {
		t.Error("master.key was made although a key was given")
	}
	if err := openWith(t, dir, one); err != nil {
		t.Errorf("Open with the same key = %v", err)
	}
	if err := openWith(t, dir, other); err == nil || !strings.Contains(err.Error(), "is not the master key") {
		t.Errorf("Open with another key = %v; want a sentence", err)
	}
}

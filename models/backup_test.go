package models_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// namesIn are the files of a folder, without locks.
func namesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if !strings.HasSuffix(f.Name(), ".lock") {
			names = append(names, f.Name())
		}
	}
	return names
}

// backedUp is a SQLite database with something of everything, and a backup of it.
func backedUp(t *testing.T) (*modelstest.DB, models.Backup) {
	t.Helper()
	return backedUpAt(t, modelstest.SQLiteURL(t), t.TempDir())
}

func backedUpAt(t *testing.T, url, folder string) (*modelstest.DB, models.Backup) {
	t.Helper()
	db := modelstest.OpenAt(t, url)
	fillForCheck(t, db)
	b, err := db.Backup(t.Context(), folder)
	if err != nil {
		t.Fatalf("Backup = %v", err)
	}
	return db, b
}

// backedUpAndStopped is a database with two flows that nobody has open, and a backup of it with the first one.
func backedUpAndStopped(t *testing.T) (url string, b models.Backup) {
	t.Helper()
	url = modelstest.SQLiteURL(t)
	folder := t.TempDir()
	t.Run("fill", func(t *testing.T) { // which closes it
		db, made := backedUpAt(t, url, folder)
		db.NewFlow("later")
		b = made
	})
	return url, b
}

// flowsOf counts those of a database that nobody has open, and closes it again.
func flowsOf(t *testing.T, url string) (n int) {
	t.Helper()
	t.Run("look", func(t *testing.T) {
		db := modelstest.OpenAt(t, url)
		n = count(t, db, "SELECT count(*) FROM flows")
		if broken, text := checked(t, db); broken != 0 {
			t.Errorf("Check of %s:\n%s", url, text)
		}
	})
	return n
}

func TestABackupIsWholeAndNotedAndItsOwnersAlone(t *testing.T) {
	db, b := backedUp(t)
	if got := namesIn(t, filepath.Dir(b.File)); len(got) != 1 || got[0] != "switchyard-20261120T100000Z.db" {
		t.Errorf("the folder holds %q; want one file named by the time", got)
	}
	raw, err := os.ReadFile(b.File)
	sum := sha256.Sum256(raw)
	if err != nil || int64(len(raw)) != b.Bytes || hex.EncodeToString(sum[:]) != b.SHA256 {
		t.Errorf("Backup = %+v; want size and SHA-256 of the file, %d and %x", b, len(raw), sum)
	}
	if info, err := os.Stat(b.File); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("Stat(backup) = %v, %v; want mode 0600", info, err)
	}
	db.Advance(3 * time.Hour)
	at, size, known, err := db.LastBackup(t.Context())
	if err != nil || !known || size != b.Bytes || db.Now().Sub(at.Time) != 3*time.Hour {
		t.Errorf("LastBackup = %v, %d, %t, %v; want %d bytes 3 hours ago", at, size, known, err, b.Bytes)
	}
	copied := modelstest.OpenAt(t, "sqlite:"+b.File)
	if broken, text := checked(t, copied); broken != 0 {
		t.Errorf("Check of the backup:\n%s", text)
	}
	if was, is := count(t, db, "SELECT count(*) FROM answers"), count(t, copied, "SELECT count(*) FROM answers"); was == 0 || was != is {
		t.Errorf("the backup has %d answers; want %d", is, was)
	}
	rows, head, err := copied.VerifyAudit(t.Context())
	if err != nil || rows != b.AuditRows || head != b.AuditHead {
		t.Errorf("Backup told %d rows of the audit log and %s; the copy has %d, %s, %v", b.AuditRows, b.AuditHead, rows, head, err)
	}
}

func TestABackupReplacesNothing(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t))
	file := filepath.Join(t.TempDir(), "mine.db")
	if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := db.Backup(t.Context(), file)
	if raw, _ := os.ReadFile(file); err == nil || !strings.Contains(err.Error(), "is there already") || string(raw) != "mine" {
		t.Errorf("Backup over a file = %v, and the file is %q; want it refused", err, raw)
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t))
	folder := t.TempDir()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if b, err := db.Backup(ended, folder); err == nil || len(namesIn(t, folder)) != 0 {
		t.Errorf("Backup that is interrupted = %+v, %v, leaves %q; want an error and nothing", b, err, namesIn(t, folder))
	}
	damage(t, db)
	b, err := db.Backup(t.Context(), folder)
	if err == nil || !strings.Contains(err.Error(), "is damaged") || len(namesIn(t, folder)) != 0 {
		t.Errorf("Backup of what is damaged = %+v, %v, leaves %q; want an error and nothing", b, err, namesIn(t, folder))
	}
	if at, _, _, err := db.LastBackup(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("LastBackup after failures = %v, %v; want none", at, err)
	}
}

// damage writes what integrity_check finds.
func damage(t *testing.T, db *modelstest.DB) {
	t.Helper()
	raw(t, db.URL, `PRAGMA ignore_check_constraints = ON; INSERT INTO deliveries (source, received_at, sha256, state, body) VALUES ('meta', 1, x'00', 'odd', '')`)
}

func TestAPartThatAKilledBackupLeftIsTakenOver(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t))
	file := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(file+".part", []byte(strings.Repeat("left", 1<<20)), 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := db.Backup(t.Context(), file)
	info, statErr := os.Stat(file)
	if err != nil || statErr != nil || info.Mode().Perm() != 0o600 || b.Bytes != info.Size() || len(namesIn(t, filepath.Dir(file))) != 1 {
		t.Errorf("Backup over a part = %+v, %v; file %v, %v; want one whole file", b, err, info, statErr)
	}
}

func TestPostgreSQLHasItsOwnToolsForCopies(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.PostgresURL(t))
	if _, err := db.Backup(t.Context(), t.TempDir()); !errors.Is(err, models.ErrOwnTools) {
		t.Errorf("Backup of PostgreSQL = %v; want ErrOwnTools", err)
	}
	if _, err := models.Restore(t.Context(), models.RestoreOptions{URL: db.URL, File: "a.db", Now: time.Now}); !errors.Is(err, models.ErrOwnTools) {
		t.Errorf("Restore of PostgreSQL = %v; want ErrOwnTools", err)
	}
	if _, _, known, err := db.LastBackup(t.Context()); known || err != nil {
		t.Errorf("LastBackup of PostgreSQL = %t, %v; want it unknown", known, err)
	}
}

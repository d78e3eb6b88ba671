package models_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// restoreTo puts a backup in the place of a database, with the key and the clock of tests.
func restoreTo(t *testing.T, url, file string) (models.Restored, error) {
	t.Helper()
	o := modelstest.Options(url)
	return models.Restore(t.Context(), models.RestoreOptions{URL: url, MasterKey: o.MasterKey, File: file, Now: modelstest.Start.Local})
}

func TestARestoreKeepsWhatWasThereAndTheBackup(t *testing.T) {
	url, b := backedUpAndStopped(t)
	r, err := restoreTo(t, url, b.File)
	if err != nil || r.SHA256 != b.SHA256 || r.Bytes != b.Bytes || r.AuditHead != b.AuditHead || !r.Newest.Equal(modelstest.Start) {
		t.Fatalf("Restore = %+v, %v; want what Backup told, %+v", r, err, b)
	}
	if want := strings.TrimSuffix(r.File, ".db") + ".before-20261120T100000Z.db"; r.Before != want {
		t.Errorf("Restore keeps the old database as %s; want %s", r.Before, want)
	}
	if names := namesIn(t, filepath.Dir(r.File)); len(names) != 2 {
		t.Errorf("the folder holds %q; want the database and the one of before", names)
	}
	if info, err := os.Stat(r.File); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("Stat(database) = %v, %v; want mode 0600", info, err)
	}
	for url, flows := range map[string]int{url: 1, "sqlite:" + r.Before: 2, "sqlite:" + b.File: 1} {
		if n := flowsOf(t, url); n != flows {
			t.Errorf("%s has %d flows; want %d", url, n, flows)
		}
	}
}

func TestARestoreMakesADatabaseWhereNoneIs(t *testing.T) {
	db, b := backedUp(t)
	url := "sqlite:" + filepath.Join(t.TempDir(), "new", "switchyard.db")
	r, err := restoreTo(t, url, b.File)
	if err != nil || r.Before != "" {
		t.Fatalf("Restore into a new folder = %+v, %v; want it there", r, err)
	}
	is := modelstest.OpenAt(t, url)
	if was, is := count(t, db, "SELECT count(*) FROM responses"), count(t, is, "SELECT count(*) FROM responses"); was != is {
		t.Errorf("restored are %d responses; want %d", is, was)
	}
}

// TestARestoreMovesTheLogOfTheOldDatabaseWithIt: a log that stayed would be taken for the new one's, and rows that were
// acknowledged are perhaps in the log only.
func TestARestoreMovesTheLogOfTheOldDatabaseWithIt(t *testing.T) {
	db, b := backedUp(t)
	db.NewFlow("later")
	for _, damaged := range []bool{false, true} {
		folder := t.TempDir() // as a killed server leaves it
		crashed := filepath.Join(folder, "switchyard.db")
		for _, side := range []string{"", "-wal"} {
			raw, err := os.ReadFile(strings.TrimPrefix(db.URL, "sqlite:") + side)
			if err != nil || len(raw) == 0 {
				t.Fatalf("the open database has no %q: %v", side, err)
			}
			if damaged && side == "" {
				copy(raw, "no database any more")
			}
			if err := os.WriteFile(crashed+side, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r, err := restoreTo(t, "sqlite:"+crashed, b.File)
		if err != nil {
			t.Fatalf("Restore over a killed server's database (damaged: %t) = %v", damaged, err)
		}
		if n := count(t, modelstest.OpenAt(t, "sqlite:"+crashed), "SELECT count(*) FROM flows"); n != 1 {
			t.Errorf("the restored database (old one damaged: %t) has %d flows; want 1", damaged, n)
		}
		if !damaged {
			if n := count(t, modelstest.OpenAt(t, "sqlite:"+r.Before), "SELECT count(*) FROM flows"); n != 2 {
				t.Errorf("the database of before has %d flows; want 2, one of them from its log", n)
			}
		}
	}
}

func TestARestoreThatIsRefusedChangesNothing(t *testing.T) {
	_, b := backedUp(t)
	whole, err := os.ReadFile(b.File)
	if err != nil {
		t.Fatal(err)
	}
	url := modelstest.SQLiteURL(t)
	t.Run("make", func(t *testing.T) { modelstest.OpenAt(t, url) })
	database := strings.TrimPrefix(url, "sqlite:")
	was, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(statements ...string) func(string) {
		return func(file string) { raw(t, "sqlite:"+file, statements...) }
	}
	for _, tt := range []struct {
		name   string
		change func(file string)
		want   string
	}{
		{"nothing", func(file string) { os.Remove(file) }, "there is no file"},
		{"a folder", func(file string) { os.Remove(file); os.Mkdir(file, 0o700) }, "is not a file"},
		{"text", func(file string) { os.WriteFile(file, bytes.Repeat([]byte("text"), 4096), 0o600) }, "is not a database"},
		{"empty", func(file string) { os.WriteFile(file, nil, 0o600) }, "is not a backup of Switchyard"},
		{"half", func(file string) { os.Truncate(file, int64(len(whole)/2)) }, "damaged"},
		{"page", func(file string) {
			page := bytes.Clone(whole)
			copy(page[4*8192:], bytes.Repeat([]byte{0xff}, 64))
			os.WriteFile(file, page, 0o600)
		}, "the backup is"},
		{"another's", changed("DROP TABLE revision"), "is not a backup of Switchyard"},
		{"newer", changed("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"), "schema version 9999"},
		{"half a copy", changed("INSERT INTO copying (name, source) VALUES ('flows', 'x')"), "run switchyard copy again"},
		{"no key", changed("DELETE FROM master_check"), "never started whole"},
		{"audit", changed("DROP TRIGGER audit_no_update", "UPDATE audit SET ip = 'x' WHERE id = 2"), "audit log: row 2"},
		{"sealed", changed("UPDATE settings SET sealed = 'v1.x' WHERE sealed <> ''"), "do not open"},
		{"check", changed("PRAGMA ignore_check_constraints = ON; UPDATE visits SET outcome = 'odd'"), "CHECK constraint failed"},
		{"live", func(file string) { os.WriteFile(file+"-wal", []byte("log"), 0o600) }, "is no backup but the database of a server"},
	} {
		file := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		tt.change(file)
		_, err := restoreTo(t, url, file)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Restore of %s = %v; want one sentence with %q", tt.name, err, tt.want)
		}
		if is, err := os.ReadFile(database); err != nil || !bytes.Equal(is, was) || len(namesIn(t, filepath.Dir(database))) != 1 {
			t.Errorf("after Restore of %s the folder holds %q, %v; want the database as it was", tt.name, namesIn(t, filepath.Dir(database)), err)
		}
	}
	if _, err := restoreTo(t, url, database); err == nil || !strings.Contains(err.Error(), "is the database itself") {
		t.Errorf("Restore of the database itself = %v; want it refused", err)
	}
}

func TestARestoreWithoutItsMasterKeyFailsLoudlyAndMakesNone(t *testing.T) {
	_, b := backedUp(t)
	folder := t.TempDir()
	o := models.RestoreOptions{URL: "sqlite:" + filepath.Join(folder, "switchyard.db"), File: b.File, Now: modelstest.Start.Local}
	if _, err := models.Restore(t.Context(), o); err == nil || !strings.Contains(err.Error(), "master.key is missing") {
		t.Errorf("Restore without master key = %v; want it named", err)
	}
	o.MasterKey = bytes.Repeat([]byte{8}, 32)
	if _, err := models.Restore(t.Context(), o); err == nil || !strings.Contains(err.Error(), "is not the master key") {
		t.Errorf("Restore with another master key = %v; want it refused", err)
	}
	if names := namesIn(t, folder); len(names) != 0 {
		t.Errorf("the folder holds %q; want nothing", names)
	}
}

// TestARestoredDatabaseIsItsOwners also when root restores it, as here it may; else there is one owner only.
func TestARestoredDatabaseIsItsOwners(t *testing.T) {
	_, b := backedUp(t)
	folder := t.TempDir()
	owner := os.Getuid()
	if owner == 0 {
		owner = 12345
		if err := os.Chown(folder, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second time over the first one's
		if _, err := restoreTo(t, "sqlite:"+filepath.Join(folder, "a.db"), b.File); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a.db", "a.db.lock"} {
			info, err := os.Stat(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			if is := info.Sys().(*syscall.Stat_t).Uid; int(is) != owner {
				t.Errorf("%s belongs to %d after Restore; want %d", name, is, owner)
			}
		}
	}
}

func TestARestoreIsRefusedBesideAServer(t *testing.T) {
	db, b := backedUp(t)
	defer serves(t, db.URL)()
	if _, err := restoreTo(t, db.URL, b.File); err == nil || !strings.Contains(err.Error(), "stop it first") || strings.Contains(err.Error(), "\n") {
		t.Errorf("Restore beside a server = %v; want one sentence", err)
	}
}

// TestARestoreThatWasCutOffIsDoneAgain: the states in which a crash can leave the folder, before the new name is there.
func TestARestoreThatWasCutOffIsDoneAgain(t *testing.T) {
	url, b := backedUpAndStopped(t)
	file := strings.TrimPrefix(url, "sqlite:")
	if err := os.WriteFile(file+".restoring", []byte("half of a backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := strings.TrimSuffix(file, ".db") + ".before-20261120T100000Z.db"
	if err := os.Link(file, before); err != nil {
		t.Fatal(err)
	}
	if n := flowsOf(t, url); n != 2 {
		t.Errorf("after a crash the database has %d flows; want 2, the old one", n)
	}
	r, err := restoreTo(t, url, b.File)
	if err != nil || r.Before == before {
		t.Fatalf("Restore after a crash = %+v, %v; want another name for the old one", r, err)
	}
	if n := flowsOf(t, url); n != 1 {
		t.Errorf("after the second restore the database has %d flows; want 1", n)
	}
}

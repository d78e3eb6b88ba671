package models_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestATargetThatIsNotEmptyStaysAsItIs(t *testing.T) {
	from := modelstest.SQLiteURL(t)
	beside(t, from)
	for _, engine := range []string{"sqlite", "postgres"} {
		to := newURL(t, engine)
		beside(t, to).NewFlow("mine")
		_, err := models.Copy(t.Context(), models.CopyOptions{From: from, To: to})
		if err == nil || !strings.Contains(err.Error(), "is not empty (1 row in its table audit)") || strings.Contains(err.Error(), "\n") {
			t.Errorf("Copy into a filled %s = %v; want one sentence with a table and its count", engine, err)
		}
		db, err := models.Open(t.Context(), modelstest.Options(to))
		if err != nil {
			t.Fatalf("Open after the refusal = %v", err)
		}
		if flows, err := db.Flows(t.Context()); err != nil || len(flows) != 1 {
			t.Errorf("Flows after the refusal = %v, %v; want the one that was there", flows, err)
		}
		db.Close()
	}
}

func TestACopyAndAServerKeepOutOfEachOthersWay(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		from, to := newURL(t, engine), newURL(t, engine)
		db := beside(t, from)
		db.NewResponse().Save()
		for _, at := range []string{from, to} {
			leave := serves(t, at)
			_, err := models.Copy(t.Context(), models.CopyOptions{From: from, To: to})
			if err == nil || !strings.Contains(err.Error(), "a server or another copy runs on") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: Copy beside a server = %v; want one sentence", engine, err)
			}
			leave()
			if at == to {
				to = newURL(t, engine) // a server has made it its own
			}
		}
		asked := false
		mustCopy(t, models.CopyOptions{From: from, To: to, Progress: func(models.CopyProgress) {
			if asked {
				return
			}
			asked = true
			for _, at := range []string{from, to} {
				if held(t, at) {
					continue
				}
				t.Errorf("%s: a server may run on %s during the copy; want it kept out", engine, at)
			}
			if _, err := models.Copy(t.Context(), models.CopyOptions{From: from, To: newURL(t, "sqlite")}); err == nil {
				t.Errorf("%s: a second copy beside the first = nil; want it refused", engine)
			}
		}})
		if !asked {
			t.Errorf("%s: Copy told no progress", engine)
		}
	}
}

// serves does what keeps others out while a server runs.
func serves(t *testing.T, url string) (leave func()) {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		f, err := os.OpenFile(file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
		if err == nil {
			err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		}
		if err != nil {
			t.Fatal(err)
		}
		return func() { f.Close() }
	}
	db, err := models.Open(t.Context(), modelstest.Options(url))
	if err != nil {
		t.Fatal(err)
	}
	return func() { db.Close() }
}

// held tells whether a server would be kept out.
func held(t *testing.T, url string) bool {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		f, err := os.OpenFile(file+".lock", os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK)
	}
	db, err := models.Open(t.Context(), modelstest.Options(url))
	if err == nil {
		db.Close()
	}
	return err != nil && strings.Contains(err.Error(), "copy into this database is under way")
}

func TestWhatCannotBeCopiedIsToldInOneSentence(t *testing.T) {
	from, foreign, none, old := modelstest.SQLiteURL(t), modelstest.SQLiteURL(t), modelstest.SQLiteURL(t), modelstest.SQLiteURL(t)
	beside(t, from)
	beside(t, old)
	raw(t, foreign, "CREATE TABLE shop (id INTEGER)")
	raw(t, old, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	twice := modelstest.PostgresURL(t)
	beside(t, twice)
	away := "postgres://ada:hunter22@127.0.0.1:1/x"
	for _, tt := range []struct{ name, from, to, want string }{
		{"no source", none, modelstest.SQLiteURL(t), ".db; correct --from"},
		{"a folder", "sqlite:" + t.TempDir(), modelstest.SQLiteURL(t), "is a folder; name a file in it in --from"},
		{"a new database of PostgreSQL", modelstest.PostgresURL(t), modelstest.SQLiteURL(t), "is empty; there is nothing to copy"},
		{"itself in another spelling", twice, twice + "&application_name=again", "unless --from and --to name the same database"},
		{"source of another program", foreign, modelstest.SQLiteURL(t), "another program"},
		{"target of another program", from, foreign, "another program"},
		{"newer source", old, modelstest.SQLiteURL(t), "9999"},
		{"newer target", from, old, "start a newer switchyard"},
		{"itself", from, from, "the same database"},
		{"no engine", from, "mysql://ada:hunter22@x/y", "sqlite:PATH"},
		{"unreachable source", away, modelstest.SQLiteURL(t), "correct --from"},
		{"unreachable target", from, away, "correct --to"},
	} {
		_, err := models.Copy(t.Context(), models.CopyOptions{From: tt.from, To: tt.to})
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%s: Copy = %v; want one sentence with %q and no password", tt.name, err, tt.want)
		}
	}
	if _, err := os.Stat(strings.TrimPrefix(none, "sqlite:")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the source that is not there: %v; want it not made", err)
	}
}

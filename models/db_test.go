package models_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

func TestTheEngineIsNewEnough(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		engine, schema, size, err := db.Version(t.Context())
		if err != nil || schema < 2 || size < 8192 {
			t.Errorf("%s: Version() = %q, %d, %d, %v", name, engine, schema, size, err)
		}
		var major, minor, patch int
		switch name {
		case "sqlite":
			if _, err := fmt.Sscanf(engine, "SQLite %d.%d.%d", &major, &minor, &patch); err != nil {
				t.Fatalf("Version() = %q: %v", engine, err)
			}
			if major*1_000_000+minor*1_000+patch < 3_051_003 {
				t.Errorf("Version() = %q; want 3.51.3 or later: older ones can damage the file", engine)
			}
		case "postgres":
			if _, err := fmt.Sscanf(engine, "PostgreSQL %d.%d", &major, &minor); err != nil || major < 14 {
				t.Errorf("Version() = %q, %v; want 14 or later", engine, err)
			}
		}
	}
}

func TestProbeFreeCheckpoint(t *testing.T) {
	for name, url := range modelstest.Stores(t) {
		db := modelstest.OpenAt(t, url)
		for range 2 {
			if d, err := db.Probe(t.Context()); err != nil || d <= 0 || d > 10*time.Second {
				t.Errorf("%s: Probe() = %v, %v", name, d, err)
			}
		}
		// What PostgreSQL's disk has free nobody here knows.
		if free, total, err := db.Free(); err != nil || free > total || (free == 0) != (name == "postgres") {
			t.Errorf("%s: Free() = %d, %d, %v", name, free, total, err)
		}
		if err := db.Checkpoint(t.Context()); err != nil {
			t.Errorf("%s: Checkpoint() = %v", name, err)
		}
	}
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data", "deep")
	o := modelstest.Options("sqlite:" + filepath.Join(folder, "s.db"))
	o.MasterKey = nil
	db, err := models.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]fs.FileMode{}
	for _, dir := range []string{folder, filepath.Dir(folder)} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode of %s = %v, %v; want 0700", dir, info.Mode().Perm(), err)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		seen[e.Name()] = info.Mode().Perm()
	}
	for _, name := range []string{"s.db", "s.db-wal", "s.db-shm", "master.key"} {
		if seen[name] != 0o600 {
			t.Errorf("mode of %s = %v; want 0600", name, seen[name])
		}
	}
}

func TestADamagedFileIsRefused(t *testing.T) {
	o := closed(t)
	file := strings.TrimPrefix(o.URL, "sqlite:")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8192; i < len(b); i += 8192 { // every page but the first loses its header
		copy(b[i:], bytes.Repeat([]byte{0xAA}, 64))
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := models.Open(t.Context(), o); err == nil {
		t.Error("Open(damaged file) = nil; want an error")
	}
}

func TestAPathWithOddCharactersIsTheFileThatIsMeant(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b?c%20d#é.db")
	db, err := models.Open(t.Context(), modelstest.Options("sqlite:"+file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() < 8192 {
		t.Errorf("Stat(%s) = %v, %v; want the database there", file, info, err)
	}
}

func TestAnEndedContextIsReturned(t *testing.T) {
	db := modelstest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.StoreDeliveries(ctx, []models.Delivery{{Source: "meta", Body: []byte("x")}}); err == nil {
		t.Error("StoreDeliveries with an ended context = nil; want an error")
	}
}

func TestTimeIsStoredInMicroseconds(t *testing.T) {
	var back models.Time
	for _, want := range []time.Time{{}, modelstest.Start, modelstest.Start.Add(1234567 * time.Nanosecond).Truncate(time.Microsecond)} {
		v, err := models.Time{Time: want}.Value()
		if err != nil {
			t.Fatal(err)
		}
		if err := back.Scan(v); err != nil || !back.Equal(want) || back.IsZero() != want.IsZero() {
			t.Errorf("Scan(%v) = %v, %v; want %v", v, back, err, want)
		}
	}
	if err := back.Scan("2026"); err == nil {
		t.Error(`Scan("2026") = nil; want an error`)
	}
	if b, err := (models.Time{Time: modelstest.Start}).MarshalJSON(); err != nil || string(b) != `"2026-11-20T10:00:00Z"` {
		t.Errorf("MarshalJSON() = %s, %v", b, err)
	}
}

// Without anybody who checkpoints, the writer keeps the log near its cap by itself.
func TestTheWriteAheadLogIsCapped(t *testing.T) {
	db := modelstest.OpenAt(t, modelstest.SQLiteURL(t))
	for i := range 26 { // 104 MiB
		store(t, db, models.Delivery{Source: "meta", Body: append(bytes.Repeat([]byte("x"), 4<<20), byte(i))})
	}
	info, err := os.Stat(strings.TrimPrefix(db.URL, "sqlite:") + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 80<<20 {
		t.Errorf("the write-ahead log has %d bytes; want about 64 MiB", info.Size())
	}
}

// Package modelstest is fixtures: it opens a database in a temporary folder and builds rows in it.
package modelstest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"switchyard/models"
)

// Start is what the clock of a test database shows at first.
var Start = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// A DB is a test's database with its clock and builders. Builders end the test when a row cannot be saved.
type DB struct {
	*models.DB
	URL string // to open it once more

	t      testing.TB
	offset atomic.Int64
	made   atomic.Int64 // rows built, for names that differ
}

// Open opens a new, migrated database, with the clock stopped at Start, a fixed master key and
// cheap passwords; change may alter the options first. It is closed when the test ends.
func Open(t testing.TB, change ...func(*models.Options)) *DB {
	t.Helper()
	if len(change) > 0 {
		return OpenAt(t, URL(t), change...)
	}
	return OpenAt(t, readyURL(t))
}

// OpenAt is Open of a database that may be there already: on PostgreSQL a second one on the same is like another process.
func OpenAt(t testing.TB, url string, change ...func(*models.Options)) *DB {
	t.Helper()
	db := &DB{t: t, URL: url}
	o := Options(url)
	o.Now = func() time.Time { return Start.Add(time.Duration(db.offset.Load())) }
	for _, f := range change {
		f(&o)
	}
	opened, err := models.Open(context.Background(), o)
	if err != nil {
		t.Fatalf("models.Open(%s) = %v", db.URL, err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("DB.Close() = %v", err)
		}
	})
	db.DB = opened
	return db
}

// Postgres tells whether tests run on PostgreSQL: SWITCHYARD_TEST_ENGINE=postgres.
func Postgres() bool { return os.Getenv("SWITCHYARD_TEST_ENGINE") == "postgres" }

// URL names a database that is new: a file in a temporary folder, or one on the PostgreSQL server of this process.
func URL(t testing.TB) string {
	t.Helper()
	if Postgres() {
		return PostgresURL(t)
	}
	return SQLiteURL(t)
}

// SQLiteURL names a new file in a temporary folder.
func SQLiteURL(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "switchyard.db") }

// Options are those that Open uses, with the real clock.
func Options(url string) models.Options {
	return models.Options{
		URL:       url,
		MasterKey: bytes.Repeat([]byte{7}, 32),
		Migrate:   true,
		Passwords: models.Passwords{Memory: 64, Iterations: 1},
	}
}

// Advance moves the clock.
func (db *DB) Advance(d time.Duration) { db.offset.Add(int64(d)) }

// Time is the clock's time as rows hold it.
func (db *DB) Time() models.Time { return models.Time{Time: db.Now()} }

// next numbers what is built.
func (db *DB) next() int64 { return db.made.Add(1) }

// must ends the test when what failed.
func (db *DB) must(what string, err error) {
	db.t.Helper()
	if err != nil {
		db.t.Fatalf("%s: %v", what, err)
	}
}

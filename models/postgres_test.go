package models

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"switchyard/models/modelstest/pgtest"
)

func postgresServer(t *testing.T) *pgtest.Server {
	t.Helper()
	s, err := pgtest.Shared()
	if err != nil {
		t.Fatalf("pgtest.Shared() = %v", err)
	}
	return s
}

// openPostgres is openTest on PostgreSQL, with statements run in the new database first.
func openPostgres(t *testing.T, before ...string) *DB {
	t.Helper()
	url := postgresServer(t).NewDatabase(t)
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	for _, s := range before {
		if _, err := c.Exec(t.Context(), strings.ReplaceAll(s, "THIS", c.Config().Database)); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return openURL(t, url)
}

func openURL(t *testing.T, url string) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{URL: url, MasterKey: bytes.Repeat([]byte{7}, 32), Migrate: true})
	if err != nil {
		t.Fatalf("Open(%s) = %v", url, err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return db
}

func TestOnPostgresEveryPostgresConnectionIsDurableWhateverTheServerSays(t *testing.T) {
	for name, before := range map[string][]string{
		"as the server comes":            nil,
		"off for the database":           {"ALTER DATABASE THIS SET synchronous_commit = off"},
		"local for the user in it":       {"ALTER ROLE postgres IN DATABASE THIS SET synchronous_commit = local"},
		"odd about texts, times and you": {"ALTER DATABASE THIS SET standard_conforming_strings = off", "ALTER DATABASE THIS SET TimeZone = 'Asia/Tokyo'", "ALTER DATABASE THIS SET client_encoding = 'LATIN1'"},
	} {
		db := openPostgres(t, before...)
		for pool, p := range map[string]*sql.DB{"writer": db.writer(), "reader": db.reader()} {
			holdPostgres(t, name+", "+pool, p, map[string]string{
				"synchronous_commit": "on", "TimeZone": "UTC", "standard_conforming_strings": "on", "client_encoding": "UTF8", "lock_timeout": "5s",
				"idle_in_transaction_session_timeout": "30s", "default_transaction_read_only": map[string]string{"writer": "off", "reader": "on"}[pool],
			})
		}
	}
}

// holdPostgres holds every connection of a pool against settings.
func holdPostgres(t *testing.T, name string, p *sql.DB, settings map[string]string) {
	t.Helper()
	n := p.Stats().MaxOpenConnections
	if n != postgresReaders {
		t.Errorf("%s: at most %d connections; want %d", name, n, postgresReaders)
	}
	eachConn(t, p, n, func(c *sql.Conn) {
		for setting, want := range settings {
			var got string
			if err := c.QueryRowContext(t.Context(), "SHOW "+setting).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s = %q, %v; want %q", name, setting, got, err, want)
			}
		}
	})
}

func TestOnPostgresTheURLSaysHowManyConnections(t *testing.T) {
	url := postgresServer(t).NewDatabase(t)
	db := openURL(t, url+"&pool_max_conns=5")
	if w, r := db.writer().Stats().MaxOpenConnections, db.reader().Stats().MaxOpenConnections; w != 3 || r != 2 {
		t.Errorf("pool_max_conns=5 gives %d writers and %d readers; want 3 and 2", w, r)
	}
	for _, bad := range []string{"3", "x", "1001"} {
		if _, err := Open(t.Context(), Options{URL: url + "&pool_max_conns=" + bad}); err == nil || !strings.Contains(err.Error(), "pool_max_conns") {
			t.Errorf("Open(pool_max_conns=%s) = %v; want it refused", bad, err)
		}
	}
}

func TestOnPostgresAReaderOfPostgresCannotWrite(t *testing.T) {
	db := openPostgres(t)
	for _, statement := range []string{"UPDATE revision SET n = 99 WHERE id = 1", "CREATE TABLE t (a int)", "SELECT nextval('steps_id')"} {
		if err := kindOf(db.read.Exec(statement).Error); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s on a reader = %v; want ErrReadOnly", statement, err)
		}
	}
}

func TestOnPostgresValuesAreNumberedOutsideOfQuotes(t *testing.T) {
	many := strings.Repeat("?,", 300)
	for text, want := range map[string]string{
		"SELECT 1":                                 "SELECT 1",
		"SELECT ?":                                 "SELECT $1",
		"a = ? AND b = '?' AND c = ?":              "a = $1 AND b = '?' AND c = $2",
		`a = 'it''s ?' AND "w?" = ?`:               `a = 'it''s ?' AND "w?" = $1`,
		`a = '"' AND b = ? AND c = '"'`:            `a = '"' AND b = $1 AND c = '"'`,
		`"a'b" = ? AND c = ''`:                     `"a'b" = $1 AND c = ''`,
		"UPDATE t SET a = $1 WHERE b = $2":         "UPDATE t SET a = $1 WHERE b = $2",
		"a LIKE ? ESCAPE '!' -- {\"a\": 1}\n OR ?": "a LIKE $1 ESCAPE '!' -- {\"a\": 1}\n OR $2",
		"d = é AND ?::bigint[]":                    "d = é AND $1::bigint[]",
	} {
		for range 2 { // the second time it is known
			if got := numbered(text); got != want {
				t.Errorf("numbered(%q) = %q; want %q", text, got, want)
			}
		}
	}
	if got := numbered(many); !strings.HasPrefix(got, "$1,$2,") || !strings.HasSuffix(got, ",$299,$300,") {
		t.Errorf("numbered(300 values) = %.20q…; want $1 to $300", got)
	}
}

func FuzzTextsComeBackAsTheyWereWritten(f *testing.F) {
	for _, s := range []string{"", "plain", "\x00", storedNUL, storedAs, storedAs + "\x00", storedAs + storedNUL + storedAs, "a\xffb", "\xef\xb7", "\xef\xb7\x90\xef", "é\x00ü"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kept := storable(s)
		if strings.ContainsRune(kept, 0) || !utf8.ValidString(kept) {
			t.Errorf("storable(%q) = %q, which PostgreSQL refuses", s, kept)
		}
		if got, want := asWritten(kept), strings.ToValidUTF8(s, "\uFFFD"); got != want {
			t.Errorf("asWritten(storable(%q)) = %q; want %q", s, got, want)
		}
	})
}

// What ends a connection ends neither the program nor the promise: new connections are set up as the first were.
func TestOnPostgresConnectionsThatAreMadeAnewAreSetUpToo(t *testing.T) {
	db := openPostgres(t, "ALTER DATABASE THIS SET synchronous_commit = off")
	var name string
	if err := db.reader().QueryRow("SELECT current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	if err := postgresServer(t).Exec(fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Probe(t.Context()); err != nil && !errors.Is(err, ErrUnavailable) {
		t.Errorf("Probe() when the connection was ended = %v; want nil or ErrUnavailable", err)
	}
	if _, err := db.Probe(t.Context()); err != nil {
		t.Errorf("Probe() afterwards = %v", err)
	}
	holdPostgres(t, "made anew", db.writer(), map[string]string{"synchronous_commit": "on"})
}

package models_test

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
)

func server(t *testing.T) *pgtest.Server {
	t.Helper()
	s, err := pgtest.Shared()
	if err != nil {
		t.Fatalf("pgtest.Shared() = %v", err)
	}
	return s
}

// postgresDatabase makes a database, runs statements in it (THIS is its name) and returns the name.
func postgresDatabase(t *testing.T, statements ...string) (name string) {
	t.Helper()
	u, err := url.Parse(modelstest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	name = strings.TrimPrefix(u.Path, "/")
	for _, s := range statements {
		raw(t, u.String(), strings.ReplaceAll(s, "THIS", name))
	}
	return name
}

// silent listens, takes connections and says nothing.
func silent(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func closedPort(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// older are statements after which a server says that it is of version 13.9.
var older = []string{
	"CREATE SCHEMA old",
	`CREATE FUNCTION old.current_setting(name text) RETURNS text LANGUAGE sql AS $$
		SELECT CASE name WHEN 'server_version_num' THEN '130009' WHEN 'server_version' THEN '13.9' ELSE pg_catalog.current_setting(name) END $$`,
	"ALTER DATABASE THIS SET search_path = old, pg_catalog, public",
}

func TestOnPostgresADatabaseThatCannotBeOpenedIsToldInOneSentence(t *testing.T) {
	s := server(t)
	const wrong = "n0t-the-password"
	as := func(user, password, database string) string { return s.TCPURL(user, password, database) }
	must := func(statement string) {
		t.Helper()
		if err := s.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	must("CREATE DATABASE plain_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
	t.Cleanup(func() { must("DROP DATABASE plain_ascii") })
	must("CREATE ROLE locked_out NOLOGIN")
	t.Cleanup(func() { must("DROP ROLE locked_out") })
	empty := postgresDatabase(t)
	for _, c := range []struct {
		name, url string
		want      []string
		kind      error
		writes    bool // only the server meets it, which writes
	}{
		{"nothing answers", "postgres://ada:" + wrong + "@" + silent(t) + "/x?connect_timeout=1&sslmode=disable", []string{"cannot be reached", "does not answer", "SWITCHYARD_DATABASE"}, models.ErrUnavailable, false},
		{"unknown host", "postgres://ada:" + wrong + "@nowhere.invalid/x?connect_timeout=2", []string{"nowhere.invalid:5432", "host is not known"}, models.ErrUnavailable, false},
		{"closed port", "postgres://ada:" + wrong + "@" + closedPort(t) + "/x", []string{"cannot be reached", "nothing listens there"}, models.ErrUnavailable, false},
		{"no such socket", "postgres:///x?host=/nowhere&port=1", []string{"/nowhere", "nothing listens there"}, models.ErrUnavailable, false},
		{"TLS where there is none", as("postgres", "", empty) + "&sslmode=require", []string{"TLS"}, nil, false},
		{"wrong password", as(pgtest.User, wrong, empty), []string{"password of user", pgtest.User}, nil, false},
		{"no password", as(pgtest.User, "", empty), []string{"password of user", pgtest.User}, nil, false},
		{"nobody may log in so", as("locked_out", "", empty), []string{"locked_out", "may not log in", "ALTER ROLE locked_out LOGIN"}, nil, false},
		{"no such user", as("grace", wrong, empty), []string{"grace"}, nil, false},
		{"no such database", as("postgres", "", "nowhere"), []string{`no database "nowhere"`, "createdb"}, nil, false},
		{"no rights", as(pgtest.User, pgtest.Password, postgresDatabase(t, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")),
			[]string{pgtest.User, "OWNER TO"}, nil, true},
		{"no right to connect", as(pgtest.User, pgtest.Password, postgresDatabase(t, "REVOKE CONNECT ON DATABASE THIS FROM PUBLIC")),
			[]string{pgtest.User, "permission"}, nil, false},
		{"another program's", as("postgres", "", postgresDatabase(t, "CREATE TABLE orders (id int)")), []string{"another program", "for Switchyard alone"}, nil, false},
		{"another program's migrations", as("postgres", "", postgresDatabase(t, "CREATE TABLE goose_db_version (id int, version_id bigint, is_applied boolean)", "CREATE TABLE orders (id int)")),
			[]string{"another program"}, nil, false},
		{"too old", as("postgres", "", postgresDatabase(t, older...)), []string{"13.9", "14 or later"}, nil, false},
		{"not UTF-8", as("postgres", "", "plain_ascii"), []string{"SQL_ASCII", "UTF8"}, nil, false},
		{"a replica", as("postgres", "", postgresDatabase(t, "ALTER DATABASE THIS SET default_transaction_read_only = on")),
			[]string{"takes no writes", "SWITCHYARD_DATABASE"}, models.ErrReadOnly, true},
		{"no connection left", as(pgtest.User, pgtest.Password, postgresDatabase(t, "ALTER DATABASE THIS CONNECTION LIMIT 0")),
			[]string{"no connection left", "max_connections"}, models.ErrUnavailable, false},
		{"no URL", "postgres://ada:" + wrong + "%zz@127.0.0.1/x", []string{"cannot be read", "postgres://"}, nil, false},
		{"no port", "postgres://ada:" + wrong + "@127.0.0.1:many/x", []string{"cannot be read", "postgres://"}, nil, false},
		{"an odd sslmode", "postgres://ada:" + wrong + "@127.0.0.1/x?sslmode=disabel&pool_max_conns=8", []string{"sslmode", "verify-full", "SWITCHYARD_DATABASE"}, nil, false},
		{"an odd time", "postgres://ada:" + wrong + "@127.0.0.1/x?connect_timeout=abc", []string{"connect_timeout", "seconds"}, nil, false},
		{"no such file", "postgres://ada:" + wrong + "@127.0.0.1/x?sslmode=verify-full&sslrootcert=/nope", []string{"sslrootcert", "can be read"}, nil, false},
		{"a key without its certificate", "postgres://ada:" + wrong + "@127.0.0.1/x?sslmode=require&sslkey=/nope", []string{"sslkey", "can be read"}, nil, false},
		{"a replica is asked for", "postgres://ada:" + wrong + "@127.0.0.1/x?target_session_attrs=standby", []string{"target_session_attrs", "read-write"}, nil, false},
		{"an unknown setting", as("postgres", "", empty) + "&sslmod=disable", []string{"setting sslmod in", "SWITCHYARD_DATABASE"}, nil, false},
		{"a value that is not taken", as("postgres", "", empty) + "&statement_timeout=soon", []string{"setting statement_timeout in"}, nil, false},
		{"no TLS", strings.Replace(as(pgtest.User, pgtest.Password, empty), "sslmode=disable", "sslmode=require", 1), []string{"does not speak TLS", "sslmode"}, nil, false},
		{"no password", as(pgtest.User, "", empty), []string{"asks for the password", "USER:PASSWORD"}, nil, false},
		{"no user", strings.Replace(as("", "", empty), "//@", "//", 1), []string{"names no user", "USER:PASSWORD"}, nil, false},
	} {
		for _, migrate := range []bool{true, false} {
			o := modelstest.Options(c.url)
			o.Migrate = migrate
			db, err := models.Open(t.Context(), o)
			if err == nil {
				db.Close()
				t.Errorf("%s: Open(Migrate: %t) = nil; want an error", c.name, migrate)
				continue
			}
			text := err.Error()
			if strings.ContainsAny(text, "\n") || strings.Contains(text, "SQLSTATE") || strings.Contains(text, "models:") || strings.Contains(text, "failed to connect") {
				t.Errorf("%s: Open(Migrate: %t) = %q; want one plain sentence", c.name, migrate, text)
			}
			if strings.Contains(text, wrong) || strings.Contains(text, pgtest.Password) {
				t.Errorf("%s: Open(Migrate: %t) = %q; it names the password", c.name, migrate, text)
			}
			if !migrate && c.writes {
				continue // a command does not ask for more than reading here
			}
			for _, part := range c.want {
				if !strings.Contains(text, part) {
					t.Errorf("%s: Open(Migrate: %t) = %q; want %q in it", c.name, migrate, text, part)
				}
			}
			if c.kind != nil && !errors.Is(err, c.kind) {
				t.Errorf("%s: Open() = %v; want %v", c.name, err, c.kind)
			}
		}
	}
}

func TestOnPostgresADatabaseOfAnotherProgramStaysAsItIs(t *testing.T) {
	for _, schema := range []string{"CREATE TABLE orders (id int)", "CREATE VIEW orders AS SELECT 1 AS id", "CREATE TABLE revision (id int)"} {
		name := postgresDatabase(t, schema)
		url := server(t).URL(name)
		for _, migrate := range []bool{true, false} {
			o := modelstest.Options(url)
			o.Migrate = migrate
			if db, err := models.Open(t.Context(), o); err == nil {
				db.Close()
				t.Errorf("%s: Open(Migrate: %t) = nil; want it refused", schema, migrate)
			}
		}
		if all := query(t, modelstest.SQL(t, url), "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"); len(all) != 1 {
			t.Errorf("%s: after Open the database holds %q; want it as it was", schema, all)
		}
	}
}

func TestOnPostgresTwoProcessesOpenANewPostgresDatabaseAtOnce(t *testing.T) {
	address, dir := modelstest.PostgresURL(t), t.TempDir()
	migrations := len(migrationsOf(t, "postgres"))
	t.Chdir(dir) // the master key is made in data/
	const n = 4
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			o := modelstest.Options(address)
			o.MasterKey = nil
			db, err := models.Open(t.Context(), o)
			if err == nil {
				_, err = db.Probe(t.Context())
				err = errors.Join(err, db.Close())
			}
			errs[i] = err
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Errorf("opening a new database at once = %v; want all to succeed", err)
	}
	p := modelstest.SQL(t, address)
	for text, want := range map[string]string{
		"SELECT count(*)::text FROM goose_db_version WHERE version_id > 0": fmt.Sprint(migrations),
		"SELECT count(*)::text FROM master_check":                          "1",
		"SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())": "0",
	} {
		if got := query(t, p, text)[0][0]; got != want {
			t.Errorf("%s = %s; want %s", text, got, want)
		}
	}
}

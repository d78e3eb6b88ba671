package main

import (
	"fmt"
	"hash/fnv"
	"net"
	"net/url"
	"strings"
	"testing"

	"switchyard/models/modelstest"
	"switchyard/models/modelstest/pgtest"
)

func TestOnPostgresWhatCannotBeOpenedIsToldInOneSentenceWithoutThePassword(t *testing.T) {
	server, err := pgtest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	for _, tc := range []struct {
		name, url string
		want      []string
	}{
		{"nothing listens", "postgres://ada:hush@" + free.Addr().String() + "/db", []string{free.Addr().String(), "cannot be reached", "SWITCHYARD_DATABASE"}},
		{"wrong password", server.TCPURL(pgtest.User, "hush", "postgres"), []string{"password", pgtest.User, "SWITCHYARD_DATABASE"}},
		{"no such database", server.URL("nowhere"), []string{`"nowhere"`, "createdb"}},
		{"no URL", "postgres://ada:hush%zz@host/db", []string{"SWITCHYARD_DATABASE", "%40"}},
		{"a wrong parameter", "postgres://ada:hush@" + free.Addr().String() + "/db?sslmode=perhaps", []string{"sslmode", "SWITCHYARD_DATABASE"}},
		{"too many connections", "postgres://ada:hush@" + free.Addr().String() + "/db?pool_max_conns=many", []string{"pool_max_conns"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, args := range [][]string{{"user", "list"}, {"serve"}} {
				vars := map[string]string{"SWITCHYARD_DATABASE": tc.url, "SWITCHYARD_MASTER_KEY": testKey, "SWITCHYARD_METRICS_LISTEN": "", "SWITCHYARD_LISTEN": "127.0.0.1:0"}
				got := call(t, vars, "", args...)
				if got.code != failed || strings.Count(got.errOut, "\n") != 1 || got.out != "" {
					t.Errorf("switchyard %q = %d, out %q, err %q; want 1 and one sentence", args, got.code, got.out, got.errOut)
				}
				for _, part := range tc.want {
					if !strings.Contains(got.errOut, part) {
						t.Errorf("switchyard %q says %q; want %q in it", args, got.errOut, part)
					}
				}
				for _, secret := range []string{"hush", pgtest.Password, "models:"} {
					if strings.Contains(got.errOut, secret) {
						t.Errorf("switchyard %q says %q; want no %q in it", args, got.errOut, secret)
					}
				}
			}
		})
	}
}

// onDatabase runs statements on a database until the test ends.
func onDatabase(t *testing.T, url string, statements ...string) {
	t.Helper()
	other, err := modelstest.SQL(t, url).Conn(t.Context())
	for _, s := range statements {
		if err == nil {
			_, err = other.ExecContext(t.Context(), s)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnPostgresWhatKeepsAServerFromStartingIsToldInOneSentence(t *testing.T) {
	server, err := pgtest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	serve := func(url string) string {
		got := call(t, map[string]string{"SWITCHYARD_DATABASE": url, "SWITCHYARD_MASTER_KEY": testKey, "SWITCHYARD_METRICS_LISTEN": "", "SWITCHYARD_LISTEN": "127.0.0.1:0"}, "", "serve")
		if got.code != failed || strings.Count(got.errOut, "\n") != 1 || strings.Contains(got.errOut, "models:") {
			t.Errorf("serve = %d %q; want 1 and one sentence", got.code, got.errOut)
		}
		return got.errOut
	}
	replica := modelstest.PostgresURL(t)
	onDatabase(t, replica, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$")
	if said := serve(replica); !strings.Contains(said, "it is a replica; name the primary") {
		t.Errorf("serve on a database that takes no writes says %q; want what to do", said)
	}
	copying := modelstest.PostgresURL(t)
	h := fnv.New64a()
	h.Write([]byte("switchyard serve"))
	onDatabase(t, copying, fmt.Sprintf("SELECT pg_advisory_lock(%d)", int64(h.Sum64())))
	if said := serve(copying); !strings.Contains(said, "start again when switchyard copy has ended") {
		t.Errorf("serve while a copy fills the database says %q; want what to do", said)
	}
	u, err := url.Parse(modelstest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	if said := serve(server.TCPURL(pgtest.User, pgtest.Password, strings.TrimPrefix(u.Path, "/"))); !strings.Contains(said, "owner of the database") {
		t.Errorf("serve as somebody without rights says %q; want what to do", said)
	}
}

func TestOnPostgresALockedDatabaseIsToldInOneSentence(t *testing.T) {
	vars := migrated(t, modelstest.PostgresURL(t))
	onDatabase(t, vars["SWITCHYARD_DATABASE"], "BEGIN; LOCK TABLE flows IN ACCESS EXCLUSIVE MODE")
	(&step{"", []string{"flow", "add", "--slug", "a"}, failed, "", "switchyard: another program is writing to the database; try again in a moment\n"}).check(t, vars)
}

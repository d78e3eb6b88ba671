package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"switchyard/models/modelstest/pgtest"
)

// query returns the one text that sql gives in the database at url.
func query(ctx context.Context, url, sql string) (text string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.Background())
	err = conn.QueryRow(ctx, sql).Scan(&text)
	return text, err
}

func expect(t *testing.T, url, sql, want string) {
	t.Helper()
	if got, err := query(t.Context(), url, sql); err != nil || got != want {
		t.Errorf("%s at %s = %q, %v; want %q", sql, url, got, err, want)
	}
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s = %v", what, err)
	}
}

func sharedServer(t *testing.T) *pgtest.Server {
	t.Helper()
	must(t, "Available()", pgtest.Available())
	s, err := pgtest.Shared()
	must(t, "Shared()", err)
	return s
}

func TestServerKeepsWhatTestsRelyOn(t *testing.T) {
	s := sharedServer(t)
	for name, want := range map[string]string{
		"synchronous_commit": "on", "fsync": "off", "server_encoding": "UTF8", "max_connections": "300",
		"listen_addresses": "127.0.0.1", "port": fmt.Sprint(s.Port),
	} {
		expect(t, s.URL("postgres"), "SHOW "+name, want)
	}
}

func TestSharedServerIsOne(t *testing.T) {
	if a, b := sharedServer(t), sharedServer(t); a != b {
		t.Errorf("Shared() twice = %s and %s; want one server", a.Dir, b.Dir)
	}
}

func TestServerOfATestStartsSoonAndLeavesNothing(t *testing.T) {
	var dir string
	var pid int
	t.Run("the test", func(t *testing.T) {
		began := time.Now()
		s := pgtest.Start(t)
		if took := time.Since(began); took > 5*time.Second { // 0.7 s on an idle machine
			t.Errorf("Start() took %v; want a few seconds at most", took)
		}
		expect(t, s.TCPURL("postgres", "", "postgres"), "SELECT current_user", "postgres")
		dir, pid = s.Dir, postmaster(t, s.Dir)
	})
	if err := trace(dir, pid); err != nil {
		t.Errorf("after the test: %v", err)
	}
}

func TestTwoServersLiveBesideEachOther(t *testing.T) {
	a, b := sharedServer(t), pgtest.Start(t)
	if a.Port == b.Port || a.Dir == b.Dir {
		t.Fatalf("two servers at %s:%d and %s:%d; want them apart", a.Dir, a.Port, b.Dir, b.Port)
	}
	must(t, "Exec(CREATE TABLE)", b.Exec("CREATE TABLE only_b (n INT)"))
	sql := "SELECT coalesce(to_regclass('only_b')::text, 'none')"
	expect(t, a.URL("postgres"), sql, "none")
	expect(t, b.URL("postgres"), sql, "only_b")
}

func TestRestartKeepsDataAndPlace(t *testing.T) {
	s := pgtest.Start(t)
	must(t, "Exec(CREATE TABLE)", s.Exec("CREATE TABLE kept (n INT)"))
	for i, mode := range []string{"immediate", "fast", "immediate"} {
		must(t, "Exec(INSERT)", s.Exec("INSERT INTO kept VALUES (1)"))
		before := postmaster(t, s.Dir)
		must(t, "Restart("+mode+")", s.Restart(mode))
		if after := postmaster(t, s.Dir); after == before {
			t.Errorf("Restart(%s) left process %d; want a new one", mode, before)
		}
		want := fmt.Sprint(i + 1)
		expect(t, s.URL("postgres"), "SELECT count(*)::text FROM kept", want)
		expect(t, s.TCPURL("postgres", "", "postgres"), "SELECT count(*)::text FROM kept", want)
	}
}

func TestCrashUnderLoadLosesNothingCommitted(t *testing.T) {
	s := pgtest.Start(t)
	must(t, "Exec(CREATE TABLE)", s.Exec("CREATE TABLE kept (n BIGINT)"))
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	var committed atomic.Int64
	for i := range 4 {
		url := []string{s.URL("postgres"), s.TCPURL("postgres", "", "postgres")}[i%2]
		writers.Go(func() {
			for ctx.Err() == nil {
				insertUntilAnError(ctx, url, &committed)
			}
		})
	}
	for range 3 {
		for enough := committed.Load() + 50; committed.Load() < enough; {
			time.Sleep(time.Millisecond)
		}
		must(t, "Restart(immediate)", s.Restart("immediate"))
	}
	stop()
	writers.Wait()
	want := fmt.Sprint(committed.Load())
	// Also those whose answer was cut off may be there.
	expect(t, s.URL("postgres"), "SELECT (count(DISTINCT n) >= "+want+")::text FROM kept", "true")
}

func insertUntilAnError(ctx context.Context, url string, committed *atomic.Int64) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return
	}
	defer conn.Close(context.Background())
	for err == nil {
		if _, err = conn.Exec(ctx, "INSERT INTO kept VALUES ((random() * 9e18)::bigint)"); err == nil {
			committed.Add(1)
		}
	}
}

func TestRestartOfAFrozenServerThawsIt(t *testing.T) {
	s := pgtest.Start(t)
	s.Freeze()
	must(t, "Restart(immediate)", s.Restart("immediate"))
	expect(t, s.URL("postgres"), "SELECT 'here'", "here")
}

func TestRestartInNoModeIsRefused(t *testing.T) {
	if err := sharedServer(t).Restart("immediate\nfreeze"); err == nil {
		t.Error("Restart(two lines) = nil; want an error")
	}
}

func TestFrozenServerDoesNotAnswerUntilThawed(t *testing.T) {
	s := pgtest.Start(t)
	open, err := pgx.Connect(t.Context(), s.URL("postgres"))
	must(t, "Connect()", err)
	defer open.Close(context.Background())

	s.Freeze()
	answered := make(chan error, 1)
	go func() { answered <- open.Ping(context.Background()) }()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if got, err := query(ctx, s.TCPURL("postgres", "", "postgres"), "SELECT 'here'"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("new connection to a frozen server = %q, %v; want no answer in time", got, err)
	}
	select {
	case err := <-answered:
		t.Errorf("open connection to a frozen server answered with %v; want no answer", err)
	default:
	}

	s.Thaw()
	must(t, "Ping() over the open connection after Thaw()", <-answered)
	expect(t, s.URL("postgres"), "SELECT 'here'", "here")
}

func TestPasswordIsAskedOfOneUserOnly(t *testing.T) {
	s := sharedServer(t)
	expect(t, s.TCPURL(pgtest.User, pgtest.Password, "postgres"), "SELECT current_user", pgtest.User)
	for _, password := range []string{"", "wrong"} {
		_, err := query(t.Context(), s.TCPURL(pgtest.User, password, "postgres"), "SELECT 'in'")
		var refused *pgconn.PgError
		if password != "" && (!errors.As(err, &refused) || refused.Code != "28P01") || err == nil {
			t.Errorf("login of %s with password %q = %v; want it refused", pgtest.User, password, err)
		}
	}
}

func TestDatabasesOfATestAreItsOwnAndDropped(t *testing.T) {
	s := sharedServer(t)
	count := "SELECT count(*)::text FROM pg_database WHERE datname LIKE 'test_%'"
	t.Run("the test", func(t *testing.T) {
		a, b := s.NewDatabase(t), s.NewDatabase(t)
		if a == b {
			t.Errorf("NewDatabase() twice = %s; want two", a)
		}
		expect(t, s.URL("postgres"), count, "2")
		busy, err := pgx.Connect(t.Context(), a)
		must(t, "Connect()", err)
		t.Cleanup(func() { busy.Close(context.Background()) })
	})
	expect(t, s.URL("postgres"), count, "0")
}

func TestDatabaseFromATemplateHasItsTables(t *testing.T) {
	s := sharedServer(t)
	must(t, "Exec(CREATE DATABASE)", s.Exec(`CREATE DATABASE "a template"`))
	conn, err := pgx.Connect(t.Context(), s.URL("a template"))
	must(t, "Connect()", err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE said AS SELECT 'hello' AS word")
	must(t, "Exec(CREATE TABLE)", err)
	must(t, "Close()", conn.Close(t.Context()))
	expect(t, s.NewDatabaseFrom(t, "a template"), "SELECT word FROM said", "hello")
}

func TestFolderIsFoundWhereTemporaryOnesAreClosedToTheUser(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed")
	must(t, "Mkdir(closed)", os.Mkdir(closed, 0o500))
	t.Setenv("TMPDIR", closed)
	if s := pgtest.Start(t); strings.HasPrefix(s.Dir, closed) {
		t.Errorf("Start() in %s; want it elsewhere", s.Dir)
	}
}

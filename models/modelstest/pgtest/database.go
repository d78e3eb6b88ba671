package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long Exec waits: making a database under load takes its time.
const patience = time.Minute

// URL names a database of the server for the superuser, through its socket.
func (s *Server) URL(database string) string {
	q := url.Values{"host": {s.Dir}, "port": {strconv.Itoa(s.Port)}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// TCPURL names a database of the server for a user through 127.0.0.1; an empty password is left out.
func (s *Server) TCPURL(user, password, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(user, password), Host: "127.0.0.1:" + strconv.Itoa(s.Port),
		Path: "/" + database, RawQuery: "sslmode=disable",
	}
	if password == "" {
		u.User = url.User(user)
	}
	return u.String()
}

// Exec runs statements in the database postgres as the superuser.
func (s *Server) Exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// NewDatabase makes an empty database and returns its URL. It is dropped, with whoever is connected, when the test ends.
func (s *Server) NewDatabase(t testing.TB) string {
	t.Helper()
	return s.NewDatabaseFrom(t, "template1")
}

// NewDatabaseFrom is NewDatabase with a copy of the database named template, to which nobody may be connected.
func (s *Server) NewDatabaseFrom(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.made.Add(1))
	if err := s.Exec("CREATE DATABASE " + name + " TEMPLATE " + pgx.Identifier{template}.Sanitize()); err != nil {
		t.Fatalf("create a database from %s: %v", template, err)
	}
	t.Cleanup(func() {
		if err := s.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the database %s: %v", name, err)
		}
	})
	return s.URL(name)
}

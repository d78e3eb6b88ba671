package models

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// A sentence is an error as the person who starts the program may read it; what it stands for is behind it.
type sentence struct {
	text  string
	cause error
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.cause }

// address names the server without user and password.
func (e *postgresEngine) address() string {
	if strings.HasPrefix(e.config.Host, "/") {
		return e.config.Host
	}
	return net.JoinHostPort(e.config.Host, fmt.Sprint(e.config.Port))
}

// explain says in one sentence what the person who starts the program must do, when opening failed.
func (e *postgresEngine) explain(err error) error {
	say := func(format string, a ...any) error {
		return &sentence{fmt.Sprintf(format, a...), kindOfPostgres(err)}
	}
	if _, said := errors.AsType[*sentence](err); said {
		return err
	}
	code := codeOf(err)
	switch {
	case err == nil:
		return nil
	case code == "28P01":
		return say("the PostgreSQL server %s does not accept the password of user %q; correct it in SWITCHYARD_DATABASE", e.address(), e.config.User)
	case code == "28000":
		return say("the PostgreSQL server %s does not let user %q in from here; allow it in pg_hba.conf, or correct the user in SWITCHYARD_DATABASE", e.address(), e.config.User)
	case code == "3D000":
		return say("there is no database %q on the PostgreSQL server %s; make it (createdb %s) or correct SWITCHYARD_DATABASE", e.config.Database, e.address(), e.config.Database)
	case code == "42501":
		return say("user %q may not do this in the database %q: %s; make the user the owner of the database (ALTER DATABASE %s OWNER TO %s)",
			e.config.User, e.config.Database, messageOf(err), e.config.Database, e.config.User)
	case code == "25006":
		return say("the PostgreSQL server %s takes no writes: it is a replica; name the primary in SWITCHYARD_DATABASE", e.address())
	case code == "53300":
		return say("the PostgreSQL server %s has no connection left; raise its max_connections, or lower pool_max_conns in SWITCHYARD_DATABASE", e.address())
	case Unavailable(err) && code == "":
		return say("the PostgreSQL server %s cannot be reached%s; start it, or correct SWITCHYARD_DATABASE", e.address(), reachReason(err))
	case code != "":
		return say("PostgreSQL says: %s", messageOf(err))
	}
	return err
}

// reachReason is what is known about why, without what pgx says of user and database.
func reachReason(err error) string {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return ": nothing listens there"
	case errors.As(err, &dns):
		return ": the host is not known"
	case errors.As(err, &certificate):
		return ": its certificate is not trusted"
	case errors.As(err, &record), strings.Contains(err.Error(), "server refused TLS"):
		return ": it does not speak TLS as sslmode asks"
	case errors.Is(err, context.DeadlineExceeded):
		return ": it does not answer"
	}
	return ""
}

// messageOf is PostgreSQL's own message; it names tables and rights, never values.
func messageOf(err error) string {
	if bad, ok := errors.AsType[*pgconn.PgError](err); ok {
		return bad.Message
	}
	return "no reason given"
}

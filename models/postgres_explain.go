package models

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
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
	case (code == "28P01" || code == "28000") && e.noUser:
		return say("SWITCHYARD_DATABASE names no user, and the PostgreSQL server %s does not let %q in; write it as postgres://USER:PASSWORD@HOST:5432/DATABASE", e.address(), e.config.User)
	case code == "28P01" && e.config.Password == "":
		return say("the PostgreSQL server %s asks for the password of user %q; write it in SWITCHYARD_DATABASE as postgres://USER:PASSWORD@HOST:5432/DATABASE", e.address(), e.config.User)
	case code == "28P01":
		return say("the PostgreSQL server %s does not accept the password of user %q; correct it in SWITCHYARD_DATABASE", e.address(), e.config.User)
	case code == "28000" && strings.Contains(messageOf(err), "is not permitted to log in"):
		return say("user %q may not log in to the PostgreSQL server %s; allow it (ALTER ROLE %s LOGIN) or correct the user in SWITCHYARD_DATABASE", e.config.User, e.address(), e.config.User)
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
	case e.refused(err) != "":
		return say("PostgreSQL does not take the setting %s in the URL of the database; correct it in SWITCHYARD_DATABASE", e.refused(err))
	case code == "" && isNotTLS(err):
		return say("the PostgreSQL server %s does not speak TLS, which sslmode asks for; turn it on there, or correct sslmode in SWITCHYARD_DATABASE", e.address())
	case code == "" && isNotTrusted(err):
		return say("the certificate of the PostgreSQL server %s is not trusted; name its authority's file by sslrootcert in SWITCHYARD_DATABASE, or correct the host", e.address())
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
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return ": nothing listens there"
	case errors.As(err, &dns):
		return ": the host is not known"
	case errors.Is(err, context.DeadlineExceeded):
		return ": it does not answer"
	}
	return ""
}

func isNotTLS(err error) bool {
	_, record := errors.AsType[tls.RecordHeaderError](err)
	return record || strings.Contains(err.Error(), "server refused TLS")
}

func isNotTrusted(err error) bool {
	_, whole := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	return whole || authority
}

// refused is the setting of the URL that the server does not know or whose value it does not take, "" when it is none.
func (e *postgresEngine) refused(err error) string {
	if !slices.Contains([]string{"42704", "22023", "08P01"}, codeOf(err)) { // undefined, invalid value; poolers say the last
		return ""
	}
	message := strings.ToLower(messageOf(err))
	for _, name := range slices.Sorted(maps.Keys(e.config.RuntimeParams)) {
		if strings.Contains(message, strings.ToLower(name)) {
			return name
		}
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

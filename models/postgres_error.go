package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of PostgreSQL's errors (its manual, appendix A).
const (
	codeDeadlock      = "40P01"
	codeSerialisation = "40001"
	codeNoPartition   = "23514" // a row for a month that has no partition yet
	codeCancelled     = "57014" // a time limit
	codeNoMemory      = "53200" // for locks, too
)

// busyCodes are of statements that may succeed later: locks, time limits, deadlocks.
var busyCodes = []string{"55P03", codeCancelled, codeDeadlock, codeSerialisation}

// kindOfPostgres turns pgx's errors into those that callers act on.
func kindOfPostgres(err error) error {
	code := codeOf(err)
	switch {
	case err == nil, errors.Is(err, ErrUnavailable), errors.Is(err, ErrLocked), errors.Is(err, ErrReadOnly):
		return err
	case slices.Contains(busyCodes, code):
		return fmt.Errorf("%w: %w", ErrLocked, err)
	case code == "25006":
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case Unavailable(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// codeOf is the code of a PostgreSQL error, "" when it is none.
func codeOf(err error) string {
	if bad, ok := errors.AsType[*pgconn.PgError](err); ok {
		return bad.Code
	}
	return ""
}

// Unavailable tells whether an error is that the database server does not answer, or takes nothing at the moment: what
// failed may succeed later.
func Unavailable(err error) bool {
	if err == nil {
		return false
	}
	if code := codeOf(err); code != "" {
		class := code[:2]
		return class == "08" || class == "53" || strings.HasPrefix(code, "57P0") // connection, resources, shutdown
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok && !errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	return errors.Is(err, ErrUnavailable) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
}

// everywhere is all but what comes from the values that were to be written.
func (e *postgresEngine) everywhere(err error) bool {
	code := codeOf(err)
	if code == "" {
		return Unavailable(err) || errors.Is(err, sql.ErrTxDone)
	}
	return !slices.Contains([]string{"21", "22", "23", "42", "54"}, code[:2])
}

// hasNoPartition tells whether a row is of a month that has no partition. A broken CHECK has the same code, and a name.
func hasNoPartition(err error) bool {
	bad, ok := errors.AsType[*pgconn.PgError](err)
	return ok && bad.Code == codeNoPartition && bad.ConstraintName == ""
}

// tooMuch is more time or memory than a transaction may take.
func (e *postgresEngine) tooMuch(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || slices.Contains([]string{codeCancelled, codeNoMemory}, codeOf(err))
}

// again tells whether a transaction may succeed when it is run once more at once.
func again(err error) bool {
	return slices.Contains([]string{codeDeadlock, codeSerialisation}, codeOf(err))
}

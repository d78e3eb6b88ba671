package models

import (
	"context"
	"database/sql/driver"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
)

// A postgresConnector opens connections that take the SQL and the texts of this package.
type postgresConnector struct{ driver.Connector }

func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &postgresConn{conn.(*stdlib.Conn)}, nil
}

// A postgresConn is a connection of pgx that takes ? for values and keeps NUL in texts.
type postgresConn struct{ *stdlib.Conn }

// PrepareContext prepares a statement whose rows are read like those of QueryContext.
func (c *postgresConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.Conn.PrepareContext(ctx, numbered(query))
	if err != nil {
		return nil, err
	}
	return postgresStmt{s.(*stdlib.Stmt)}, nil
}

// ExecContext runs a statement.
func (c *postgresConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, numbered(query), args)
}

// QueryContext runs a statement and reads texts as they were written.
func (c *postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.QueryContext(ctx, numbered(query), args)
	return postgresRowsOf(rows, err)
}

// CheckNamedValue makes values what PostgreSQL takes. Lists go as they are.
func (c *postgresConn) CheckNamedValue(v *driver.NamedValue) (err error) {
	switch list := v.Value.(type) {
	case []string:
		v.Value = each(list, storable)
		return nil
	case []int64, []float64, []bool, [][]byte:
		return nil
	}
	if v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value); err != nil {
		return err
	}
	if text, ok := v.Value.(string); ok {
		v.Value = storable(text)
	}
	return nil
}

type postgresStmt struct{ *stdlib.Stmt }

// QueryContext is that of the connection.
func (s postgresStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.Stmt.QueryContext(ctx, args)
	return postgresRowsOf(rows, err)
}

type postgresRows struct{ *stdlib.Rows }

func postgresRowsOf(rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	return postgresRows{rows.(*stdlib.Rows)}, nil
}

// Next reads texts as they were written.
func (r postgresRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	for i, v := range row {
		if text, ok := v.(string); ok {
			row[i] = asWritten(text)
		}
	}
	return err
}

// PostgreSQL refuses NUL in texts, and JSON allows it (reliability.md §3 row 4). It is kept as the noncharacter U+FDD0;
// that one, and the one which marks it, are marked with U+FDD1.
const (
	storedNUL = "\uFDD0"
	storedAs  = "\uFDD1"
)

var (
	toStored   = strings.NewReplacer("\x00", storedNUL, storedNUL, storedAs+storedNUL, storedAs, storedAs+storedAs)
	fromStored = strings.NewReplacer(storedAs+storedNUL, storedNUL, storedAs+storedAs, storedAs, storedNUL, "\x00")
)

// storable is a text as PostgreSQL keeps it. What is no UTF-8 becomes U+FFFD.
func storable(s string) string {
	if isASCII(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return toStored.Replace(strings.ToValidUTF8(s, "\uFFFD"))
}

// asWritten undoes storable.
func asWritten(s string) string {
	if !strings.Contains(s, "\xEF\xB7") { // how both begin in UTF-8
		return s
	}
	return fromStored.Replace(s)
}

// numberedTexts are the texts seen so far: there are some hundred.
var numberedTexts sync.Map

// numbered writes $1, $2, … for ? outside of quotes. A text of GORM has them already, and no ?.
func numbered(text string) string {
	if strings.IndexByte(text, '?') < 0 {
		return text
	}
	if done, ok := numberedTexts.Load(text); ok {
		return done.(string)
	}
	var b strings.Builder
	n, quoted := 0, byte(0)
	for _, c := range []byte(text) {
		switch {
		case quoted == 0 && c == '?':
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		case quoted == 0 && (c == '\'' || c == '"'):
			quoted = c
		case c == quoted:
			quoted = 0
		}
		b.WriteByte(c)
	}
	done, _ := numberedTexts.LoadOrStore(text, b.String())
	return done.(string)
}

func each[T, U any](all []T, f func(T) U) []U {
	if len(all) == 0 {
		return nil
	}
	out := make([]U, len(all))
	for i, v := range all {
		out[i] = f(v)
	}
	return out
}

package modelstest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3" // the driver sqlite3
)

// SQL opens a database beside the program, for what no method shows and what only somebody with the file or the
// server's password could do. It takes ? for values on both engines. It is closed when the test ends.
func SQL(t testing.TB, url string) *sql.DB {
	t.Helper()
	p, err := sqlOf(url)
	if err != nil {
		t.Fatalf("open %s beside the program: %v", url, err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func sqlOf(url string) (*sql.DB, error) {
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return sql.Open("sqlite3", file)
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(numbering{stdlib.GetConnector(*config)}), nil
}

// A numbering opens connections to PostgreSQL that take ? for values.
type numbering struct{ driver.Connector }

func (n numbering) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := n.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return numberingConn{c.(*stdlib.Conn)}, nil
}

type numberingConn struct{ *stdlib.Conn }

func (c numberingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.Conn.PrepareContext(ctx, numbered(query))
}

func (c numberingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, numbered(query), args)
}

func (c numberingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.QueryContext(ctx, numbered(query), args)
}

// numbered writes $1, $2, … for ? outside of texts.
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for i, part := range strings.Split(query, "'") {
		if i > 0 {
			b.WriteByte('\'')
		}
		for j, piece := range strings.Split(part, "?") {
			switch {
			case j > 0 && i%2 == 0:
				n++
				fmt.Fprintf(&b, "$%d", n)
			case j > 0:
				b.WriteByte('?')
			}
			b.WriteString(piece)
		}
	}
	return b.String()
}

// Holds tells whether a text stands anywhere where the database keeps its rows: in the files of SQLite, or in a row of
// a table of PostgreSQL. A test that looks for what must not be there looks for something that must be, too.
func (db *DB) Holds(text string) bool {
	db.t.Helper()
	if file, ok := strings.CutPrefix(db.URL, "sqlite:"); ok {
		return filesHold(db.t, file, text)
	}
	return rowsHold(db.t, SQL(db.t, db.URL), text)
}

// Stores are URLs of a new database on each engine, by name, for tests that are about both. Where the suite runs once on
// each (SWITCHYARD_TEST_ENGINE is sqlite or postgres), it is the one of this run.
func Stores(t testing.TB) map[string]string {
	switch os.Getenv("SWITCHYARD_TEST_ENGINE") {
	case "sqlite":
		return map[string]string{"sqlite": SQLiteURL(t)}
	case "postgres":
		return map[string]string{"postgres": PostgresURL(t)}
	}
	return map[string]string{"sqlite": SQLiteURL(t), "postgres": PostgresURL(t)}
}

// Refuse makes the database refuse new rows of a table whose text column has that value.
func (db *DB) Refuse(table, column, value string) {
	db.t.Helper()
	statement := `CREATE TRIGGER refuse_` + column + ` BEFORE INSERT ON ` + table + ` WHEN new.` + column + ` = '` + value + `'
		BEGIN SELECT RAISE(ABORT, 'refused'); END`
	if !strings.HasPrefix(db.URL, "sqlite:") {
		statement = `ALTER TABLE ` + table + ` ADD CONSTRAINT refuse_` + column + ` CHECK (` + column + ` <> '` + value + `')`
	}
	p := SQL(db.t, db.URL)
	defer p.Close()
	_, err := p.Exec(statement)
	db.must(statement, err)
}

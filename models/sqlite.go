package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"

	"github.com/mattn/go-sqlite3"
)

const (
	// readers is the size of the read pool.
	readers = 4
	// walCap is the size of the write-ahead log in bytes from which each commit moves it into the file itself,
	// should the background checkpoints not keep up.
	walCap   = 64 << 20
	pageSize = 8192
)

// oldestSQLite is the first version without the WAL-reset corruption race (reliability.md §1.3).
const oldestSQLite = 3_051_003

// What every connection says in its DSN. busy_timeout is set first by the driver: setting WAL may have to wait.
const (
	dsnWrite = "?_busy_timeout=5000&_txlock=immediate&_foreign_keys=1&_synchronous=FULL&_secure_delete=1&_cache_size=-16000"
	dsnRead  = "?mode=ro&_query_only=1&_busy_timeout=5000&_foreign_keys=1&_synchronous=FULL&_cache_size=-4000"
)

// asserted are the pragmas without which an acknowledged delivery could be lost (reliability.md §5.13).
var asserted = [][2]string{{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}}

// A connector opens connections that are set up and asserted one by one, so no pooled connection differs.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// pool returns connections to file; setup runs on each before its pragmas are asserted.
func pool(file, query string, size int, setup ...string) *sql.DB {
	hook := func(c *sqlite3.SQLiteConn) error {
		for _, s := range setup {
			if _, err := c.Exec(s, nil); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return assertPragmas(c)
	}
	return open(file, query, size, hook)
}

func open(file, query string, size int, hook func(*sqlite3.SQLiteConn) error) *sql.DB {
	p := sql.OpenDB(connector{&sqlite3.SQLiteDriver{ConnectHook: hook}, fileDSN(file, query)})
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	return p
}

func fileDSN(file, query string) string {
	return "file:" + (&url.URL{Path: file}).EscapedPath() + query
}

func assertPragmas(c *sqlite3.SQLiteConn) error {
	for _, want := range asserted {
		got, err := pragma(c, want[0])
		if err != nil {
			return err
		}
		if got != want[1] {
			return fmt.Errorf("SQLite's %s is %q where %q is needed; keep the database on a local disk", want[0], got, want[1])
		}
	}
	return nil
}

func pragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	value := make([]driver.Value, 1)
	err = rows.Next(value)
	return fmt.Sprint(value[0]), errors.Join(err, rows.Close())
}

// openWriter opens the one writing connection and the checkpoint connection beside it, and checks the file.
// Its pragmas write nothing to a database that is in WAL already.
func (e *sqliteEngine) openWriter(ctx context.Context) (*sql.DB, error) {
	if _, n, _ := sqlite3.Version(); n < oldestSQLite {
		return nil, fmt.Errorf("this program was built with SQLite %d, which can damage databases; build it with 3.51.3 or later", n)
	}
	setup := []string{
		"PRAGMA journal_mode = WAL",
		fmt.Sprintf("PRAGMA journal_size_limit = %d", walCap),
	}
	writer := pool(e.file, dsnWrite, 1, append(setup, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", walCap/pageSize))...)
	e.keeper = pool(e.file, dsnWrite, 1, append(setup, "PRAGMA wal_autocheckpoint = 0")...)
	e.pools = append(e.pools, e.keeper, writer)
	if err := e.check(ctx, writer); err != nil {
		return nil, fmt.Errorf("the database %s cannot be opened: %w", e.file, err)
	}
	return writer, nil
}

func (e *sqliteEngine) openReaders(ctx context.Context) (*sql.DB, error) {
	reader := pool(e.file, dsnRead, readers)
	e.pools = append([]*sql.DB{reader}, e.pools...) // closed first: the last one to close moves the log into the file
	if err := reader.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("the database %s cannot be read: %w", e.file, err)
	}
	return reader, nil
}

// check looks for damage when the server starts, up to 1 GB: larger files would hold it up.
func (e *sqliteEngine) check(ctx context.Context, p *sql.DB) error {
	var size int64
	if err := p.QueryRowContext(ctx, sizeSQL).Scan(&size); err != nil {
		return err
	}
	if size > 1<<30 || !e.owner {
		return nil
	}
	var result string
	if err := p.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return errors.New("it is damaged; put back a backup")
	}
	return nil
}

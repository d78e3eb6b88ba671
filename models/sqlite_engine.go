package models

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// sizeSQL is the size of the database in bytes, what is still in the write-ahead log included.
const sizeSQL = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"

// A sqliteEngine is one file with one writer. Reads go to a pool of query-only connections.
type sqliteEngine struct {
	file   string // absolute
	owner  bool   // the server, not a command beside it: it may migrate, check and truncate
	pools  []*sql.DB
	keeper *sql.DB              // one connection for checkpoints, beside the writer
	inbox  map[string]*sql.Stmt // inboxSQL prepared on the writer's connection
	visits visitNumbers
}

func newSQLite(o Options) (engine, error) {
	file, err := fileOf(o.URL)
	if err != nil {
		return nil, err
	}
	return &sqliteEngine{file: file, owner: o.Migrate}, makeFile(file, o.Migrate)
}

func (e *sqliteEngine) open(ctx context.Context) (read, write *gorm.DB, err error) {
	if err := e.recognise(ctx); err != nil {
		return nil, nil, err
	}
	writer, err := e.openWriter(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := (schema{goose.DialectSQLite3, writer, e.owner, e.copyBefore}).migrate(ctx); err != nil {
		return nil, nil, err
	}
	reader, err := e.openReaders(ctx)
	if err != nil {
		return nil, nil, err
	}
	if e.inbox, err = prepareInbox(ctx, writer); err != nil {
		return nil, nil, err
	}
	if write, err = ormOver(sqlite.New(sqlite.Config{Conn: writer}), true); err != nil {
		return nil, nil, err
	}
	read, err = ormOver(sqlite.New(sqlite.Config{Conn: reader}), true)
	return read, write, err
}

// ormOver opens GORM over a pool; prepare keeps its statements prepared.
func ormOver(d gorm.Dialector, prepare bool) (*gorm.DB, error) {
	return gorm.Open(d, &gorm.Config{TranslateError: true, PrepareStmt: prepare, SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard})
}

// hold has nothing to do: SQLite makes the second process wait.
func (e *sqliteEngine) hold(_ context.Context, do func() error) error { return do() }

// close checkpoints; a command leaves that to the server beside which it may run, or to SQLite when it is the last to
// leave.
func (e *sqliteEngine) close() error {
	var errs []error
	if e.owner && len(e.pools) == 3 { // it was opened whole
		_, err := e.keeper.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, err)
	}
	for _, pool := range e.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

func (e *sqliteEngine) keyFile() string { return filepath.Join(filepath.Dir(e.file), "master.key") }

func (e *sqliteEngine) version(ctx context.Context, q querier) (string, int64, error) {
	number, _, _ := sqlite3.Version()
	var size int64
	err := q.QueryRowContext(ctx, sizeSQL).Scan(&size)
	return "SQLite " + number, size, err
}

func (e *sqliteEngine) free() (free, total uint64, err error) { return freeIn(filepath.Dir(e.file)) }

func (e *sqliteEngine) checkpoint(ctx context.Context) error {
	_, err := e.keeper.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

func (e *sqliteEngine) listen(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return nil
}

// transact needs no lock: there is one writer.
func (e *sqliteEngine) transact(ctx context.Context, write *gorm.DB, _ bool, fn func(tx *gorm.DB) error) error {
	return write.WithContext(ctx).Transaction(fn)
}

// within cannot be cancelled: for what can be, the driver waits in another thread. The transaction still ends with ctx,
// between its statements.
func (e *sqliteEngine) within(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func (e *sqliteEngine) lock(*gorm.DB, ...string) error { return nil }
func (e *sqliteEngine) share(*gorm.DB, string) error   { return nil }
func (e *sqliteEngine) exclude(*gorm.DB, string) error { return nil }
func (e *sqliteEngine) notify(*gorm.DB) error          { return nil }

func (e *sqliteEngine) dialect() dialect {
	return dialect{
		besides: "+", boundsList: true,
		beginsWithDay: `a.text GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'`, onlyDigits: `a.text NOT GLOB '*[^0-9]*'`,
		leading: ` CROSS JOIN responses r ON r.id = l.response_id`,
	}
}

// everywhere knows what ails the file, the disk or the process.
func (e *sqliteEngine) everywhere(err error) bool {
	bad, _ := errors.AsType[sqlite3.Error](err)
	switch bad.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrBusy, sqlite3.ErrLocked,
		sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return true
	}
	return false
}

// tooMuch is nothing for it: no transaction has an end that the work does not set.
func (e *sqliteEngine) tooMuch(error) bool { return false }

// due is the clock of the one machine.
func (e *sqliteEngine) due(now time.Time) time.Time { return now }

// withMonths has one table for all months.
func (e *sqliteEngine) withMonths(_ context.Context, _ []time.Time, do func() error) error {
	return do()
}

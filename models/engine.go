package models

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"
)

// An engine is what SQLite and PostgreSQL do differently. All else in this package is the same for both, its SQL written
// once, with ? for values.
type engine interface {
	// open opens the pools and brings the schema up to date, or checks that it is.
	open(ctx context.Context) (read, write *gorm.DB, err error)
	// hold runs do while no other process opens the same database.
	hold(ctx context.Context, do func() error) error
	// close ends the pools. Nothing may use the database any more.
	close() error
	// keyFile is where the master key lies when none is given.
	keyFile() string

	version(ctx context.Context, q querier) (name string, size int64, err error)
	free() (free, total uint64, err error)
	checkpoint(ctx context.Context) error
	// listen calls heard when another process changed what every process must hear of, until ctx ends.
	listen(ctx context.Context, heard func()) error

	// transact runs fn in a write transaction; alone: while no other that is alone runs.
	transact(ctx context.Context, write *gorm.DB, alone bool, fn func(tx *gorm.DB) error) error
	// within is the context of the statements of a transaction that ends with ctx.
	within(ctx context.Context) context.Context
	// lock makes other transactions that lock one of the names wait until this one ends.
	lock(tx *gorm.DB, names ...string) error
	// share waits while another transaction has excluded the name, and exclude while others share it; until this one ends.
	share(tx *gorm.DB, name string) error
	exclude(tx *gorm.DB, name string) error
	// notify tells the processes that listen, when the transaction is committed.
	notify(tx *gorm.DB) error

	// store, record, claim, load, maintain and purge are the paths where each engine has its own best way; see the methods of DB that
	// they stand behind.
	store(ctx context.Context, db *DB, ds []Delivery) error
	record(ctx context.Context, db *DB, rs []StepRecord) error
	claim(ctx context.Context, db *DB, limit int) ([]Delivery, error)
	load(ctx context.Context, writer *sql.DB, l *loading) error
	maintain(ctx context.Context, db *DB, k Keep) (Dropped, error)
	// purge makes that nothing of deleted rows is left where the engine can help it.
	purge(ctx context.Context, db *DB) error

	// withMonths runs do when there is room for rows of times, and once more if that went meanwhile.
	withMonths(ctx context.Context, times []time.Time, do func() error) error
	// due is the clock by which deliveries are due, the same in all processes.
	due(now time.Time) time.Time
	// everywhere tells whether an error would meet any row: then none is to blame.
	everywhere(err error) bool
	// tooMuch tells whether an error is that a transaction took more than it may.
	tooMuch(err error) bool

	dialect() dialect
}

// A dialect is what the engines say differently in SQL.
type dialect struct {
	postgres bool
	// besides stands before a column that must not choose the index, where another one gives the order of a list.
	// PostgreSQL decides that by its statistics.
	besides string
	// boundsList tells that a list needs a bound on the time that orders it, be it true of all rows: SQLite never takes an
	// index that answers less of a condition for cheaper, even one that is too new to have statistics.
	boundsList bool
	// forUpdate locks the rows that a SELECT finds.
	forUpdate string
	// sameMonth, after a condition on answers a of responses r, tells the partition.
	sameMonth string
	// beginsWithDay and onlyDigits tell the form of the text of answers a.
	beginsWithDay, onlyDigits string
	// leading joins responses r to l, which has response_id, in this order and by the primary key, whatever is guessed of l.
	leading string
}

// newEngine knows the engine by the URL.
func newEngine(o Options) (engine, error) {
	if isPostgres(o.URL) {
		return newPostgres(o)
	}
	return newSQLite(o)
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Version describes the engine, such as "SQLite 3.53.4", with the schema version and the size in bytes.
func (db *DB) Version(ctx context.Context) (engine string, schema int64, size int64, err error) {
	p := db.reader()
	if err = p.QueryRowContext(ctx, sqlSchemaVersion).Scan(&schema); err != nil {
		return "", 0, 0, err
	}
	engine, size, err = db.engine.version(ctx, p)
	return engine, schema, size, err
}

// Probe writes one row and tells how long it took: readiness (reliability.md §5.16).
func (db *DB) Probe(ctx context.Context) (time.Duration, error) {
	begin := time.Now() // not db.Now: a duration of this process, whatever the clock says
	err := db.alongside(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO probes (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at", db.now()).Error
	})
	return time.Since(begin), err
}

// Free is the free space in bytes of the file system that holds the database, and its size; 0 and 0 when that is on
// another machine's.
func (db *DB) Free() (free, total uint64, err error) { return db.engine.free() }

// Checkpoint moves SQLite's write-ahead log into the file, passively: it waits for nobody and nobody waits for it.
// Called each second it keeps the log small; past 64 MB the writer does it itself. PostgreSQL does its own.
func (db *DB) Checkpoint(ctx context.Context) error { return db.engine.checkpoint(ctx) }

// Listen calls heard when another process may have changed what Revision counts, until ctx ends. It is only faster than
// asking: what it misses while the connection is down must be asked for. On SQLite it never calls.
func (db *DB) Listen(ctx context.Context, heard func()) error { return db.engine.listen(ctx, heard) }

// Shared tells whether other servers may run on the same database, so that what this one holds in memory may be old.
func (db *DB) Shared() bool { return db.engine.dialect().postgres }

func (db *DB) writer() *sql.DB { return sqlDB(db.write) }
func (db *DB) reader() *sql.DB { return sqlDB(db.read) }

// sqlDB is the pool below; GORM was opened over one, so there is one.
func sqlDB(g *gorm.DB) *sql.DB {
	p, err := g.DB()
	if err != nil {
		panic(err)
	}
	return p
}

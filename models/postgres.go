package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// oldestPostgres is the first version that is tried; its number is 10000 × the major version.
const oldestPostgres = 140000

// How many connections a process opens; ?pool_max_conns=N in the URL sets another number for both pools together.
const (
	postgresReaders = 8
	postgresWriters = 8
	postgresFewest  = 4
)

// What every connection sets. A transaction that its process does not end must not hold the others up, and what is told
// to be durable must be so (reliability.md §5.13, B13).
const (
	postgresSession = `SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'; SET TimeZone = 'UTC';
		SET standard_conforming_strings = on; SET client_encoding = 'UTF8'`
	postgresReader = `; SET default_transaction_read_only = on; SET statement_timeout = '30s'`
	postgresWriter = `; SET statement_timeout = '60s'`
)

// A postgresEngine is a database that several processes may use at once.
type postgresEngine struct {
	config  *pgx.ConnConfig
	size    int           // of both pools together
	owner   bool          // may migrate
	noUser  bool          // in the URL
	longest time.Duration // of a transaction; tests have less
	pools   []*sql.DB
	writers *sql.DB
	months  months
	clock   serverClock

	listener atomic.Pointer[pgx.Conn] // of join, until listen takes it
	came     atomic.Int64             // deliveries since old keys were dropped
}

func newPostgres(o Options) (engine, error) {
	size, rest, err := poolSize(o.URL)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(rest)
	if err != nil {
		return nil, wrongURL(rest)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "switchyard"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	u, err := url.Parse(rest)
	if err != nil {
		return nil, errPostgresURL
	}
	if asked := u.Query().Get("target_session_attrs"); strings.HasSuffix(asked, "standby") || asked == "read-only" {
		return nil, wrongSetting("target_session_attrs")
	}
	noUser := u.User.Username() == "" && !u.Query().Has("user")
	return &postgresEngine{config: config, size: size, owner: o.Migrate, noUser: noUser, longest: longestWrite}, nil
}

// poolSize takes pool_max_conns, which PostgreSQL would not know, out of the URL.
func poolSize(text string) (size int, rest string, err error) {
	u, err := url.Parse(text)
	if err != nil {
		return 0, "", errPostgresURL
	}
	query := u.Query()
	size = postgresReaders + postgresWriters
	if said := query.Get("pool_max_conns"); said != "" {
		if size, err = strconv.Atoi(said); err != nil || size < postgresFewest || size > 1000 {
			return 0, "", fmt.Errorf("pool_max_conns in the database URL must be a number from %d to 1000", postgresFewest)
		}
		query.Del("pool_max_conns")
		u.RawQuery = query.Encode()
	}
	return size, u.String(), nil
}

func (e *postgresEngine) open(ctx context.Context) (read, write *gorm.DB, err error) {
	if e.owner {
		if err := e.migrate(ctx); err != nil {
			return nil, nil, err
		}
		c, err := e.join(ctx)
		if err != nil {
			return nil, nil, err
		}
		e.listener.Store(c)
	}
	e.writers = e.pool(postgresSession+postgresWriter, e.size-e.size/2)
	reader := e.pool(postgresSession+postgresReader, e.size/2)
	if !e.owner {
		if err := e.recognise(ctx, reader); err != nil {
			return nil, nil, err
		}
		if err := (schema{dialect: goose.DialectPostgres, pool: reader}).migrate(ctx); err != nil {
			return nil, nil, err
		}
	}
	if write, err = ormOver(postgres.New(postgres.Config{Conn: e.writers}), false); err != nil {
		return nil, nil, err
	}
	read, err = ormOver(postgres.New(postgres.Config{Conn: reader}), false)
	return read, write, err
}

// pool returns connections that are set up and asserted one by one, so no pooled connection differs.
func (e *postgresEngine) pool(setup string, size int) *sql.DB {
	p := sql.OpenDB(postgresConnector{stdlib.GetConnector(*e.config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		return prepareConn(ctx, c, setup)
	}))})
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	p.SetConnMaxIdleTime(5 * time.Minute)
	e.pools = append(e.pools, p)
	return p
}

// prepareConn sets up a connection and asserts that what is committed on it is durable.
func prepareConn(ctx context.Context, c *pgx.Conn, setup string) error {
	if _, err := c.Exec(ctx, setup); err != nil {
		return err
	}
	_, err := c.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')`)
	if err != nil {
		return err
	}
	var commit string
	if err := c.QueryRow(ctx, `SHOW synchronous_commit`).Scan(&commit); err != nil {
		return err
	}
	if commit != "on" && commit != "remote_apply" {
		return fmt.Errorf("PostgreSQL's synchronous_commit is %q where \"on\" is needed: what was acknowledged could be lost", commit)
	}
	return nil
}

// migrate checks server and database and brings the schema up to date, on connections without time limits.
func (e *postgresEngine) migrate(ctx context.Context) error {
	p := e.pool(`SET client_min_messages = warning`, 2)
	defer p.Close() // it is used no more; closing it again does nothing
	if err := e.recognise(ctx, p); err != nil {
		return err
	}
	if err := (schema{dialect: goose.DialectPostgres, pool: p, owner: true}).migrate(ctx); err != nil {
		return e.explain(err)
	}
	return e.months.ready(ctx, p, ahead(time.Now())...)
}

// recognise refuses servers and databases that are not for us.
func (e *postgresEngine) recognise(ctx context.Context, p *sql.DB) error {
	if err := e.suits(ctx, p); err != nil {
		return err
	}
	if err := e.finds(ctx, p); err != nil {
		return err
	}
	var tables, migrated, known int
	err := p.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE c.relname = 'goose_db_version'), count(*) FILTER (WHERE c.relname IN ('revision', 'master_check'))
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v', 'm', 'p') AND NOT c.relispartition`).Scan(&tables, &migrated, &known)
	switch {
	case err != nil:
		return e.explain(err)
	case tables > migrated && (migrated == 0 || known < 2): // goose's table alone: a first start that was cut off
		return fmt.Errorf("the database %q belongs to another program and stays as it is; make one for Switchyard alone", e.config.Database)
	}
	return nil
}

// suits asks an old server nothing that it does not know.
func (e *postgresEngine) suits(ctx context.Context, p *sql.DB) error {
	var number int
	var name, encoding string
	err := p.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')`).
		Scan(&number, &name, &encoding)
	switch {
	case err != nil:
		return e.explain(err)
	case number < oldestPostgres:
		return fmt.Errorf("the PostgreSQL server %s has version %s; Switchyard needs 14 or later", e.address(), name)
	case encoding != "UTF8":
		return fmt.Errorf("the database %q has the encoding %s; make one with UTF8 (createdb -T template0 -E UTF8)", e.config.Database, encoding)
	}
	return nil
}

// hold runs do while no other process opens, so that two that start at once do not both migrate or make a master key.
func (e *postgresEngine) hold(ctx context.Context, do func() error) error {
	if !e.owner {
		return e.explain(do())
	}
	c, err := pgx.ConnectConfig(ctx, e.config)
	if err != nil {
		return e.explain(err)
	}
	_, err = c.Exec(ctx, `SELECT pg_advisory_lock($1)`, lockKey(lockOpen))
	if err == nil {
		err = do()
	}
	return errors.Join(e.explain(err), c.Close(context.WithoutCancel(ctx))) // which gives the lock back
}

func (e *postgresEngine) close() error {
	var errs []error
	if c := e.takeListener(); c != nil {
		errs = append(errs, c.Close(context.Background()))
	}
	for _, p := range e.pools {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

func (e *postgresEngine) keyFile() string { return filepath.Join("data", "master.key") }

func (e *postgresEngine) version(ctx context.Context, q querier) (name string, size int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT split_part(current_setting('server_version'), ' ', 1), pg_database_size(current_database())`).Scan(&name, &size)
	return "PostgreSQL " + name, size, err
}

// free is nothing that this machine could know.
func (e *postgresEngine) free() (free, total uint64, err error) { return 0, 0, nil }

func (e *postgresEngine) checkpoint(context.Context) error { return nil }

func (e *postgresEngine) dialect() dialect {
	return dialect{
		postgres: true, forUpdate: " FOR UPDATE", sameMonth: ` AND a.received_at = r.received_at`,
		beginsWithDay: `a.text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'`, onlyDigits: `a.text !~ '[^0-9]'`,
		leading: ` CROSS JOIN LATERAL (SELECT * FROM responses WHERE id = l.response_id OFFSET 0) AS r`,
	}
}

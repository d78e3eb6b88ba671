package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// copyLockWait is how long a copy waits for the end of a process that was stopped just now.
const copyLockWait = 2 * time.Second

// A postgresCopy is a PostgreSQL database as a side of a copy. All reading and writing is on the connection that holds
// the lock against servers: when it is lost, nothing is written any more.
type postgresCopy struct {
	*postgresEngine
	conn *pgx.Conn
	pool *sql.DB // for the schema and partitions
}

func openPostgresCopy(ctx context.Context, url string, target bool) (copySide, error) {
	e, err := newPostgres(Options{URL: url, Migrate: target})
	if err != nil {
		return nil, err
	}
	s := &postgresCopy{postgresEngine: e.(*postgresEngine)}
	if err := s.explain(s.open(ctx)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *postgresCopy) open(ctx context.Context) (err error) {
	if s.conn, err = pgx.ConnectConfig(ctx, s.config); err != nil {
		return err
	}
	const setup = postgresSession + `; SET statement_timeout = 0; SET client_min_messages = warning`
	if err := prepareConn(ctx, s.conn, setup); err != nil {
		return err
	}
	s.pool = s.postgresEngine.pool(setup, 2)
	if err := s.recognise(ctx, s.pool); err != nil {
		return err
	}
	return s.lock(ctx)
}

// lock keeps servers and other copies out. PostgreSQL may take a moment to notice that a process is gone.
func (s *postgresCopy) lock(ctx context.Context) error {
	for end := time.Now().Add(copyLockWait); ; {
		var alone bool
		if err := s.conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lockKey(lockServe)).Scan(&alone); err != nil || alone {
			return err
		}
		if time.Now().After(end) {
			return inUse(s.name())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *postgresCopy) name() string {
	return fmt.Sprintf("PostgreSQL %s on %s", s.config.Database, s.address())
}

func (s *postgresCopy) migrate(ctx context.Context, owner bool) error {
	return s.hold(ctx, func() error {
		return schema{dialect: goose.DialectPostgres, pool: s.pool, owner: owner}.migrate(ctx)
	})
}

const (
	// sqlCopyTables are our tables with the column that tells the month, 0 for none; parts of tables are left out.
	sqlCopyTables = `SELECT c.relname::text, coalesce(p.partattrs[0], 0)::bigint
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('goose_db_version', '` + copyingTable + `')`
	sqlCopyColumns = `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)::bigint, a.attnum::bigint
		FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
		WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
	sqlCopyNeeds = `SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = to_regclass(?) AND contype = 'f'`
	// sqlCopySequences are the sequences of our tables, with the column that they fill and the last number given.
	sqlCopySequences = `SELECT table_name, column_name, sequence, coalesce(pg_sequence_last_value(sequence::regclass), 0) FROM (
		SELECT c.relname::text AS table_name, a.attname::text AS column_name, pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'goose_db_version'
			AND a.attnum > 0 AND NOT a.attisdropped) AS s
		WHERE sequence IS NOT NULL`
)

func (s *postgresCopy) tables(ctx context.Context) (all []copyTable, err error) {
	months := map[string]int64{}
	err = s.each(ctx, sqlCopyTables, nil, func(row []any) error {
		months[row[0].(string)] = row[1].(int64)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for name, month := range months {
		t := copyTable{name: name, month: -1}
		err := s.each(ctx, sqlCopyColumns, []any{name}, func(row []any) error {
			if row[3] == month {
				t.month = len(t.columns)
			}
			return t.add(row[0].(string), row[1].(string), int(row[2].(int64)))
		})
		t.key = slices.DeleteFunc(t.key, func(i int) bool { return i == t.month })
		if err != nil {
			return nil, err
		}
		err = s.each(ctx, sqlCopyNeeds, []any{name}, func(row []any) error {
			t.needs = append(t.needs, row[0].(string))
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return orderTables(all)
}

func (s *postgresCopy) each(ctx context.Context, query string, args []any, row func([]any) error) error {
	rows, err := s.conn.Query(ctx, numbered(query), storables(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		for i, v := range values {
			if text, ok := v.(string); ok {
				values[i] = asWritten(text)
			}
		}
		if err := row(values); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return rows.Err()
}

// storables are values as PostgreSQL takes them.
func storables(values []any) []any {
	return each(values, func(v any) any {
		if text, ok := v.(string); ok {
			return storable(text)
		}
		return v
	})
}

func (s *postgresCopy) store(ctx context.Context, t copyTable, rows [][]any, then statement) error {
	if err := s.makeMonths(ctx, t, rows); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.conn, func(tx pgx.Tx) error {
		source := pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return storables(rows[i]), nil })
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, source); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, numbered(then.sql), storables(then.args)...)
		return err
	})
}

// makeMonths makes the partitions that rows need.
func (s *postgresCopy) makeMonths(ctx context.Context, t copyTable, rows [][]any) error {
	if t.month < 0 {
		return nil
	}
	var times []time.Time
	last := month(-1)
	for _, row := range rows {
		at := time.UnixMicro(row[t.month].(int64))
		if m := monthOf(at); m != last {
			times, last = append(times, at), m
		}
	}
	return s.months.ready(ctx, s.pool, times...)
}

func (s *postgresCopy) exec(ctx context.Context, all ...statement) error {
	return pgx.BeginFunc(ctx, s.conn, func(tx pgx.Tx) error {
		for _, one := range all {
			if _, err := tx.Exec(ctx, numbered(one.sql), storables(one.args)...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *postgresCopy) highest(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	err := s.each(ctx, sqlCopySequences, nil, func(row []any) error {
		all[row[0].(string)] = row[3].(int64)
		return nil
	})
	return all, err
}

// raise also looks at the rows: on SQLite not every table counts what it gave.
func (s *postgresCopy) raise(ctx context.Context, highest map[string]int64) error {
	var all []statement
	err := s.each(ctx, sqlCopySequences, nil, func(row []any) error {
		table, column, sequence := row[0].(string), row[1].(string), row[2].(string)
		all = append(all, statement{fmt.Sprintf(`SELECT setval(?::regclass, n) FROM (SELECT greatest(max(%s), ?::bigint) AS n FROM %s) AS h WHERE n > 0`, column, table),
			[]any{sequence, max(highest[table], row[3].(int64))}})
		return nil
	})
	if err != nil {
		return err
	}
	return s.exec(ctx, all...)
}

// settle counts for the planner: of tables that are kept by month PostgreSQL does not do so by itself.
func (s *postgresCopy) settle(ctx context.Context) error {
	tables, err := s.tables(ctx)
	if err != nil {
		return err
	}
	names := each(tables, func(t copyTable) string { return t.name })
	slices.Sort(names)
	_, err = s.conn.Exec(ctx, "ANALYZE "+strings.Join(names, ", "))
	return err
}

func (s *postgresCopy) close() error {
	var err error
	if s.conn != nil {
		err = s.conn.Close(context.Background()) // which gives the lock back
	}
	return errors.Join(err, s.postgresEngine.close())
}

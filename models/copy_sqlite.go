package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pressly/goose/v3"
)

// A sqliteCopy is a file as a side of a copy.
type sqliteCopy struct {
	*sqliteEngine
	lock           *os.File
	writer, reader *sql.DB
}

func openSQLiteCopy(ctx context.Context, url string, target bool) (copySide, error) {
	file, err := fileOf(url)
	if err != nil {
		return nil, err
	}
	if err := makeFile(file, target); err != nil {
		return nil, err
	}
	s := &sqliteCopy{sqliteEngine: &sqliteEngine{file: file, owner: target}}
	if s.lock, err = LockFile(file); err == nil {
		err = s.open(ctx)
	}
	if err != nil {
		return nil, errors.Join(kindOf(err), s.close())
	}
	return s, nil
}

func (s *sqliteCopy) open(ctx context.Context) (err error) {
	if err := s.recognise(ctx); err != nil {
		return err
	}
	if s.writer, err = s.openWriter(ctx); err != nil {
		return err
	}
	s.reader, err = s.openReaders(ctx)
	return err
}

func (s *sqliteCopy) name() string { return "SQLite " + s.file }

func (s *sqliteCopy) migrate(ctx context.Context, owner bool) error {
	return schema{dialect: goose.DialectSQLite3, pool: s.writer, owner: owner}.migrate(ctx)
}

func (s *sqliteCopy) tables(ctx context.Context) (all []copyTable, err error) {
	names, err := s.texts(ctx, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
		AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT IN ('goose_db_version', '`+copyingTable+`')`)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		t := copyTable{name: name, month: -1}
		err := s.each(ctx, "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", []any{name}, func(row []any) error {
			return t.add(row[0].(string), row[1].(string), int(row[2].(int64)))
		})
		if err != nil {
			return nil, err
		}
		if t.needs, err = s.texts(ctx, `SELECT "table" FROM pragma_foreign_key_list(?)`, name); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return orderTables(all)
}

func (s *sqliteCopy) texts(ctx context.Context, query string, args ...any) (all []string, err error) {
	err = s.each(ctx, query, args, func(row []any) error {
		all = append(all, row[0].(string))
		return nil
	})
	return all, err
}

func (s *sqliteCopy) each(ctx context.Context, query string, args []any, row func([]any) error) error {
	rows, err := s.reader.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := row(values); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqliteCopy) store(ctx context.Context, t copyTable, rows [][]any, then statement) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		insert, err := tx.PrepareContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, strings.Join(t.columns, ", "), places(len(t.columns))))
		if err != nil {
			return err
		}
		defer insert.Close()
		for _, row := range rows {
			if _, err := insert.ExecContext(ctx, row...); err != nil {
				return fmt.Errorf("%s: %w", shownKey(t.keyColumns(), t.keyOf(row)), err)
			}
		}
		_, err = tx.ExecContext(ctx, then.sql, then.args...)
		return err
	})
}

func (s *sqliteCopy) exec(ctx context.Context, all ...statement) error {
	return s.transaction(ctx, func(tx *sql.Tx) error {
		for _, one := range all {
			if _, err := tx.ExecContext(ctx, one.sql, one.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sqliteCopy) transaction(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// highest reads SQLite's own table of the ids that AUTOINCREMENT gave.
func (s *sqliteCopy) highest(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	err := s.each(ctx, "SELECT name, seq FROM sqlite_sequence WHERE name <> 'goose_db_version'", nil, func(row []any) error {
		all[row[0].(string)] = row[1].(int64)
		return nil
	})
	return all, err
}

func (s *sqliteCopy) raise(ctx context.Context, highest map[string]int64) error {
	counting, err := s.texts(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name <> 'goose_db_version'")
	if err != nil {
		return err
	}
	var all []statement
	for _, name := range counting {
		if n := highest[name]; n > 0 {
			all = append(all,
				statement{"INSERT INTO sqlite_sequence (name, seq) SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)", []any{name, name}},
				statement{"UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", []any{n, name}})
		}
	}
	return s.exec(ctx, all...)
}

func (s *sqliteCopy) settle(context.Context) error { return nil }

func (s *sqliteCopy) close() error {
	err := s.sqliteEngine.close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

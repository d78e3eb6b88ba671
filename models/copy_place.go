package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// sqlUnfinished tells whether a copy into this database was begun and not finished.
const sqlUnfinished = "SELECT count(*) FROM " + copyingTable

var errUnfinished = errors.New("a copy into this database was begun and not finished; run switchyard copy again")

// refuseUnfinished keeps everybody but the copy from a database that is only half there.
func refuseUnfinished(ctx context.Context, q querier) error {
	var n int
	if err := q.QueryRowContext(ctx, sqlUnfinished).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errUnfinished
	}
	return nil
}

// A copyPlace is how far the copy of one table came.
type copyPlace struct {
	key          []any // of the last row that was copied, nil: none yet
	rows, mended int64
}

// moved is the statement that keeps the place after one more batch.
func (p copyPlace) moved(table string) statement {
	return statement{"UPDATE " + copyingTable + " SET key = ?, rows = ?, mended = ? WHERE name = ?", []any{appendValues(nil, p.key), p.rows, p.mended, table}}
}

// readPlaces reads the places of a copy that was begun into a database, and from which source; none when there is none.
func readPlaces(ctx context.Context, s copySide) (places map[string]copyPlace, source string, err error) {
	places = map[string]copyPlace{}
	err = s.each(ctx, "SELECT name, source, key, rows, mended FROM "+copyingTable, nil, func(row []any) error {
		key, _ := row[2].([]byte)
		values, err := valuesOf(key)
		if err != nil {
			return err
		}
		source = row[1].(string)
		places[row[0].(string)] = copyPlace{values, row[3].(int64), row[4].(int64)}
		return nil
	})
	return places, source, err
}

// begin makes the rows of migrations give way and keeps the first places, all at once.
func begin(ctx context.Context, s copySide, tables []copyTable, source string) error {
	var all []statement
	for name := range maps.Keys(seeded) {
		all = append(all, statement{sql: "DELETE FROM " + name})
	}
	for _, t := range tables {
		all = append(all, statement{"INSERT INTO " + copyingTable + " (name, source) VALUES (?, ?)", []any{t.name, source}})
	}
	return s.exec(ctx, all...)
}

// A sourceState is what is known about the source before its rows are read.
type sourceState struct {
	rows        map[string]int64 // by table
	highest     map[string]int64
	fingerprint string // differs between databases, and after what people or customers do in one
}

func stateOf(ctx context.Context, s copySide, tables []copyTable) (st sourceState, err error) {
	st.rows = map[string]int64{}
	h := sha256.New()
	for _, t := range tables {
		if st.rows[t.name], err = number(ctx, s, "SELECT count(*) FROM "+t.name); err != nil {
			return st, err
		}
		h.Write(appendValues(nil, []any{t.name, st.rows[t.name]}))
	}
	if st.highest, err = s.highest(ctx); err != nil {
		return st, err
	}
	for _, name := range slices.Sorted(maps.Keys(st.highest)) {
		h.Write(appendValues(nil, []any{name, st.highest[name]}))
	}
	for _, query := range []string{"SELECT sealed FROM master_check", "SELECT n FROM revision", "SELECT mac FROM audit ORDER BY id DESC LIMIT 1"} {
		err := s.each(ctx, query, nil, func(row []any) error {
			h.Write(appendValues(nil, row))
			return nil
		})
		if err != nil {
			return st, err
		}
	}
	st.fingerprint = hex.EncodeToString(h.Sum(nil))
	return st, nil
}

// refuseFilled refuses a target that holds more than migrations make.
func refuseFilled(ctx context.Context, s copySide) error {
	tables, err := s.tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		some := 0
		err := s.each(ctx, fmt.Sprintf("SELECT 1 FROM %s LIMIT %d", t.name, seeded[t.name]+1), nil, func([]any) error {
			some++
			return nil
		})
		if err != nil {
			return err
		}
		if some <= seeded[t.name] {
			continue
		}
		n, err := number(ctx, s, "SELECT count(*) FROM "+t.name)
		if err != nil {
			return err
		}
		return fmt.Errorf("%s is not empty (%s in its table %s) and stays as it is; name a new database with --to", s.name(), rowsSaid(n), t.name)
	}
	return nil
}

func rowsSaid(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

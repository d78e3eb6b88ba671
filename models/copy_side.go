package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// copyingTable is where a copy keeps its place, in the database that it fills.
const copyingTable = "copying"

// seeded are the rows that migrations make.
var seeded = map[string]int{"revision": 1}

// A copySide is one of the two databases of a copy, opened below Open: without a master key and with nobody else's
// server on it. Its methods are called one at a time.
type copySide interface {
	// name tells the database without user and password.
	name() string
	keyFile() string
	// migrate brings the schema up to date, or checks that it is.
	migrate(ctx context.Context, owner bool) error
	// tables are those of this program, in any order. A new database has none.
	tables(ctx context.Context) ([]copyTable, error)
	// each reads rows one after the other; row may return errEnough.
	each(ctx context.Context, query string, args []any, row func([]any) error) error
	// store writes rows and runs the statement in one transaction.
	store(ctx context.Context, t copyTable, rows [][]any, then statement) error
	// exec runs statements in one transaction.
	exec(ctx context.Context, all ...statement) error
	// highest is the highest id that tables ever gave, by table; those that never gave one may be missing.
	highest(ctx context.Context) (map[string]int64, error)
	// raise lets tables give ids above these only.
	raise(ctx context.Context, highest map[string]int64) error
	// settle readies the database for its first queries after so much came in.
	settle(ctx context.Context) error
	close() error
}

// errEnough ends copySide.each without an error.
var errEnough = errors.New("enough")

type statement struct {
	sql  string
	args []any
}

// A copyTable is a table as both engines know it.
type copyTable struct {
	name    string
	columns []string
	kinds   []columnKind
	key     []int    // columns of the primary key in its order, without the one that only tells the month
	month   int      // the column that tells the month, -1 for none
	needs   []string // tables that its rows point to
}

// add describes one more column; place is its place in the primary key from 1, 0 for none.
func (t *copyTable) add(column, kind string, place int) error {
	k, known := columnKinds[strings.ToLower(kind)]
	if !known {
		return fmt.Errorf("column %s of table %s has the unknown type %s", column, t.name, kind)
	}
	for len(t.key) < place {
		t.key = append(t.key, -1)
	}
	if place > 0 {
		t.key[place-1] = len(t.columns)
	}
	t.columns, t.kinds = append(t.columns, column), append(t.kinds, k)
	return nil
}

// take makes the values of a row those of the table's columns.
func (t copyTable) take(row []any) (err error) {
	for i, v := range row {
		if row[i], err = t.kinds[i].take(v); err != nil {
			return fmt.Errorf("column %s of table %s cannot be copied: %w", t.columns[i], t.name, err)
		}
	}
	return nil
}

func (t copyTable) keyColumns() []string  { return pickColumns(t.columns, t.key) }
func (t copyTable) keyOf(row []any) []any { return pickColumns(row, t.key) }

func pickColumns[T any](all []T, which []int) []T {
	return each(which, func(i int) T { return all[i] })
}

// after reads rows in the order of the key, from the first one after it; nil: from the beginning.
func (t copyTable) after(key []any, limit int) (query string, args []any) {
	where := ""
	names := strings.Join(t.keyColumns(), ", ")
	if key != nil {
		where = fmt.Sprintf(" WHERE (%s) > (%s)", names, places(len(key)))
	}
	return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d", strings.Join(t.columns, ", "), t.name, where, names, limit), key
}

// one reads the row with a key.
func (t copyTable) one(key []any) (query string, args []any) {
	return fmt.Sprintf("SELECT %s FROM %s WHERE (%s) = (%s)", strings.Join(t.columns, ", "), t.name, strings.Join(t.keyColumns(), ", "), places(len(key))), key
}

func places(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// orderTables puts tables after those that they need, else by name.
func orderTables(all []copyTable) (ordered []copyTable, err error) {
	slices.SortFunc(all, func(a, b copyTable) int { return strings.Compare(a.name, b.name) })
	done := map[string]bool{}
	for len(ordered) < len(all) {
		before := len(ordered)
		for _, t := range all {
			if !done[t.name] && !slices.ContainsFunc(t.needs, func(n string) bool { return n != t.name && !done[n] }) {
				ordered, done[t.name] = append(ordered, t), true
			}
		}
		if len(ordered) == before {
			return nil, errors.New("tables that point to each other in a circle cannot be copied")
		}
	}
	return ordered, nil
}

// sameTables checks that rows of one schema fit into the other.
func sameTables(from, to []copyTable) error {
	describe := func(t copyTable) string {
		parts := []string{t.name, "(" + strings.Join(t.keyColumns(), ",") + ")"}
		for i, c := range t.columns {
			parts = append(parts, fmt.Sprintf("%s:%d", c, t.kinds[i]))
		}
		return strings.Join(parts, " ")
	}
	a, b := each(from, describe), each(to, describe)
	if !slices.Equal(a, b) {
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return fmt.Errorf("the two databases have different tables (%s and %s)", from[i].name, to[i].name)
			}
		}
		return errors.New("the two databases have different tables")
	}
	return nil
}

// openCopySide opens a database that only this copy uses; a target may be new.
func openCopySide(ctx context.Context, url string, target bool) (copySide, error) {
	if isPostgres(url) {
		return openPostgresCopy(ctx, url, target)
	}
	return openSQLiteCopy(ctx, url, target)
}

// number reads one number; 0 when there is no row.
func number(ctx context.Context, s copySide, query string, args ...any) (n int64, err error) {
	err = s.each(ctx, query, args, func(row []any) error {
		v, ok := row[0].(int64)
		if !ok {
			return fmt.Errorf("a number is %T", row[0])
		}
		n = v
		return nil
	})
	return n, err
}

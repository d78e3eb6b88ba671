package models

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// partitioned are the tables that PostgreSQL keeps by month. They differ from SQLite's in keys and indexes: a key must
// hold the column that tells the month.
var partitioned = []string{"deliveries", "steps", "answers"}

const (
	// monthsAhead is how many months after this one have their partitions before they begin.
	monthsAhead = 2
	// longestMake bounds how long a row waits for the partition of its month.
	longestMake = 10 * time.Second
)

// A month in UTC, counted from January of the year 0.
type month int

// monthOf is the month of a time as it is stored: the zero time as 0, which is 1970.
func monthOf(t time.Time) month {
	y, m, _ := time.UnixMicro(Time{t}.Micros()).UTC().Date()
	return month(y*12 + int(m) - 1)
}

// first is the moment in which it begins.
func (m month) first() time.Time { return time.Date(0, 1+time.Month(m), 1, 0, 0, 0, 0, time.UTC) }

// String is how partitions are named: "2026_11".
func (m month) String() string { return m.first().Format(monthLayout) }

const monthLayout = "2006_01"

// of is the partition of a table.
func (m month) of(table string) string { return table + "_" + m.String() }

// months knows which partitions exist. Another process may drop one that it knows.
type months struct {
	mu    sync.Mutex                     // held to change known, never while the database is asked
	known atomic.Pointer[map[month]bool] // replaced whole, so that whoever only looks waits for nobody
}

func (m *months) knows(one month) bool {
	known := m.known.Load()
	return known != nil && (*known)[one]
}

func (m *months) set(one month, there bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := map[month]bool{}
	if known := m.known.Load(); known != nil {
		next = maps.Clone(*known)
	}
	next[one] = there
	m.known.Store(&next)
}

// ready makes the partitions of the months of times. Rows of any time may come: a copy brings old ones, a wrong clock
// strange ones.
func (m *months) ready(ctx context.Context, p *sql.DB, times ...time.Time) error {
	for _, t := range times {
		one := monthOf(t)
		if m.knows(one) {
			continue
		}
		if err := makeMonth(ctx, p, one); err != nil {
			return fmt.Errorf("make room for the month %s: %w", one, err)
		}
		m.set(one, true)
	}
	return nil
}

// write runs do when there is room for rows of times, and once more when another process dropped one of their months
// meanwhile. What do does must be all or nothing.
func (m *months) write(ctx context.Context, p *sql.DB, times []time.Time, do func() error) error {
	if err := m.ready(ctx, p, times...); err != nil {
		return err
	}
	err := do()
	if !hasNoPartition(err) {
		return err
	}
	for _, t := range times {
		m.set(monthOf(t), false)
	}
	if err := m.ready(ctx, p, times...); err != nil {
		return err
	}
	return do()
}

func (e *postgresEngine) withMonths(ctx context.Context, times []time.Time, do func() error) error {
	return e.months.write(ctx, e.writers, times, do)
}

// ahead are the times for which partitions are made before they are needed.
func ahead(now time.Time) []time.Time {
	var all []time.Time
	for n := range month(monthsAhead + 1) {
		all = append(all, (monthOf(now) + n).first())
	}
	return all
}

// makeMonth makes each partition apart and then attaches it: that locks nobody out, as CREATE … PARTITION OF would.
func makeMonth(ctx context.Context, p *sql.DB, one month) error {
	ctx, cancel := context.WithTimeout(ctx, longestMake)
	defer cancel()
	tx, err := p.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(?)`, lockKey(lockMonths)); err != nil {
		return err
	}
	for _, table := range partitioned {
		if err := one.make(ctx, tx, table); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// make makes the partition of a table unless it has it, in the table's own schema: others in search_path may have one of
// that name.
func (m month) make(ctx context.Context, tx *sql.Tx, table string) error {
	var name, parent string
	var there bool
	err := tx.QueryRowContext(ctx, `SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', n.nspname, ?::text), EXISTS (
			SELECT 1 FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid AND p.relname = ?)
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::text::regclass`,
		m.of(table), m.of(table), table).Scan(&parent, &name, &there)
	if err != nil || there {
		return err
	}
	// A body that makes its row longer than 2 KB lies apart, so that a change of the row's state does not write it again.
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE %s (LIKE %s INCLUDING ALL) WITH (toast_tuple_target = 512)`, name, parent))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)`,
		parent, name, m.first().UnixMicro(), (m+1).first().UnixMicro()))
	return err
}

// monthsThere are the months for which a table has a partition, oldest first. Partitions that people made are not ours.
func monthsThere(ctx context.Context, q querier, table string) ([]month, error) {
	rows, err := q.QueryContext(ctx, `SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = to_regclass(?) ORDER BY c.relname`, table)
	names, err := collect(rows, err, func(name *string, s scanner) error { return s.Scan(name) })
	var all []month
	for _, name := range names {
		if t, err := time.Parse(monthLayout, strings.TrimPrefix(name, table+"_")); err == nil {
			all = append(all, monthOf(t))
		}
	}
	return all, err
}

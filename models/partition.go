package models

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

// partitioned are the tables that PostgreSQL keeps by month. They differ from SQLite's in keys and indexes: a key must
// hold the column that tells the month.
var partitioned = []string{"deliveries", "steps", "answers"}

// monthsAhead is how many months after this one have their partitions before they begin.
const monthsAhead = 2

// months knows which partitions exist.
type months struct {
	mu    sync.Mutex
	known map[string]bool
}

// monthOf is the month of a time, in UTC, as partitions are named: "2026_11".
func monthOf(t time.Time) string { return t.UTC().Format("2006_01") }

// ready makes the partitions of the months of times, and at the first call and in each new month those ahead. Rows of
// any time may come: a copy brings old ones, a wrong clock strange ones.
func (m *months) ready(ctx context.Context, p *sql.DB, times ...time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range times {
		if m.known[monthOf(t)] {
			continue
		}
		first := time.Date(t.UTC().Year(), t.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
		if err := makeMonth(ctx, p, first); err != nil {
			return fmt.Errorf("make room for the month %s: %w", monthOf(t), err)
		}
		if m.known == nil {
			m.known = map[string]bool{}
		}
		m.known[monthOf(t)] = true
	}
	return nil
}

// ahead are the times for which partitions are made before they are needed.
func ahead(now time.Time) []time.Time {
	first := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	var all []time.Time
	for n := range monthsAhead + 1 {
		all = append(all, first.AddDate(0, n, 0))
	}
	return all
}

// makeMonth makes each partition apart and then attaches it: that locks nobody out, as CREATE … PARTITION OF would.
func makeMonth(ctx context.Context, p *sql.DB, first time.Time) error {
	tx, err := p.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(?)`, lockKey(lockMonths)); err != nil {
		return err
	}
	for _, table := range partitioned {
		name := table + "_" + monthOf(first)
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT to_regclass(?) IS NOT NULL`, name).Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		// Bodies lie apart from the row, so that a change of the row's state does not write them again.
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE %[1]s (LIKE %[2]s INCLUDING ALL) WITH (toast_tuple_target = 512)`, name, table))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)`,
			table, name, first.UnixMicro(), first.AddDate(0, 1, 0).UnixMicro()))
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

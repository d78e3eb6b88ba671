package models

import (
	"context"
	"fmt"
)

// orphanSpan is over how many ids of the table that is pointed to one query goes: a short read.
const orphanSpan = 20_000

// targeted are tables whose rows name a target. There are few targets and many rows.
var targeted = []string{"forwards", "target_health", "target_tries"}

// checkOrphans looks for rows that point to nothing.
func (db *DB) checkOrphans(ctx context.Context) (Verdict, string, error) {
	var wrong []string
	var version int64
	if err := db.reader().QueryRowContext(ctx, sqlSchemaVersion).Scan(&version); err != nil {
		return Broken, "", err
	}
	for _, p := range pointers {
		if p.since > version {
			continue
		}
		n, err := db.orphans(ctx, p.table, p.column, p.to)
		if err != nil {
			return Broken, "", err
		}
		if n > 0 {
			wrong = append(wrong, fmt.Sprintf("%s of %s point to %s that are missing", rowsSaid(n), p.table, p.to))
		}
	}
	for _, table := range targeted {
		ids, err := db.strayTargets(ctx, table)
		if err != nil {
			return Broken, "", err
		}
		if len(ids) > 0 {
			wrong = append(wrong, fmt.Sprintf("%s name targets that are missing (%d)", table, len(ids)))
		}
	}
	if len(wrong) > 0 {
		return Broken, told(wrong), nil
	}
	return Good, "no answer, event, message, response, visit, file, note, forward or notification points to nothing", nil
}

// strayTargets are the targets that a table names and that are not there. It goes from one target to the next.
func (db *DB) strayTargets(ctx context.Context, table string) (stray []int64, err error) {
	for last := int64(0); ; {
		var missing bool
		err := db.reader().QueryRowContext(ctx, `SELECT n.id, NOT EXISTS (SELECT 1 FROM targets t WHERE t.id = n.id)
			FROM (SELECT coalesce(min(target_id), 0) AS id FROM `+table+` WHERE target_id > ?) AS n`, last).Scan(&last, &missing)
		if err != nil || last == 0 {
			return stray, err
		}
		if missing {
			stray = append(stray, last)
		}
	}
}

func (db *DB) orphans(ctx context.Context, table, column, to string) (n int64, err error) {
	var last int64
	p := db.reader()
	if err := p.QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(max(%[1]s), 0) FROM %[2]s WHERE %[1]s > 0", column, table)).Scan(&last); err != nil {
		return 0, err
	}
	query := fmt.Sprintf("SELECT count(*) FROM %[1]s c WHERE c.%[2]s > 0 AND c.%[2]s > ? AND c.%[2]s <= ? AND NOT EXISTS (SELECT 1 FROM %[3]s p WHERE p.id = c.%[2]s)", table, column, to)
	for from := int64(0); from < last; from += orphanSpan {
		var some int64
		if err := p.QueryRowContext(ctx, query, from, from+orphanSpan).Scan(&some); err != nil {
			return n, err
		}
		n += some
	}
	return n, nil
}

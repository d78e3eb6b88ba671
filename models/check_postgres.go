package models

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// checkIndexes finds those that were not built to their end: they are kept up and never used.
func (db *DB) checkIndexes(ctx context.Context) (Verdict, string, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT c.relname, i.indisvalid AND i.indisready FROM pg_catalog.pg_index i
		JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() ORDER BY c.relname`)
	all := 0
	wrong, err := collect(rows, err, func(s *string, row scanner) error {
		var name string
		var usable bool
		if err := row.Scan(&name, &usable); err != nil {
			return err
		}
		all++
		if !usable {
			*s = name
		}
		return nil
	})
	if wrong = slices.DeleteFunc(wrong, func(s string) bool { return s == "" }); len(wrong) > 0 {
		return Broken, "not usable: " + told(wrong) + "; run REINDEX INDEX, or drop and make them again", err
	}
	return Good, fmt.Sprintf("all %d are usable", all), err
}

// checkPartitions looks for those that the server makes ahead.
func (db *DB) checkPartitions(ctx context.Context) (Verdict, string, error) {
	var missing []string
	n := 0
	for _, table := range partitioned {
		there, err := monthsThere(ctx, db.reader(), table)
		if err != nil {
			return Broken, "", err
		}
		n += len(there)
		for _, t := range ahead(db.Now())[:2] {
			if m := monthOf(t); !slices.Contains(there, m) {
				missing = append(missing, m.of(table))
			}
		}
	}
	if len(missing) > 0 {
		return Doubtful, "missing: " + told(missing) + "; a server makes them at its start and each hour: is one running?", nil
	}
	return Good, fmt.Sprintf("%d, this month's and the next one's among them", n), nil
}

// checkSettings asks how the server is set, not this session, which sets what it needs.
func (e *postgresEngine) checkSettings(ctx context.Context) (Verdict, string, error) {
	rows, err := e.writers.QueryContext(ctx, `SELECT name, setting, coalesce(reset_val, setting) FROM pg_catalog.pg_settings
		WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name`)
	said, err := collect(rows, err, func(s *string, row scanner) error {
		var name, setting, reset string
		if err := row.Scan(&name, &setting, &reset); err != nil {
			return err
		}
		if name == "synchronous_commit" { // every connection of ours sets it; its default is for others
			reset = setting
		}
		if reset != "on" && reset != "remote_apply" {
			*s = name + " is " + reset
		}
		return nil
	})
	if said = slices.DeleteFunc(said, func(s string) bool { return s == "" }); len(said) > 0 {
		return Doubtful, strings.Join(said, ", ") + ": a power cut can lose or damage what was acknowledged; set on", err
	}
	return Good, "fsync, full_page_writes and synchronous_commit are on", err
}

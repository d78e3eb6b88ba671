package models

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// finds refuses a search_path in which there is no schema to make tables in, or without that of pg_trgm.
func (e *postgresEngine) finds(ctx context.Context, q querier) error {
	var path string
	var schema, apart sql.NullString
	err := q.QueryRowContext(ctx, `SELECT current_setting('search_path'), current_schema(), (SELECT n.nspname
			FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
			WHERE x.extname = 'pg_trgm' AND n.nspname <> ALL (current_schemas(TRUE)))`).Scan(&path, &schema, &apart)
	first, _, _ := strings.Cut(path, ",")
	first = strings.Trim(first, `" `)
	switch {
	case err != nil:
		return e.explain(err)
	case !schema.Valid && first != "" && first != "$user":
		return &sentence{fmt.Sprintf(`the schema %q does not exist, or user %q may not use it; make it (CREATE SCHEMA %s AUTHORIZATION %s) or correct search_path in SWITCHYARD_DATABASE`,
			first, e.config.User, first, e.config.User), nil}
	case !schema.Valid:
		return &sentence{"search_path names no schema in which tables could be made; correct it in SWITCHYARD_DATABASE (search_path=public)", nil}
	case apart.Valid:
		return &sentence{fmt.Sprintf(`the extension pg_trgm is in the schema %q; add it to search_path in SWITCHYARD_DATABASE (search_path=%s,%s)`,
			apart.String, schema.String, apart.String), nil}
	}
	return nil
}

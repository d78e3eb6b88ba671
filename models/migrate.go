package models

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// sqlSchemaVersion reads goose's table, because goose itself would make it.
const sqlSchemaVersion = "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied"

// errNewerSchema is behind the sentence about a database that a later version of this program migrated.
var errNewerSchema = errors.New("newer schema")

// A schema is the tables of one database: which migrations made them, and who may run more.
type schema struct {
	dialect goose.Dialect
	pool    *sql.DB
	owner   bool                                          // may migrate
	copy    func(ctx context.Context, newest int64) error // keeps the database as it was; nil: nothing does
}

// migrate brings the schema up to date, after a copy of a database that holds something; a command only checks
// that the schema is the one that this program knows.
func (s schema) migrate(ctx context.Context) error {
	steps, err := s.steps()
	if err != nil {
		return err
	}
	newest := newestOf(steps)
	have, err := s.version(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("the schema version of the database cannot be read: %w", err)
	case have > newest:
		return &sentence{fmt.Sprintf("the database has schema version %d, this program knows %d; start a newer switchyard", have, newest), errNewerSchema}
	case have == newest:
		return nil
	case !s.owner:
		return fmt.Errorf("the database has schema version %d, this program needs %d; start this version of the server once to migrate it", have, newest)
	}
	if have > 0 && s.copy != nil {
		if err := s.copy(ctx, newest); err != nil {
			return err
		}
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("the database could not be migrated from version %d to %d: %w", have, newest, err)
	}
	return nil
}

func (s schema) steps() (*goose.Provider, error) {
	name := "migrations/sqlite"
	if s.dialect == goose.DialectPostgres {
		name = "migrations/postgres"
	}
	folder, err := fs.Sub(migrations, name)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.dialect, s.pool, folder, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

func newestOf(steps *goose.Provider) int64 {
	sources := steps.ListSources()
	return sources[len(sources)-1].Version
}

// version is 0 for a new database. On PostgreSQL it is that of the schema in which tables are made, not of one further on
// in search_path.
func (s schema) version(ctx context.Context) (version int64, err error) {
	known := "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'"
	if s.dialect == goose.DialectPostgres {
		known = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'"
	}
	var tables int
	if err := s.pool.QueryRowContext(ctx, known).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err = s.pool.QueryRowContext(ctx, sqlSchemaVersion).Scan(&version)
	return version, err
}

// copyBefore keeps the database as it was before the migration to that version, beside it.
func (e *sqliteEngine) copyBefore(ctx context.Context, version int64) error {
	name := fmt.Sprintf("%s.before-v%d.db", strings.TrimSuffix(e.file, filepath.Ext(e.file)), version)
	if err := copyInto(ctx, e.keeper, name); err != nil {
		return fmt.Errorf("the database could not be copied before its migration: %w", err)
	}
	return nil
}

// copyInto writes a whole and consistent copy; the name appears only when it is complete.
func copyInto(ctx context.Context, p *sql.DB, name string) error {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) // SQLite accepts an empty file and keeps its mode
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := p.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, name)
}

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

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the schema up to date, after a copy of a database that holds something; a command only checks
// that the schema is the one that this program knows.
func (db *DB) migrate(ctx context.Context) error {
	p := db.writer()
	steps, err := migrationsOf(p)
	if err != nil {
		return err
	}
	sources := steps.ListSources()
	newest := sources[len(sources)-1].Version
	have, err := schemaVersion(ctx, p)
	switch {
	case err != nil:
		return fmt.Errorf("the schema version of %s cannot be read: %w", db.file, err)
	case have > newest:
		return fmt.Errorf("the database has schema version %d, this program knows %d; start a newer switchyard", have, newest)
	case have == newest:
		return nil
	case !db.owner:
		return fmt.Errorf("the database has schema version %d, this program needs %d; start this version of the server once to migrate it", have, newest)
	}
	if have > 0 {
		if err := db.copyBefore(ctx, newest); err != nil {
			return err
		}
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("the database could not be migrated from version %d to %d: %w", have, newest, err)
	}
	return nil
}

func migrationsOf(p *sql.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, p, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// schemaVersion is 0 for a new file. It reads goose's table, because goose itself would make it.
func schemaVersion(ctx context.Context, p *sql.DB) (version int64, err error) {
	var tables int
	err = p.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'").Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	err = p.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

// copyBefore keeps the database as it was before the migration to that version, beside it.
func (db *DB) copyBefore(ctx context.Context, version int64) error {
	name := fmt.Sprintf("%s.before-v%d.db", strings.TrimSuffix(db.file, filepath.Ext(db.file)), version)
	if err := copyInto(ctx, db.writer(), name); err != nil {
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

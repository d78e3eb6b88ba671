package models

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

// sizeSQL is the size of the database in bytes, what is still in the write-ahead log included.
const sizeSQL = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"

// Version describes the engine: "SQLite 3.53.4", the schema version and the size of the file in bytes.
func (db *DB) Version(ctx context.Context) (engine string, schema int64, size int64, err error) {
	number, _, _ := sqlite3.Version()
	p := db.reader()
	if schema, err = schemaVersion(ctx, p); err != nil {
		return "", 0, 0, err
	}
	err = p.QueryRowContext(ctx, sizeSQL).Scan(&size)
	return "SQLite " + number, schema, size, err
}

// Probe writes one row and tells how long it took: readiness (reliability.md §5.16).
func (db *DB) Probe(ctx context.Context) (time.Duration, error) {
	begin := time.Now() // not db.Now: a duration of this process, whatever the clock says
	err := db.tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("INSERT INTO probes (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at", db.now()).Error
	})
	return time.Since(begin), err
}

// Free is the free space in bytes of the file system that holds the database, and its size.
func (db *DB) Free() (free, total uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(db.file), &s); err != nil {
		return 0, 0, fmt.Errorf("free space beside the database: %w", err)
	}
	block := uint64(s.Bsize)
	return s.Bavail * block, s.Blocks * block, nil
}

// Checkpoint moves the write-ahead log into the file, passively: it waits for nobody and nobody waits for it.
// Called each second it keeps the log small; past 64 MB the writer does it itself.
func (db *DB) Checkpoint(ctx context.Context) error {
	_, err := db.keeper.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

func (db *DB) writer() *sql.DB { return sqlDB(db.write) }
func (db *DB) reader() *sql.DB { return sqlDB(db.read) }

// sqlDB is the pool below; GORM was opened over one, so there is one.
func sqlDB(g *gorm.DB) *sql.DB {
	p, err := g.DB()
	if err != nil {
		panic(err)
	}
	return p
}

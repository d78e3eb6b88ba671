package models

import (
	"context"
	"database/sql"
	"strconv"
	"time"
)

const (
	// mergedAtOnce is how many pages of a search index are merged at a time.
	mergedAtOnce = 500
	// vacuumed is the size of a database in bytes up to which it is written anew as a whole, which takes less than a second.
	// SQLite leaves copies of rows that it moved in unused parts of pages, also with secure_delete. In a larger database
	// those are of rows that were overwritten before they were deleted.
	vacuumed = 128 << 20
	// truncateTries is how often the write-ahead log is tried to be emptied; each waits for readers as long as a statement does.
	truncateTries = 5
)

// purge merges the search indexes, gives back free pages and empties the write-ahead log: with secure_delete nothing of
// deleted rows is then left in the files.
func (e *sqliteEngine) purge(ctx context.Context, db *DB) error {
	for _, index := range []string{"responses_search", "contacts_search"} {
		if err := e.merge(ctx, db, index); err != nil {
			return err
		}
	}
	if err := e.giveBack(ctx, db); err != nil {
		return err
	}
	var size int64
	if err := db.reader().QueryRowContext(ctx, sizeSQL).Scan(&size); err != nil {
		return err
	}
	if size <= vacuumed {
		if _, err := db.writer().ExecContext(ctx, "VACUUM"); err != nil {
			return err
		}
	}
	return e.truncate(ctx)
}

// truncate empties the write-ahead log. While somebody reads what is in it, it is tried again.
func (e *sqliteEngine) truncate(ctx context.Context) error {
	for range truncateTries {
		var busy, frames, moved int64
		if err := e.keeper.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil || busy == 0 {
			return err
		}
		if err := rest(ctx, time.Now()); err != nil {
			return err
		}
	}
	return ErrLocked
}

// merge makes one segment of a search index: only then is what was deleted out of it. Some at a time: others write too.
func (e *sqliteEngine) merge(ctx context.Context, db *DB, index string) error {
	for pages := -mergedAtOnce; ; pages = mergedAtOnce {
		begin := time.Now()
		changed, err := e.mergeSome(ctx, db.writer(), index, pages)
		if err != nil || changed < 2 {
			return err
		}
		if err := rest(ctx, begin); err != nil {
			return err
		}
	}
}

// mergeSome tells how many rows of the index changed: fewer than two when there was nothing to merge.
func (e *sqliteEngine) mergeSome(ctx context.Context, p *sql.DB, index string, pages int) (changed int64, err error) {
	c, err := p.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	var before, after int64
	if err := c.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&before); err != nil {
		return 0, err
	}
	if _, err := c.ExecContext(ctx, `INSERT INTO `+index+` (`+index+`, rank) VALUES ('merge', `+strconv.Itoa(pages)+`)`); err != nil {
		return 0, err
	}
	err = c.QueryRowContext(ctx, `SELECT total_changes()`).Scan(&after)
	return after - before, err
}

// purge lets the server clean the tables; what its write-ahead log and its backups hold ages out with them.
func (e *postgresEngine) purge(ctx context.Context, _ *DB) error {
	for _, table := range []string{"answers", "responses", "steps", "visits", "files", "messages", "statuses", "contacts", "former_ids", "deliveries", "account_events", "erasures"} {
		if _, err := e.writers.ExecContext(ctx, `VACUUM `+table); err != nil {
			return err
		}
	}
	return nil
}

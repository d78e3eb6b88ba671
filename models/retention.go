package models

import (
	"context"
	"time"
)

// A Keep tells how long what grows without end is kept; 0 is for ever.
type Keep struct {
	Deliveries time.Duration // those that are done; what waits or needs a person stays
	Steps      time.Duration
}

// A Dropped counts the rows that went.
type Dropped struct{ Deliveries, Steps int64 }

// Maintain does what must be done now and then, in any process and in several at once: it drops what is older than k
// says, in steps so small that they hold nobody up, and makes room for the months that come. PostgreSQL drops whole
// months, so it keeps up to a month more.
func (db *DB) Maintain(ctx context.Context, k Keep) (Dropped, error) {
	return db.engine.maintain(ctx, db, k)
}

func (e *sqliteEngine) maintain(ctx context.Context, db *DB, k Keep) (Dropped, error) {
	panic("contract")
}

func (e *postgresEngine) maintain(ctx context.Context, db *DB, k Keep) (Dropped, error) {
	panic("contract")
}

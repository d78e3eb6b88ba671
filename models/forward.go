package models

import (
	"context"
	"database/sql"
	"errors"
)

// ForwardState is where a forward stands.
type ForwardState string

// The states of a forward.
const (
	ForwardWaiting ForwardState = "waiting" // for its first try or its next one
	ForwardDone    ForwardState = "done"    // the target took it
	ForwardDead    ForwardState = "dead"    // given up: a person may let it be tried again
)

// A Forward is one body passed on to one target.
type Forward struct {
	ID         int64
	TargetID   int64
	DeliveryID int64
	ReceivedAt Time // of the delivery
	State      ForwardState
	Attempts   int    // tries begun since it was made or put back; one may be under way
	NextAt     Time   // waiting: not before; of a try under way, when it counts as lost
	FirstAt    Time   // of the first try; zero: none yet
	LastAt     Time   // of the last try
	LastStatus int    // HTTP status of the last answer; 0: there was none
	LastError  string // one sentence, without address and body
	EndedAt    Time   // done or dead
}

const forwardColumns = `id, target_id, delivery_id, received_at, state, attempts, next_at, first_at, last_at, last_status, last_error, ended_at`

func (f *Forward) scan(row scanner) error { return row.Scan(f.fields()...) }

func (f *Forward) fields() []any {
	return []any{&f.ID, &f.TargetID, &f.DeliveryID, &f.ReceivedAt, &f.State, &f.Attempts, &f.NextAt, &f.FirstAt, &f.LastAt, &f.LastStatus, &f.LastError, &f.EndedAt}
}

// Forward returns one.
func (db *DB) Forward(ctx context.Context, id int64) (f Forward, err error) {
	err = f.scan(db.reader().QueryRowContext(ctx, `SELECT `+forwardColumns+` FROM forwards WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return f, err
}

// DeliveryForwards are the forwards of a delivery, by target.
func (db *DB) DeliveryForwards(ctx context.Context, delivery int64) ([]Forward, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+forwardColumns+` FROM forwards WHERE delivery_id = ?
		AND target_id IN (SELECT id FROM targets WHERE deleted_at = 0) ORDER BY target_id`, delivery)
	return collect(rows, err, (*Forward).scan)
}

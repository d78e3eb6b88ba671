package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Target is another system that gets raw bodies: of each delivery that its filter wants, one forward.
type Target struct {
	ID        int64
	UID       string // random; begins the webhook ids that it gets
	Name      string
	URL       string
	Off       bool     // nothing is made for it, and nothing sent
	OffReason string   // why it was switched off by itself; "": a person did it
	Fields    []string // as Decoded.Fields, such as "messages"; none: all
	Flows     []int64  // ids; none: all, and what is of no flow
	Tests     bool     // deliveries of tests, too (design/decisions.md 35)
	Timeout   int      // of one try in seconds, 1 to 30
	Since     Time     // it was made, or switched on last: what came before is not for it

	SecretAt      Time // its signing secret was made
	PreviousUntil Time // the secret before signs beside it until then; zero: there was none
	CreatedAt     Time
	UpdatedAt     Time
}

// defaultTimeout is that of a target without one, in seconds.
const defaultTimeout = 10

const targetColumns = `id, uid, name, url, off, off_reason, fields, flows, tests, timeout_seconds, since, secret_at, previous_until, created_at, updated_at`

func (t *Target) scan(row scanner) error {
	return row.Scan(&t.ID, &t.UID, &t.Name, &t.URL, &t.Off, &t.OffReason, &jsonInto{&t.Fields}, &jsonInto{&t.Flows}, &t.Tests, &t.Timeout, &t.Since,
		&t.SecretAt, &t.PreviousUntil, &t.CreatedAt, &t.UpdatedAt)
}

// Targets returns all by name.
func (db *DB) Targets(ctx context.Context) ([]Target, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT `+targetColumns+` FROM targets WHERE deleted_at = 0 ORDER BY name, id`)
	return collect(rows, err, (*Target).scan)
}

// Target returns one. ErrNotFound: there is none, or it was deleted.
func (db *DB) Target(ctx context.Context, id int64) (Target, error) {
	return targetIn(ctx, db.reader(), id)
}

func targetIn(ctx context.Context, q querier, id int64) (t Target, err error) {
	err = t.scan(q.QueryRowContext(ctx, `SELECT `+targetColumns+` FROM targets WHERE id = ? AND deleted_at = 0`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return t, err
}

func (t Target) object() string { return fmt.Sprintf("target %d", t.ID) }

// WebhookID is what a target knows the forward of a delivery by: the same at every try, and no other forward's.
func (t Target) WebhookID(delivery int64) string { return fmt.Sprintf("msg_%s_%d", t.UID, delivery) }

// Limit is how long one try may take.
func (t Target) Limit() time.Duration { return time.Duration(t.Timeout) * time.Second }

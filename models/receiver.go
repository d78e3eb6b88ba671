package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"switchyard/models/alert"
)

// Channel is how a receiver is reached.
type Channel string

// The channels.
const (
	Email   Channel = "email"   // its address: mail addresses, a comma between
	WebHook Channel = "webhook" // its address: a URL
	Chat    Channel = "chat"    // its address: a chat service's URL, with its token
)

// A Receiver hears of alerts: where it is, and the rule of what it hears and when.
type Receiver struct {
	ID        int64
	UID       string // random; begins the ids of its posts
	Name      string
	Channel   Channel
	Place     string // where it is, for people: never a secret
	SecretAt  Time   // of a web hook: its signing secret was made
	Off       bool   // nothing is made for it, and nothing sent
	OffReason string // why it was switched off by itself; "": a person did it
	Since     Time   // it was made, or switched on last: what was forgotten before is not for it

	Moments   []Moment       // at least one
	Kinds     []alert.Kind   // none: all
	Flows     []int64        // ids; none: all, and alerts of flows that are not added here
	Severity  alert.Severity // from which on: 1 to 3
	Forgotten int            // minutes without acknowledgement before Forgotten is told
	Hours     Hours
	Urgent    bool // severity 3 at any hour

	Hourly, Daily int // posts, at most; beyond that one an hour

	LastSuccess Time
	LastFailure Time
	Failure     string // the last failure's reason: one sentence
	Failures    int64  // tries in a row that failed
	CreatedAt   Time
	UpdatedAt   Time
}

const receiverColumns = `id, uid, name, channel, place, secret_at, off, off_reason, since, moments, kinds, flows, severity, forgotten,
	days, from_minute, to_minute, timezone, urgent, hourly, daily, last_success_at, last_failure_at, failure, failures, created_at, updated_at`

func (r *Receiver) scan(row scanner) error {
	return row.Scan(&r.ID, &r.UID, &r.Name, &r.Channel, &r.Place, &r.SecretAt, &r.Off, &r.OffReason, &r.Since, &jsonInto{&r.Moments}, &jsonInto{&r.Kinds},
		&jsonInto{&r.Flows}, &r.Severity, &r.Forgotten, &jsonInto{&r.Hours.Days}, &r.Hours.From, &r.Hours.To, &r.Hours.Zone, &r.Urgent, &r.Hourly, &r.Daily,
		&r.LastSuccess, &r.LastFailure, &r.Failure, &r.Failures, &r.CreatedAt, &r.UpdatedAt)
}

// Receivers returns all by name.
func (db *DB) Receivers(ctx context.Context) ([]Receiver, error) {
	return receiversIn(ctx, db.reader())
}

func receiversIn(ctx context.Context, q querier) ([]Receiver, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+receiverColumns+` FROM receivers WHERE deleted_at = 0 ORDER BY name, id`)
	return collect(rows, err, (*Receiver).scan)
}

// Receiver returns one. ErrNotFound: there is none, or it was deleted.
func (db *DB) Receiver(ctx context.Context, id int64) (Receiver, error) {
	return receiverIn(ctx, db.reader(), id, "")
}

// receiverIn reads one; lock is "" or what locks its row.
func receiverIn(ctx context.Context, q querier, id int64, lock string) (r Receiver, err error) {
	err = r.scan(q.QueryRowContext(ctx, `SELECT `+receiverColumns+` FROM receivers WHERE id = ? AND deleted_at = 0`+lock, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return r, err
}

func (r Receiver) object() string { return fmt.Sprintf("receiver %d", r.ID) }

// PostID is what a receiver knows a post by: the same at every try, and no other's.
func (r Receiver) PostID(post int64) string { return fmt.Sprintf("msg_%s_%d", r.UID, post) }

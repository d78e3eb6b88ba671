package models

import (
	"context"

	"switchyard/models/alert"
)

// Moment is what happened to an alert that people want to hear of.
type Moment string

// The moments.
const (
	Began     Moment = "began"     // it is active
	Worse     Moment = "worse"     // its severity rose, or it is active again
	Forgotten Moment = "forgotten" // nobody acknowledged it in time
	Over      Moment = "over"      // it recovered, or somebody resolved it
)

// Moments are all, as they follow each other.
var Moments = []Moment{Began, Worse, Forgotten, Over}

// A Notification is one thing that one receiver is to hear.
type Notification struct {
	ID         int64
	ReceiverID int64
	AlertID    int64
	Severity   alert.Severity
	Fact       Fact
	MadeAt     Time
	PostID     int64 // 0: not gathered yet
}

// A Fact is an alert as it was at a moment, with nothing personal.
type Fact struct {
	Moment    Moment     `json:"moment"`
	Kind      alert.Kind `json:"kind"`
	MetaID    string     `json:"meta_id"` // Meta's flow id, or ours
	Flow      string     `json:"flow"`    // its name; "": it is not added here
	Since     Time       `json:"since"`
	At        Time       `json:"at"`                  // of what happened, by its own clock
	Own       bool       `json:"own,omitempty"`       // our own monitor says so; false: Meta
	ByHand    bool       `json:"by_hand,omitempty"`   // of Over: a person resolved it
	Threshold *float64   `json:"threshold,omitempty"` // of the newest event
	Figure    *float64   `json:"figure,omitempty"`    // percent, or p90 in milliseconds; nil: not said
}

const notificationColumns = `id, receiver_id, alert_id, severity, fact, made_at, post_id`

func (n *Notification) scan(row scanner) error {
	return row.Scan(&n.ID, &n.ReceiverID, &n.AlertID, &n.Severity, &jsonInto{&n.Fact}, &n.MadeAt, &n.PostID)
}

// PostNotifications are what posts tell, by post, oldest first.
func (db *DB) PostNotifications(ctx context.Context, posts ...int64) (map[int64][]Notification, error) {
	return notificationsIn(ctx, db.reader(), posts)
}

func notificationsIn(ctx context.Context, q querier, posts []int64) (map[int64][]Notification, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT `+notificationColumns+` FROM notifications WHERE post_id IN (`+placeholders(len(posts))+`) ORDER BY post_id, id`, asAny(posts)...)
	all, err := collect(rows, err, (*Notification).scan)
	by := map[int64][]Notification{}
	for _, n := range all {
		by[n.PostID] = append(by[n.PostID], n)
	}
	return by, err
}

// A Told is one notification about an alert, with who hears it and how its post stands.
type Told struct {
	Notification
	Receiver string
	State    PostState // "": it is not gathered yet
	EndedAt  Time      // of the post
}

// maxTold bounds what the page of an alert shows.
const maxTold = 20

// AlertNotifications are who was told, and will be, of an alert; the newest first, at most twenty.
func (db *DB) AlertNotifications(ctx context.Context, alertID int64) ([]Told, error) {
	rows, err := db.reader().QueryContext(ctx, `SELECT n.id, n.receiver_id, n.alert_id, n.severity, n.fact, n.made_at, n.post_id, r.name, coalesce(p.state, ''), coalesce(p.ended_at, 0)
		FROM notifications n JOIN receivers r ON r.id = n.receiver_id LEFT JOIN posts p ON p.id = n.post_id
		WHERE n.alert_id = ? AND r.deleted_at = 0 ORDER BY n.id DESC LIMIT ?`, alertID, maxTold)
	return collect(rows, err, func(t *Told, row scanner) error {
		return row.Scan(&t.ID, &t.ReceiverID, &t.AlertID, &t.Severity, &jsonInto{&t.Fact}, &t.MadeAt, &t.PostID, &t.Receiver, &t.State, &t.EndedAt)
	})
}

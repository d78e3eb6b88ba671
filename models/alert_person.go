package models

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"switchyard/models/alert"
)

const (
	// MaxNote bounds the note of an act, in characters.
	MaxNote = 2000
	// longestSnooze is how long an alert may be put aside.
	longestSnooze = 30 * 24 * time.Hour
)

// AcknowledgeAlert records that by has it. The same person again changes nothing; another gets an
// *alert.Conflict; a resolved one is ErrConflict. The alert as it then is is returned, also with a conflict.
func (db *DB) AcknowledgeAlert(ctx context.Context, id int64, note string, by By) (Alert, error) {
	return db.actWithNote(ctx, id, alert.Act{Verb: alert.Acknowledge, Note: note}, by)
}

// UnacknowledgeAlert takes the acknowledgement back; anyone who may acknowledge may.
func (db *DB) UnacknowledgeAlert(ctx context.Context, id int64, by By) (Alert, error) {
	return db.act(ctx, id, alert.Act{Verb: alert.Unacknowledge}, by)
}

// SnoozeAlert puts an open alert aside until a time, at most 30 days ahead, or until it gets worse; the note may be
// empty.
func (db *DB) SnoozeAlert(ctx context.Context, id int64, until time.Time, note string, by By) (Alert, error) {
	now := db.Now()
	if !until.After(now) || until.After(now.Add(longestSnooze)) {
		return Alert{}, &Invalid{Field: "until", Message: "Choose a time from now to 30 days ahead."}
	}
	return db.actWithNote(ctx, id, alert.Act{Verb: alert.Snooze, Until: until, Note: note}, by)
}

// ResolveAlert ends an open alert by hand; the reason is asked for. What is activated afterwards is a new alert.
func (db *DB) ResolveAlert(ctx context.Context, id int64, reason string, by By) (Alert, error) {
	if strings.TrimSpace(reason) == "" {
		return Alert{}, &Invalid{Field: "note", Message: "Say why it is resolved: others will read it when it comes again."}
	}
	return db.actWithNote(ctx, id, alert.Act{Verb: alert.Resolve, Note: reason}, by)
}

// CommentAlert adds a comment, to a resolved alert too.
func (db *DB) CommentAlert(ctx context.Context, id int64, text string, by By) (Alert, error) {
	if strings.TrimSpace(text) == "" {
		return Alert{}, &Invalid{Field: "note", Message: "Write the comment first."}
	}
	a, err := db.Alert(ctx, id)
	if err != nil {
		return Alert{}, err
	}
	return db.actWithNote(ctx, id, alert.Act{Verb: alert.Comment, Note: text, On: a.Key}, by)
}

// AssignAlert makes an open alert somebody's, who must be active and may act on alerts; 0 is nobody's.
func (db *DB) AssignAlert(ctx context.Context, id, to int64, by By) (Alert, error) {
	act := alert.Act{Verb: alert.Assign, To: to}
	if to != 0 {
		u, err := db.User(ctx, to)
		if err != nil && err != ErrNotFound {
			return Alert{}, err
		}
		if err != nil || !u.DisabledAt.IsZero() || !u.Role.May(Support) {
			return Alert{}, &Invalid{Field: "to", Message: "Choose an active person with the role support or above."}
		}
		act.ToName = cmp.Or(u.Name, u.Email)
	}
	return db.act(ctx, id, act, by)
}

// UndoAlertAct takes back one act of an alert; see alert.Stretch.Apply. A comment of another person is
// alert.ErrNotYours.
func (db *DB) UndoAlertAct(ctx context.Context, id, act int64, by By) (Alert, error) {
	return db.act(ctx, id, alert.Act{Verb: alert.Undo, Of: act}, by)
}

func (db *DB) actWithNote(ctx context.Context, id int64, act alert.Act, by By) (Alert, error) {
	act.Note = strings.TrimSpace(act.Note)
	if utf8.RuneCountInString(act.Note) > MaxNote {
		return Alert{}, &Invalid{Field: "note", Message: "A note has at most 2,000 characters."}
	}
	return db.act(ctx, id, act, by)
}

package alert

import (
	"errors"
	"slices"
	"time"
)

// ErrNotYours is that only who wrote a comment takes it back.
var ErrNotYours = errors.New("alert: another person wrote this comment")

// Apply decides whether a person may do act to s now: changed tells whether anything changes (the same
// person acknowledging again changes nothing, nor does any act but a comment or an undoing on a resolved alert), and err
// is a *Conflict when another person has it. Anybody may undo what others did, so that nobody's absence locks an alert;
// only comments are their author's alone.
func (s *Stretch) Apply(act Act) (changed bool, err error) {
	if act.Verb.Open() && s.Status == Resolved {
		return false, nil
	}
	switch act.Verb {
	case Acknowledge:
		if s.Status == Acknowledged && s.Ack.By != act.By {
			return false, &Conflict{s.Ack.By, s.Ack.Name, s.Ack.At}
		}
		return s.Status == Active, nil
	case Unacknowledge:
		return s.Status == Acknowledged, nil
	case Snooze:
		return act.Until.After(act.At) && !act.Until.Equal(s.SnoozedUntil), nil
	case Assign:
		return act.To != s.assignee(), nil
	case Undo:
		return s.undo(act)
	}
	return act.Verb == Resolve || act.Verb == Comment, nil
}

// assignee is the user who is to look after it; 0 is nobody.
func (s *Stretch) assignee() int64 {
	if s.Assigned == nil {
		return 0
	}
	return s.Assigned.To
}

func (s *Stretch) undo(act Act) (changed bool, err error) {
	i := slices.IndexFunc(s.Acts, func(a Act) bool { return a.ID == act.Of })
	if i < 0 || !s.Acts[i].Verb.Undoable() || Undone(s.Acts)[act.Of] {
		return false, nil
	}
	if s.Acts[i].Verb == Comment && s.Acts[i].By != act.By {
		return false, ErrNotYours
	}
	return true, nil
}

// A Conflict says who already has the alert.
type Conflict struct {
	By   int64
	Name string
	At   time.Time
}

// Error is the sentence, for logs.
func (c *Conflict) Error() string {
	return c.Name + " acknowledged this alert at " + c.At.UTC().Format(time.RFC3339)
}

package alert

import "time"

// Apply decides whether a person may do act to s now: changed tells whether anything changes (the same
// person acknowledging again changes nothing, nor does any act on a resolved alert), and err is a *Conflict
// when another person has it. Anybody may undo an acknowledgement, so that nobody's absence locks an alert.
func (s Stretch) Apply(act Act) (changed bool, err error) {
	switch {
	case act.Verb == Acknowledge && s.Status == Active:
		return true, nil
	case act.Verb == Acknowledge && s.Status == Acknowledged && s.Ack.By != act.By:
		return false, &Conflict{s.Ack.By, s.Ack.Name, s.Ack.At}
	case act.Verb == Unacknowledge && s.Status == Acknowledged:
		return true, nil
	}
	return false, nil
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

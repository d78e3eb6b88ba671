package alert

import (
	"slices"
	"time"
)

// A hold is who has the alert, and since when no longer.
type hold struct {
	ack      *Act
	reopened time.Time // zero while the acknowledgement is in force
	severity Severity  // of the alert when it was acknowledged
}

func (h hold) inForce() bool { return h.ack != nil && h.reopened.IsZero() }

// play walks through acts and arrivals by our clock and tells whether an acknowledgement is in force. An
// event that arrived after the acknowledgement and is worse than what was acknowledged ends it.
func (s *Stretch) play(k Kind) bool {
	arrivals := slices.Clone(s.Events)
	slices.SortStableFunc(arrivals, func(a, b Event) int { return a.Arrived.Compare(b.Arrived) })
	var now hold
	var before []hold // what each acknowledgement in force replaced, for undoing it
	arrive := func(until *time.Time) {
		for len(arrivals) > 0 && (until == nil || !arrivals[0].Arrived.After(*until)) {
			e := arrivals[0]
			arrivals = arrivals[1:]
			if now.inForce() && e.Activated && SeverityOf(k, e.Threshold) > now.severity {
				now.reopened = e.Arrived
			}
		}
	}
	for i := range s.Acts {
		a := s.Acts[i]
		arrive(&a.At)
		switch {
		case a.Verb == Acknowledge && !now.inForce():
			before = append(before, now)
			now = hold{ack: &a, severity: s.severityAt(k, a.At)}
		case a.Verb == Unacknowledge && now.inForce():
			now, before = before[len(before)-1], before[:len(before)-1]
		}
	}
	arrive(nil)
	s.Ack, s.ReopenedAt = now.ack, now.reopened
	return now.inForce()
}

// severityAt is the severity as far as it was known at a time of our clock.
func (s *Stretch) severityAt(k Kind, at time.Time) Severity {
	known := slices.DeleteFunc(slices.Clone(s.Events), func(e Event) bool { return e.Arrived.After(at) })
	return collect(k, known).severity()
}

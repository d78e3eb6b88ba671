package alert

import (
	"slices"
	"time"
)

// A hold is an act that holds until it gets worse: who has the alert, or until when it is snoozed.
type hold struct {
	act      *Act
	ended    time.Time // zero while it holds
	severity Severity  // of the alert when the person acted
}

func (h hold) holds() bool { return h.act != nil && h.ended.IsZero() }

// meet ends the hold when what arrives is worse than what the person saw.
func (h *hold) meet(e Event, severity Severity) {
	if h.holds() && severity > h.severity {
		h.ended = e.Arrived
	}
}

// play walks through acts and arrivals by our clock and tells whether an acknowledgement is in force. An
// event that arrived after the acknowledgement and is worse than what was acknowledged ends it; a snooze likewise.
func (s *Stretch) play(k Kind) bool {
	arrivals := slices.Clone(s.Events)
	slices.SortStableFunc(arrivals, func(a, b Event) int { return a.Arrived.Compare(b.Arrived) })
	var has, sleeps hold
	var before []hold // what each acknowledgement in force replaced, for taking it back
	arrive := func(until *time.Time) {
		for len(arrivals) > 0 && (until == nil || !arrivals[0].Arrived.After(*until)) {
			e := arrivals[0]
			arrivals = arrivals[1:]
			if e.Activated {
				has.meet(e, SeverityOf(k, e.Threshold))
				sleeps.meet(e, SeverityOf(k, e.Threshold))
			}
		}
	}
	for _, a := range inForce(s.Acts) {
		arrive(&a.At)
		switch {
		case a.Verb == Acknowledge && !has.holds():
			before = append(before, has)
			has = hold{act: &a, severity: s.severityAt(k, a.At)}
		case a.Verb == Unacknowledge && has.holds():
			has, before = before[len(before)-1], before[:len(before)-1]
		case a.Verb == Snooze:
			sleeps = hold{act: &a, severity: s.severityAt(k, a.At)}
		case a.Verb == Assign:
			s.Assigned = &a
		}
	}
	arrive(nil)
	s.Ack, s.ReopenedAt = has.act, has.ended
	if sleeps.holds() {
		s.SnoozedUntil = sleeps.act.Until
	}
	return has.holds()
}

// severityAt is the severity as far as it was known at a time of our clock.
func (s *Stretch) severityAt(k Kind, at time.Time) Severity {
	known := collect(k, slices.DeleteFunc(slices.Clone(s.Events), func(e Event) bool { return e.Arrived.After(at) }))
	return known.severity()
}

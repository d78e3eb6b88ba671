package models

import (
	"slices"
	"time"
)

// AbandonedAfter is how long an open visit may be without a request before it counts as abandoned. Who comes back later
// goes on all the same, and the visit is open again.
const AbandonedAfter = time.Hour

// VisitAbandoned is no outcome that is stored: it is VisitOpen after AbandonedAfter.
const VisitAbandoned Outcome = "abandoned"

// OutcomeAt is the outcome as people see it at a time: an open visit may be abandoned by then.
func (v Visit) OutcomeAt(now time.Time) Outcome {
	if v.Outcome == VisitOpen && v.LastAt.Before(now.Add(-AbandonedAfter)) {
		return VisitAbandoned
	}
	return v.Outcome
}

// VisitFilter says which visits. The zero value is all but tests.
type VisitFilter struct {
	FlowID   int64
	Outcome  Outcome   // VisitOpen: all that are not finished, abandoned ones too; empty: any
	Screen   string    // the last one; asks for FlowID
	From, To time.Time // started; half-open; zero: open
	Faulty   bool      // only with a fault or an error notification
	Tests    bool      // also those of tests
	Contacts []int64   // of one of them; see contactVisits for what is known
	Name     string    // every word occurs (folded: case and accents) in the name of the contact
	Before   int64     // page: those that started before the one with that id; 0 = newest
	After    int64     // page back: those that started after it
	Limit    int       // 0 = 50
}

// leads is the part of the filter whose index is read; the others are held against its rows.
func (f VisitFilter) leads() string {
	switch {
	case f.ofPeople():
		return "id"
	case f.Faulty:
		return "faulty"
	case f.Screen != "":
		return "screen"
	case f.Outcome != "":
		return "outcome"
	case f.FlowID != 0:
		return "flow"
	}
	return "started"
}

// ofPeople tells whether visits are asked for by their contact.
func (f VisitFilter) ofPeople() bool { return len(f.Contacts) > 0 || f.Name != "" }

// where is the filter as SQL, without contacts and page. A plus keeps SQLite, which knows nothing of how many rows each
// condition leaves, from any index but the one that leads.
func (f VisitFilter) where(d dialect, now time.Time) (w where) {
	lead := f.leads()
	beside := func(by ...string) string {
		if slices.Contains(by, lead) {
			return ""
		}
		return d.besides
	}
	if f.FlowID != 0 {
		w.and(beside("flow", "screen")+`v.flow_id = ?`, f.FlowID)
	}
	if f.Faulty {
		w.and(beside("faulty") + `v.faulty`)
	}
	if f.Screen != "" {
		w.and(beside("screen")+`v.screen = ?`, f.Screen)
	}
	switch f.Outcome {
	case "":
	case VisitAbandoned: // it also began before, which the index knows
		w.and(beside("outcome")+`v.outcome = ?`, VisitOpen)
		w.and(`v.last_at < ?`, at(now.Add(-AbandonedAfter)))
		f.To = earliest(f.To, now.Add(-AbandonedAfter))
	default:
		w.and(beside("outcome")+`v.outcome = ?`, f.Outcome)
	}
	started := `v.started_at`
	if lead == "id" {
		started = d.besides + started
	}
	w.between(started, f.From, f.To)
	if !f.Tests {
		w.and(`NOT v.test`)
	}
	return w
}

// earliest is the earlier of a time, zero when it is open, and another.
func earliest(t, other time.Time) time.Time {
	if t.IsZero() || other.Before(t) {
		return other
	}
	return t
}

package models

import "time"

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
	IDs      []int64   // these only, at most 100
	Contacts []int64   // of one of them, at most 10; see contactVisits for what is known
	Name     string    // every word occurs (folded: case and accents) in the name of the contact
	Before   int64     // page: those that started before the one with that id; 0 = newest
	After    int64     // page back: those that started after it
	Limit    int       // 0 = 50
}

// index names the part of the filter whose index is read; the others are held against its rows.
func (f VisitFilter) index() string {
	switch {
	case f.Faulty:
		return "visits_faulty"
	case f.Screen != "":
		return "visits_screen"
	case f.Outcome != "":
		return "visits_outcome"
	case f.FlowID != 0:
		return "visits_flow"
	}
	return "visits_started"
}

// from is the table with the index for SQLite, which knows nothing of how many rows each condition leaves. PostgreSQL
// has its statistics.
func (f VisitFilter) from(d dialect) string {
	switch {
	case d.postgres:
		return `visits v `
	case f.few():
		return `visits v NOT INDEXED `
	}
	return `visits v INDEXED BY ` + f.index() + ` `
}

// ofPeople tells whether visits are asked for by their contact.
func (f VisitFilter) ofPeople() bool { return len(f.Contacts) > 0 || f.Name != "" }

// few tells whether visits are read by their ids, and sorted.
func (f VisitFilter) few() bool { return f.ofPeople() || len(f.IDs) > 0 }

// where is the filter as SQL, without contacts and page.
func (f VisitFilter) where(now time.Time) (w where) {
	if f.FlowID != 0 {
		w.and(`v.flow_id = ?`, f.FlowID)
	}
	if f.Faulty {
		w.and(`v.faulty`)
	}
	if f.Screen != "" {
		w.and(`v.screen = ?`, f.Screen)
	}
	switch f.Outcome {
	case "":
	case VisitAbandoned: // it also began before, which the index knows
		f.To = earliest(f.To, now.Add(-AbandonedAfter))
		w.and(`v.outcome = ?`, VisitOpen)
		w.and(`v.last_at < ?`, at(now.Add(-AbandonedAfter)))
	default:
		w.and(`v.outcome = ?`, f.Outcome)
	}
	if len(f.IDs) > 0 {
		w.in(`v.id`, f.IDs)
	}
	w.between(`v.started_at`, f.From, f.To)
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

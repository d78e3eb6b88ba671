package alert

import "time"

// Fold cuts events and acts of one (flow, kind) into stretches, oldest first; only the last can be open.
// Orphans are DEACTIVATED events with nothing open: kept, opening nothing.
//
// A comment belongs to the stretch that it names, an undoing to that of what it undoes. Every other act belongs to the
// newest stretch of which something had arrived when the person acted, so that a late event that re-cuts the stretches
// leaves every act where its time is. Acts without any stretch are dropped.
func Fold(k Kind, events []Event, acts []Act) (stretches []Stretch, orphans []Event) {
	acts = actsInOrder(acts)
	stretches, orphans = cut(k, inOrder(k, events), inForce(acts))
	attach(stretches, acts)
	for i := range stretches {
		stretches[i].settle(k)
	}
	return stretches, orphans
}

// cut makes the stretches of ordered events; acts that resolve end one.
func cut(k Kind, events []Event, acts []Act) (stretches []Stretch, orphans []Event) {
	active := set{kind: k}
	ends := endings(events, acts)
	for i := range len(events) + 1 {
		for _, a := range ends[i] {
			if !active.empty() && stretches[len(stretches)-1].end(k, a) {
				active = set{kind: k}
			}
		}
		if i == len(events) {
			break
		}
		e := events[i]
		if active.empty() {
			if !e.Activated {
				orphans = append(orphans, e)
				continue
			}
			stretches = append(stretches, Stretch{Key: e.Key, Since: e.At})
		}
		s := &stretches[len(stretches)-1]
		s.Events = append(s.Events, e)
		if active.apply(e); active.empty() {
			s.ResolvedAt = e.At
		}
	}
	return stretches, orphans
}

// endings are the acts that resolve, each by how many of the ordered events are before it: those of its time and
// before, and what had arrived by then.
func endings(events []Event, acts []Act) map[int][]Act {
	ends := map[int][]Act{}
	for _, a := range acts {
		if a.Verb != Resolve {
			continue
		}
		before := 0
		for i, e := range events {
			if !e.At.After(a.At) || !e.Arrived.After(a.At) {
				before = i + 1
			}
		}
		ends[before] = append(ends[before], a)
	}
	return ends
}

// end closes the stretch by hand, unless nothing of it had arrived when the person did so, or something worse than the
// person could know came later.
func (s *Stretch) end(k Kind, a Act) bool {
	if s.known().After(a.At) {
		return false
	}
	known := s.severityAt(k, a.At)
	for _, e := range s.Events {
		if e.Activated && e.Arrived.After(a.At) && SeverityOf(k, e.Threshold) > known {
			return false
		}
	}
	s.Closed, s.ResolvedAt = &a, a.At
	return true
}

// known is when we first heard of the stretch.
func (s *Stretch) known() time.Time {
	at := s.Events[0].Arrived
	for _, e := range s.Events {
		if e.Activated && e.Arrived.Before(at) {
			at = e.Arrived
		}
	}
	return at
}

// settle says how the stretch stands, from its events and acts.
func (s *Stretch) settle(k Kind) {
	active := collect(k, s.Events)
	s.Last = s.Events[len(s.Events)-1]
	s.Severity, s.Thresholds = active.severity(), active.figures()
	if s.Closed != nil {
		s.Severity, s.Thresholds = active.worst, nil
	}
	acknowledged := s.play(k)
	switch {
	case active.empty() || s.Closed != nil:
		s.Status = Resolved
	case acknowledged:
		s.Status = Acknowledged
	default:
		s.Status = Active
	}
}

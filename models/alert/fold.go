package alert

import (
	"slices"
	"time"
)

// Fold cuts events and acts of one (flow, kind) into stretches, oldest first; only the last can be open.
// Orphans are DEACTIVATED events with nothing open: kept, opening nothing.
//
// An act belongs to the newest stretch of which something had arrived when the person acted, so that a late
// event that re-cuts the stretches leaves every act where its time is. Acts without any stretch are dropped.
func Fold(k Kind, events []Event, acts []Act) (stretches []Stretch, orphans []Event) {
	stretches, orphans = cut(k, inOrder(k, events))
	attach(stretches, actsInOrder(acts))
	for i := range stretches {
		stretches[i].settle(k)
	}
	return stretches, orphans
}

// cut makes the stretches of ordered events.
func cut(k Kind, events []Event) (stretches []Stretch, orphans []Event) {
	active := set{kind: k}
	for _, e := range events {
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

// attach gives each act to its stretch.
func attach(stretches []Stretch, acts []Act) {
	known := make([]time.Time, len(stretches))
	for i, s := range stretches {
		known[i] = s.known()
	}
	for _, a := range acts {
		for i := range slices.Backward(stretches) {
			if i == 0 || !known[i].After(a.At) {
				stretches[i].Acts = append(stretches[i].Acts, a)
				break
			}
		}
	}
}

// known is when we first heard of the stretch.
func (s Stretch) known() time.Time {
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
	s.Severity = active.severity()
	s.Thresholds = active.figures()
	inForce := s.play(k)
	switch {
	case active.empty():
		s.Status = Resolved
	case inForce:
		s.Status = Acknowledged
	default:
		s.Status = Active
	}
}

// A set is the activated thresholds of a kind, mildest first.
type set struct {
	kind   Kind
	levels []level
	worst  Severity // that was ever in it
}

func collect(k Kind, events []Event) set {
	s := set{kind: k}
	for _, e := range events {
		s.apply(e)
	}
	return s
}

// apply adds an activated threshold, or removes a deactivated one and all worse ones.
func (s *set) apply(e Event) {
	l := levelOf(e.Threshold)
	i, found := slices.BinarySearchFunc(s.levels, l, func(a, b level) int { return a.compare(s.kind, b) })
	switch {
	case !e.Activated:
		s.levels = s.levels[:i]
	case !found:
		s.levels = slices.Insert(s.levels, i, l)
	}
	if e.Activated {
		s.worst = max(s.worst, l.severity(s.kind))
	}
}

func (s set) empty() bool { return len(s.levels) == 0 }

// severity is the worst of the set; of an empty one the worst that was.
func (s set) severity() Severity {
	if s.empty() {
		return s.worst
	}
	return s.levels[len(s.levels)-1].severity(s.kind)
}

func (s set) figures() []float64 {
	var figures []float64
	for _, l := range s.levels {
		if l.given {
			figures = append(figures, l.value)
		}
	}
	return figures
}

package alert

import "slices"

// A set is the activated thresholds of a kind. What Meta says and what our own monitor says are apart, because neither
// knows that the other has recovered.
type set struct {
	kind  Kind
	sides [2][]level // Meta's, our own; mildest first
	worst Severity   // that was ever in it
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
	levels := &s.sides[0]
	if e.Own {
		levels = &s.sides[1]
	}
	l := levelOf(e.Threshold)
	i, found := slices.BinarySearchFunc(*levels, l, func(a, b level) int { return a.compare(s.kind, b) })
	switch {
	case !e.Activated:
		*levels = (*levels)[:i]
	case !found:
		*levels = slices.Insert(*levels, i, l)
	}
	if e.Activated {
		s.worst = max(s.worst, l.severity(s.kind))
	}
}

func (s *set) empty() bool { return len(s.sides[0])+len(s.sides[1]) == 0 }

// severity is the worst of the set; of an empty one the worst that was.
func (s *set) severity() Severity {
	if s.empty() {
		return s.worst
	}
	var worst Severity
	for _, levels := range s.sides {
		if len(levels) > 0 {
			worst = max(worst, levels[len(levels)-1].severity(s.kind))
		}
	}
	return worst
}

// figures are the thresholds of both sides, each once.
func (s *set) figures() []float64 {
	all := slices.Concat(s.sides[0], s.sides[1])
	slices.SortFunc(all, func(a, b level) int { return a.compare(s.kind, b) })
	var figures []float64
	for _, l := range slices.Compact(all) {
		if l.given {
			figures = append(figures, l.value)
		}
	}
	return figures
}

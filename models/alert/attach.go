package alert

import (
	"slices"
	"time"
)

// attach gives each act to its stretch.
func attach(stretches []Stretch, acts []Act) {
	known := make([]time.Time, len(stretches))
	for i := range stretches {
		known[i] = stretches[i].known()
	}
	place := make(map[int64]int, len(acts))
	for _, a := range acts {
		place[a.ID] = placeOf(stretches, known, a)
	}
	for _, a := range acts {
		at := place[a.ID]
		if of, ok := place[a.Of]; ok && a.Verb == Undo {
			at = of
		}
		if at >= 0 {
			stretches[at].Acts = append(stretches[at].Acts, a)
		}
	}
}

// placeOf is the index of an act's stretch, -1 for none.
func placeOf(stretches []Stretch, known []time.Time, a Act) int {
	for i, s := range stretches {
		named := a.Verb == Comment && slices.ContainsFunc(s.Events, func(e Event) bool { return e.Key == a.On })
		if named || s.Closed != nil && s.Closed.ID == a.ID {
			return i
		}
	}
	for i := range slices.Backward(stretches) {
		if i == 0 || !known[i].After(a.At) {
			return i
		}
	}
	return -1
}

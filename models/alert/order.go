package alert

import (
	"cmp"
	"slices"
)

// inOrder returns the events each once, by own time, DEACTIVATED after ACTIVATED, worse after milder, key.
func inOrder(k Kind, events []Event) []Event {
	first := make(map[string]Event, len(events))
	for _, e := range events {
		if other, twice := first[e.Key]; !twice || earlier(k, e, other) < 0 {
			first[e.Key] = e
		}
	}
	ordered := make([]Event, 0, len(first))
	for _, e := range first {
		ordered = append(ordered, e)
	}
	slices.SortFunc(ordered, func(a, b Event) int { return compare(k, a, b) })
	return ordered
}

// earlier decides which of two deliveries of one event counts: the one that arrived first.
func earlier(k Kind, a, b Event) int { return cmp.Or(a.Arrived.Compare(b.Arrived), compare(k, a, b)) }

func compare(k Kind, a, b Event) int {
	return cmp.Or(
		a.At.Compare(b.At),
		cmp.Compare(rank(a), rank(b)),
		levelOf(a.Threshold).compare(k, levelOf(b.Threshold)),
		cmp.Compare(a.Key, b.Key),
	)
}

func rank(e Event) int {
	if e.Activated {
		return 0
	}
	return 1
}

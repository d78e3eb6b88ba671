package rules

import "slices"

// maxTangle is how many rules of one screen two people may have moved at once and still be brought together.
const maxTangle = 500

// mergeOrder brings two orders together; ok is false when both moved the same rule, or cannot both have their way. What
// only one of them has, which the other added or removed, follows what it followed there.
func mergeOrder(base, theirs, mine []string) (order []string, ok bool) {
	inTheirs, inMine, inBase := setOf(theirs), setOf(mine), setOf(base)
	both := func(id string) bool { return inTheirs[id] && inMine[id] }
	a, b := restrict(theirs, both), restrict(mine, both)
	switch old := restrict(base, both); {
	case slices.Equal(a, b), slices.Equal(old, b):
		order = a
	case slices.Equal(old, a):
		order = b
	case slices.ContainsFunc(a, func(id string) bool { return !inBase[id] }):
		return a, false
	default:
		if order, ok = mergeMoves(old, a, b); !ok {
			return a, false
		}
	}
	afterA, afterB := followers(theirs, both), followers(mine, both)
	out := inGap(nil, afterA[""], afterB[""])
	for _, id := range order {
		out = inGap(append(out, id), afterA[id], afterB[id])
	}
	return out, true
}

// mergeMoves orders each two names as the one who moved them wants it; ok is false where that leads in a circle or both
// moved the same name.
func mergeMoves(base, a, b []string) (order []string, ok bool) {
	if len(base) > maxTangle {
		return nil, false
	}
	inA, inB := placesIn(a), placesIn(b)
	stayedA, stayedB := inOrder(base, inA), inOrder(base, inB)
	order = make([]string, len(base))
	for i, id := range base {
		if !stayedA[id] && !stayedB[id] {
			return nil, false
		}
		before := 0 // of the others
		for j, other := range base {
			first := j < i
			if (inA[other] < inA[id]) == first {
				first = inB[other] < inB[id]
			} else {
				first = !first
			}
			if first && i != j {
				before++
			}
		}
		if order[before] != "" {
			return nil, false
		}
		order[before] = id
	}
	return order, true
}

func setOf(ids []string) map[string]bool {
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func placesIn(ids []string) map[string]int {
	out := make(map[string]int, len(ids))
	for i, id := range ids {
		out[id] = i
	}
	return out
}

func restrict(ids []string, keep func(string) bool) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if keep(id) {
			out = append(out, id)
		}
	}
	return out
}

// followers are the names that are not shared, by the shared one before them; "" stands for the start.
func followers(ids []string, shared func(string) bool) map[string][]string {
	out, last := map[string][]string{}, ""
	for _, id := range ids {
		if shared(id) {
			last = id
		} else {
			out[last] = append(out[last], id)
		}
	}
	return out
}

// inGap appends what both have at the same place, the one whose first name is smaller first.
func inGap(out, a, b []string) []string {
	if len(a) > 0 && len(b) > 0 && b[0] < a[0] {
		a, b = b, a
	}
	return append(append(out, a...), b...)
}

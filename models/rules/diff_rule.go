package rules

import (
	"slices"
	"strconv"
)

// rules compares the rules of a place by their ids: gone, new, moved, changed.
func (d *differ) rules(before, after *ScreenRules) {
	was, is := placesIn(idsOf(before.Rules)), placesIn(idsOf(after.Rules))
	for i, r := range before.Rules {
		if _, has := is[r.ID]; !has {
			d.look(RulePart, r.ID, subject(r, i, d.screen, d.flow))
			d.say("removed: " + d.whole(r))
		}
	}
	stayed := inOrder(idsOf(before.Rules), is)
	for i, r := range after.Rules {
		d.look(RulePart, r.ID, subject(r, i, d.screen, d.flow))
		j, had := was[r.ID]
		if !had {
			d.say("added at position " + strconv.Itoa(i+1) + ": " + d.whole(r))
			continue
		}
		if !stayed[r.ID] {
			d.part = OrderPart
			d.say("moved from position " + strconv.Itoa(j+1) + " to " + strconv.Itoa(i+1))
			d.part = RulePart
		}
		d.rule(before.Rules[j], r)
	}
}

// whole says a rule in one sentence.
func (d *differ) whole(r Rule) string {
	text := "when " + d.condition(r.When) + ", then " + d.outcomeWords(r.Then)
	if r.Off {
		text += " (switched off)"
	}
	return text
}

func (d *differ) rule(a, b Rule) {
	d.text("name", a.Name, b.Name)
	switch {
	case a.Off && !b.Off:
		d.say("switched on")
	case b.Off && !a.Off:
		d.say("switched off")
	}
	d.compare(a.When, b.When, "")
	d.outcome(&a.Then, &b.Then)
}

// inOrder are the most names that keep their order among each other: the longest rising run of the places that they have
// afterwards. The others were moved.
func inOrder(before []string, after map[string]int) map[string]bool {
	var ids []string
	var places []int
	for _, id := range before {
		if at, has := after[id]; has {
			ids, places = append(ids, id), append(places, at)
		}
	}
	stayed := map[string]bool{}
	for _, i := range rising(places) {
		stayed[ids[i]] = true
	}
	return stayed
}

// rising are the indexes of a longest increasing subsequence of different numbers.
func rising(ns []int) []int {
	ends := []int{}                // ends[k]: index of the smallest last number of a run of k+1
	before := make([]int, len(ns)) // what comes before it in its run
	for i, n := range ns {
		k, _ := slices.BinarySearchFunc(ends, n, func(e, n int) int { return ns[e] - n })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	var out []int
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		out = append(out, i)
	}
	slices.Reverse(out)
	return out
}

package rules

import "strings"

// condition says a condition, shortened.
func (d *differ) condition(c Condition) string { return cut(d.speaker().condition(c, false)) }

// compare tells what differs between two conditions. where says in which group they stand.
func (d *differ) compare(a, b Condition, where string) {
	if alike(a, b) {
		return
	}
	ga, partsA := connector(a)
	gb, partsB := connector(b)
	switch {
	case ga != "" && gb != "":
		if ga != gb {
			d.say("“" + ga + "” became “" + gb + "” for the conditions “" + d.condition(b) + "”" + where)
		}
		d.parts(partsA, partsB, " in the group “"+gb+"”")
	case a.isLeaf() && b.isLeaf() && a.Field == b.Field:
		d.leaf(a, b, where)
	case gb != "" && holds(partsB, a):
		d.grouped([]Condition{a}, partsB, where, " in the group “"+gb+"”", "now stands in a group")
	case ga != "" && holds(partsA, b):
		d.grouped(partsA, []Condition{b}, where, " in the group “"+ga+"”", "no longer stands in a group")
	case a.Not != nil && b.Not != nil:
		d.compare(*a.Not, *b.Not, " under “not”")
	case a.Formula != "" && b.Formula != "":
		d.say("the formula " + became(a.Formula, b.Formula, a.Formula, b.Formula) + where)
	default:
		d.say("the condition " + d.swapped(a, b) + where)
	}
}

// swapped says that one condition took the place of another.
func (d *differ) swapped(a, b Condition) string {
	s := d.speaker()
	return became(s.condition(a, false), s.condition(b, false), canonical(a), canonical(b))
}

// grouped compares a condition alone with a group that has it: what else the group has, or only that there is one.
func (d *differ) grouped(a, b []Condition, where, inside, otherwise string) {
	if len(a) == 1 && len(b) == 1 {
		d.say("“" + d.condition(a[0]) + "” " + otherwise + where)
		return
	}
	d.parts(a, b, inside)
}

func (d *differ) leaf(a, b Condition, where string) {
	s := d.speaker()
	field := s.field(a.Field)
	words := func(c Condition) string { return strings.TrimPrefix(s.leaf(c, false), field+" ") }
	d.say(field + " " + became(words(a), words(b), canonical(a.Value), canonical(b.Value)) + where)
}

// connector is how the members of a group are joined, in words; "" for what is no group.
func connector(c Condition) (string, []Condition) {
	switch {
	case c.All != nil:
		return "all of", *c.All
	case c.Any != nil:
		return "any of", *c.Any
	}
	return "", nil
}

func holds(parts []Condition, c Condition) bool {
	for _, p := range parts {
		if alike(p, c) {
			return true
		}
	}
	return false
}

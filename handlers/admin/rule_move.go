package admin

import (
	"slices"
	"strconv"

	"switchyard/views"
)

// A partAct changes the part at a place of its group. The control to go on with and what was done are asked for after
// the parts have been numbered anew.
type partAct func(whole, parent *views.ConditionPart, i int) (focus, said func() string)

var partActs = map[string]partAct{
	"up": moveUp, "down": moveDown, "duplicate": duplicate, "remove": remove, "wrap": wrap, "ungroup": ungroup,
}

// moveUp goes one place up from row to row: into the end of a group above, and from the top of a group out of it.
func moveUp(whole, parent *views.ConditionPart, i int) (focus, said func() string) {
	part := parent.Parts[i]
	take(parent, i)
	switch {
	case i > 0 && parent.Parts[i-1].IsGroup():
		above := &parent.Parts[i-1]
		above.Parts = append(above.Parts, part)
	case i > 0:
		parent.Parts = slices.Insert(parent.Parts, i-1, part)
	default:
		outer, j := parentOf(whole, parent)
		if outer == nil {
			parent.Parts = slices.Insert(parent.Parts, 0, part)
			break
		}
		outer.Parts = slices.Insert(outer.Parts, j, part)
		dropEmpty(outer, j+1)
	}
	return moved(whole, part, "up", "down")
}

// moveDown is moveUp the other way.
func moveDown(whole, parent *views.ConditionPart, i int) (focus, said func() string) {
	part := parent.Parts[i]
	take(parent, i)
	switch {
	case i < len(parent.Parts) && parent.Parts[i].IsGroup():
		below := &parent.Parts[i]
		below.Parts = slices.Insert(below.Parts, 0, part)
	case i < len(parent.Parts):
		parent.Parts = slices.Insert(parent.Parts, i+1, part)
	default:
		outer, j := parentOf(whole, parent)
		if outer == nil {
			parent.Parts = append(parent.Parts, part)
			break
		}
		outer.Parts = slices.Insert(outer.Parts, j+1, part)
		dropEmpty(outer, j)
	}
	return moved(whole, part, "down", "up")
}

func take(g *views.ConditionPart, i int) { g.Parts = slices.Delete(g.Parts, i, i+1) }

// dropEmpty removes a group that nothing is left in.
func dropEmpty(in *views.ConditionPart, i int) {
	if len(in.Parts[i].Parts) == 0 {
		take(in, i)
	}
}

// moved stays at the button that was pressed, or at its opposite where the part cannot go on.
func moved(whole *views.ConditionPart, part views.ConditionPart, do, back string) (focus, said func() string) {
	focus = func() string {
		now := withKey(whole, part.Key)
		if do == "up" && !now.Up || do == "down" && !now.Down {
			return now.ID(back)
		}
		return now.ID(do)
	}
	was := part.Words()
	said = func() string {
		now := withKey(whole, part.Key)
		if now.Words() == was {
			return title(was) + " stays where it is."
		}
		return title(was) + " moved " + do + ". It is " + now.Words() + " now."
	}
	return focus, said
}

// withKey is the part of that key.
func withKey(whole *views.ConditionPart, key string) views.ConditionPart {
	for x := range whole.Each() {
		if x.Key == key {
			return *x
		}
	}
	return views.ConditionPart{}
}

// duplicate puts a copy below.
func duplicate(_, parent *views.ConditionPart, i int) (focus, said func() string) {
	twin := views.ConditionPart{Parts: clonedParts(parent.Parts[i : i+1])}
	for x := range twin.Each() {
		x.Key = ""
	}
	was := parent.Parts[i].Words()
	parent.Parts = slices.Insert(parent.Parts, i+1, twin.Parts[0])
	return func() string { return firstControl(parent.Parts[i+1]) },
		func() string { return title(was) + " duplicated as " + parent.Parts[i+1].Words() + "." }
}

// remove takes a part away. A group that would be empty goes with it; a whole condition that holds nothing is “all of
// none”, since “any of none” would never hold.
func remove(whole, parent *views.ConditionPart, i int) (focus, said func() string) {
	what := title(parent.Parts[i].Words()) + " removed."
	for take(parent, i); len(parent.Parts) == 0 && parent != whole; take(parent, i) {
		what = title(parent.Words()) + " removed with its only condition."
		parent, i = parentOf(whole, parent)
	}
	if len(whole.Parts) == 0 {
		whole.Join, whole.Bare = views.JoinAll, false
	}
	focus = func() string {
		switch {
		case i < len(parent.Parts):
			return parent.Parts[i].ID("remove")
		case i > 0:
			return parent.Parts[i-1].ID("remove")
		}
		return parent.ID("add")
	}
	return focus, func() string { return what }
}

// wrap makes a group of a row.
func wrap(_, parent *views.ConditionPart, i int) (focus, said func() string) {
	join := views.JoinAny
	if parent.Join == views.JoinAny {
		join = views.JoinAll
	}
	parent.Parts[i] = views.ConditionPart{Join: join, Parts: []views.ConditionPart{parent.Parts[i]}}
	return func() string { return parent.Parts[i].ID("group") },
		func() string { return "The condition is in " + parent.Parts[i].Words() + " now. Add others to it." }
}

// ungroup puts the parts of a group in its place.
func ungroup(_, parent *views.ConditionPart, i int) (focus, said func() string) {
	group := parent.Parts[i]
	if !group.IsGroup() {
		return func() string { return "" }, func() string { return "" }
	}
	parent.Parts = slices.Replace(parent.Parts, i, i+1, group.Parts...)
	focus = func() string {
		if i < len(parent.Parts) {
			return firstControl(parent.Parts[i])
		}
		return parent.ID("add")
	}
	return focus, func() string {
		words := strconv.Itoa(len(group.Parts)) + " conditions stand"
		if len(group.Parts) == 1 {
			words = "1 condition stands"
		}
		return title(group.Words()) + " dissolved: " + words + " in the group around it."
	}
}

package rules

import (
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// structure checks what holds for every document whatever its flow: an opening, an otherwise for each
// screen, one shape per condition, one outcome per rule, ids that differ.
func structure(d Document) []Problem {
	p := &docParser{}
	if d.Opening == nil {
		p.tell("no-opening", "", "The document has no “opening”. Say which screen opens first.")
	}
	seen := map[string]bool{}
	for place, s := range d.parts() {
		if s == nil {
			p.tell("type", place, "An object {…} belongs here.")
			continue
		}
		for i, r := range s.Rules {
			path := join(place, "rules", strconv.Itoa(i))
			switch {
			case r.ID != "" && !idForm.MatchString(r.ID):
				p.tell("id", path+"/id", "A rule's id has 1 to 64 letters, digits, dots, dashes and underscores.")
			case r.ID != "" && seen[r.ID]:
				p.tell("duplicate-id", path+"/id", "Another rule has the id “%s”. Remove this one; a new one is made.", r.ID)
			}
			seen[r.ID] = true
			nodes := 0
			p.shape(r.When, path+"/when", 1, &nodes)
			if nodes > maxConditionNodes {
				p.tell("limit", path+"/when", "The condition has more than %d parts. Split the rule.", maxConditionNodes)
			}
			p.oneOutcome(&r.Then, path+"/then")
		}
		if s.Otherwise == nil {
			p.tell("no-otherwise", place, "“otherwise” is missing: say what happens when no rule decides.")
		} else {
			p.oneOutcome(s.Otherwise, place+"/otherwise")
		}
		if s.Back != nil {
			p.oneOutcome(s.Back, place+"/back")
		}
	}
	if d.Opening != nil {
		p.noStay(d.Opening)
	}
	return p.problems
}

// parts lists the opening and then the screens by name, with their places.
func (d Document) parts() iter.Seq2[string, *ScreenRules] {
	return func(yield func(string, *ScreenRules) bool) {
		if d.Opening != nil && !yield("/opening", d.Opening) {
			return
		}
		for _, id := range slices.Sorted(maps.Keys(d.Screens)) {
			if !yield(join("/screens", id), d.Screens[id]) {
				return
			}
		}
	}
}

func (p *docParser) shape(c Condition, path string, depth int, nodes *int) {
	*nodes++
	if depth > MaxDepth {
		p.tell("limit", path, "The condition is nested more than %d deep. Split the rule.", MaxDepth)
		return
	}
	if c.shapes() != 1 {
		p.tell("condition", path, "A condition is exactly one of: field with op and value, all, any, not, formula.")
		return
	}
	switch {
	case c.isLeaf() && c.Field == "":
		p.tell("condition", path, "The condition names no field.")
	case c.isLeaf() && c.Op == "":
		p.tell("condition", path, "The condition on “%s” has no operator.", c.Field)
	case c.Not != nil:
		p.shape(*c.Not, path+"/not", depth+1, nodes)
	}
	p.shapes(c.All, path+"/all/", depth, nodes)
	p.shapes(c.Any, path+"/any/", depth, nodes)
}

func (p *docParser) shapes(group *[]Condition, path string, depth int, nodes *int) {
	if group == nil {
		return
	}
	for i, part := range *group {
		p.shape(part, path+strconv.Itoa(i), depth+1, nodes)
	}
}

func (c Condition) isLeaf() bool { return c.Field != "" || c.Op != "" || c.Value != nil }

// shapes counts what a condition is; one is right.
func (c Condition) shapes() int {
	return count(c.All != nil, c.Any != nil, c.Not != nil, c.Formula != "", c.isLeaf())
}

// shapes counts what an outcome is; one is right.
func (o *Outcome) shapes() int {
	return count(o.Go != "", o.Stay != nil, o.Finish != nil, o.Expire != nil)
}

func (p *docParser) oneOutcome(o *Outcome, path string) {
	switch n := o.shapes(); {
	case n > 1:
		p.tell("outcome", path, "There is more than one outcome here. Keep exactly one of go, stay, finish, expire.")
	case n == 0:
		p.tell("outcome", path, "There is no outcome here. Choose one of go, stay, finish, expire.")
	case o.Go == "" && o.Data != nil:
		p.tell("outcome", path+"/data", "“data” beside the outcome belongs to “go”. For stay, put it inside.")
	}
}

// noStay refuses stay in the opening: there is no screen yet to stay on.
func (p *docParser) noStay(s *ScreenRules) {
	const msg = "The form is only opening, so there is no screen to stay on. Go to a screen instead."
	for i, r := range s.Rules {
		if r.Then.Stay != nil {
			p.tell("stay-in-opening", fmt.Sprintf("/opening/rules/%d/then/stay", i), msg)
		}
	}
	if s.Otherwise != nil && s.Otherwise.Stay != nil {
		p.tell("stay-in-opening", "/opening/otherwise/stay", msg)
	}
	if s.Back != nil {
		p.tell("unknown-key", "/opening/back", "Nothing lies before the opening, so it has no “back”.")
	}
}

func count(bs ...bool) (n int) {
	for _, b := range bs {
		if b {
			n++
		}
	}
	return n
}

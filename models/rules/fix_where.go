package rules

import (
	"slices"
	"strconv"
	"strings"
)

// openingPart is where the opening stands in a document.
const openingPart = "/opening"

// A where is a place in a document that a problem's path names.
type where struct {
	place string // "/opening" or "/screens/ID"; "" for a setting of the document
	slot  string // "rules", "otherwise", "back"; "" for the screen as a whole
	index int    // of the rule
	side  string // "when" or "then" of a rule
	rest  []string
}

// locate reads a JSON pointer; ok is false for one that names no place of a document.
func locate(path string) (w where, ok bool) {
	steps := strings.Split(path, "/")
	for i := range steps {
		steps[i] = pointerUnescape.Replace(steps[i])
	}
	switch {
	case len(steps) < 2:
		return w, path == ""
	case steps[1] == "opening":
		w.place, steps = openingPart, steps[2:]
	case steps[1] == "screens" && len(steps) > 2:
		w.place, steps = join("/screens", steps[2]), steps[3:]
	default:
		return w, steps[1] == "timezone" || steps[1] == "screens"
	}
	if len(steps) == 0 {
		return w, true
	}
	w.slot, w.rest = steps[0], steps[1:]
	if w.slot != "rules" {
		return w, w.slot == "otherwise" || w.slot == "back"
	}
	n, err := strconv.Atoi(append(w.rest, "")[0])
	if w.index = n; err != nil || n < 0 {
		return w, false
	}
	if w.rest = w.rest[1:]; len(w.rest) > 0 {
		w.side, w.rest = w.rest[0], w.rest[1:]
	}
	return w, true
}

// screen is the id of the screen; "" for the opening.
func (w where) screen() string {
	id, _ := strings.CutPrefix(w.place, "/screens/")
	if id == w.place {
		return ""
	}
	return pointerUnescape.Replace(id)
}

// part are the rules of the place; nil when there are none.
func (w where) part(d *Document) *ScreenRules {
	if w.place == openingPart {
		return d.Opening
	}
	return d.Screens[w.screen()]
}

// there tells whether the document has what the place names.
func (w where) there(d *Document) bool {
	if w.place == "" || w.slot == "" {
		return true
	}
	part := w.part(d)
	return part != nil && (w.slot != "rules" || w.index < len(part.Rules))
}

// rule is the rule at the place.
func (w where) rule(d *Document) *Rule { return &w.part(d).Rules[w.index] }

// outcome is the outcome that the place is in, or nil.
func (w where) outcome(d *Document) *Outcome {
	part := w.part(d)
	switch {
	case part == nil, w.slot == "rules" && w.side != "then":
		return nil
	case w.slot == "rules":
		return &part.Rules[w.index].Then
	case w.slot == "otherwise":
		return part.Otherwise
	}
	return part.Back
}

// leaf is the condition of one field that the place is in, or nil.
func (w where) leaf(d *Document) *Condition {
	if w.slot != "rules" || w.side != "when" {
		return nil
	}
	c := &w.rule(d).When
	for rest := w.rest; len(rest) > 0; rest = rest[1:] {
		group := c.All
		switch rest[0] {
		case "not":
			c = c.Not
			if c == nil {
				return nil
			}
			continue
		case "any":
			group = c.Any
		case "all":
		default:
			return c // at its field, op, value or formula
		}
		if len(rest) < 2 || group == nil {
			return nil
		}
		n, err := strconv.Atoi(rest[1])
		if err != nil || n < 0 || n >= len(*group) {
			return nil
		}
		c, rest = &(*group)[n], rest[1:]
	}
	return c
}

// data are the values that the place is in, and the key of the one that it names; nil for any other place.
func (w where) data(d *Document) (values map[string]any, key string) {
	o := w.outcome(d)
	if o == nil {
		return nil, ""
	}
	rest := w.rest
	switch {
	case len(rest) == 2 && rest[0] == "data":
		return made(&o.Data), rest[1]
	case len(rest) == 3 && rest[0] == "stay" && rest[1] == "data" && o.Stay != nil:
		return made(&o.Stay.Data), rest[2]
	case len(rest) == 3 && rest[0] == "finish" && rest[1] == "params" && o.Finish != nil:
		return made(&o.Finish.Params), rest[2]
	}
	return nil, ""
}

func made(m *map[string]any) map[string]any {
	if *m == nil {
		*m = map[string]any{}
	}
	return *m
}

// ends tells whether the place is the last named thing, such as the operator of a condition.
func (w where) ends(step string) bool {
	return slices.Index(w.rest, step) == len(w.rest)-1 && len(w.rest) > 0
}

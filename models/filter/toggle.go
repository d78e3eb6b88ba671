package filter

import "slices"

// Must takes conditions apart that must all be true; no condition is none.
func (c Condition) Must() (all []Condition) {
	switch {
	case c.IsZero():
		return nil
	case c.Join != All:
		return []Condition{c}
	}
	for _, p := range c.Parts {
		all = append(all, p.Must()...)
	}
	return all
}

// AllOf is true when all of some conditions are.
func AllOf(parts ...Condition) Condition {
	switch len(parts) {
	case 0:
		return Condition{}
	case 1:
		return parts[0]
	}
	return Condition{Join: All, Parts: parts}
}

// Asks tells whether a leaf must be true, or of one of several texts of it.
func (c Condition) Asks(leaf Condition) bool {
	return slices.ContainsFunc(c.Must(), func(p Condition) bool { return p.asks(leaf) })
}

func (c Condition) asks(leaf Condition) bool {
	if c.Join != "" || c.Key != leaf.Key {
		return false
	}
	if c.kind() == ofTexts && leaf.kind() == ofTexts {
		return !slices.ContainsFunc(leaf.Values, func(v string) bool { return !slices.Contains(c.Values, v) })
	}
	return c.Op == leaf.Op && slices.Equal(c.Values, leaf.Values)
}

// Toggle is a condition with a leaf, or without it where it asks for it already. Texts of one answer come together: gold
// or silver. Everything else takes the place of what was asked of the answer in the same way: another range, yes for no.
func (c Condition) Toggle(leaf Condition) Condition {
	was := c.Asks(leaf)
	var parts []Condition
	for _, p := range c.Must() {
		switch {
		case p.Join != "" || p.Key != leaf.Key || !p.meets(leaf):
			parts = append(parts, p)
		case p.kind() == ofTexts && leaf.kind() == ofTexts && !leaf.isBool():
			if p.Values = either(p.Values, leaf.Values); len(p.Values) > 0 {
				parts = append(parts, textsOf(p.Key, p.Values))
			}
			was = true // it stands there now, or it was taken off
		}
	}
	if !was {
		parts = append(parts, leaf)
	}
	return AllOf(parts...)
}

// Without is a condition without one of those that must be true.
func (c Condition) Without(part Condition) Condition {
	return AllOf(slices.DeleteFunc(c.Must(), func(p Condition) bool { return p.String() == part.String() })...)
}

// either is what only one of two lists has.
func either(values, others []string) []string {
	out := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(others, v) })
	for _, v := range others {
		if !slices.Contains(values, v) {
			out = append(out, v)
		}
	}
	return out
}

func textsOf(key string, values []string) Condition {
	if len(values) == 1 {
		return Condition{Key: key, Op: Is, Values: values}
	}
	return Condition{Key: key, Op: OneOf, Values: values}
}

// A kind of leaves is a way to ask.
type kind int

const (
	other kind = iota
	ofTexts
	ofRange
	ofYesNo
	ofNone
)

func (c Condition) kind() kind {
	switch c.Op {
	case Is, OneOf:
		return ofTexts
	case Eq, Lt, Lte, Gt, Gte, Between, On, Before, After, During:
		return ofRange
	case Yes, No:
		return ofYesNo
	case Empty, NotEmpty:
		return ofNone
	}
	return other
}

// isBool: no as it was said, which is narrower than the operator no.
func (c Condition) isBool() bool {
	return c.Op == Is && (c.Values[0] == "true" || c.Values[0] == "false")
}

// meets tells whether two leaves of one answer ask in the same way.
func (c Condition) meets(leaf Condition) bool {
	if c.isBool() && leaf.kind() == ofYesNo || c.kind() == ofYesNo && leaf.isBool() {
		return true
	}
	return c.kind() != other && c.kind() == leaf.kind()
}

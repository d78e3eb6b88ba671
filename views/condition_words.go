package views

import (
	"strings"

	"switchyard/models/filter"
	"switchyard/models/flowjson"
)

// A ConditionChip is one condition of a list in words, and the list without it.
type ConditionChip struct{ Words, Without string }

// ConditionChips are the conditions of a list that must all be true; to makes the address of the list with others.
func ConditionChips(c filter.Condition, fields []FilterField, to func(filter.Condition) string) (chips []ConditionChip) {
	b := FilterBox{Fields: fields}
	for _, part := range c.Must() {
		chips = append(chips, ConditionChip{shorten(b.words(part), maxConditionWords), to(c.Without(part))})
	}
	return chips
}

// maxConditionWords is how long a condition in words gets, in bytes.
const maxConditionWords = 120

// words is a condition as a sentence: "Plan is Gold", "any of: Plan is Gold; Age is at least 18".
func (b FilterBox) words(c filter.Condition) string {
	if c.Join != "" {
		var parts []string
		for _, p := range c.Parts {
			parts = append(parts, b.words(p))
		}
		return string(c.Join) + " of: " + strings.Join(parts, "; ")
	}
	f := b.Field(c.Key)
	o, _ := filter.OperatorOf(c.Op)
	for _, fitting := range filter.OperatorsFor(f.Kind) {
		if fitting.Op == c.Op {
			o = fitting
		}
	}
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = f.valueWords(v)
	}
	switch {
	case c.Op == filter.During:
		return f.Label + " is from " + values[0] + " to " + values[1]
	case c.Op == filter.Between:
		return f.Label + " " + o.Words + " " + values[0] + " and " + values[1]
	case o.Max > 2:
		return f.Label + " " + o.Words + " " + strings.Join(values, ", ")
	}
	return strings.TrimSpace(f.Label + " " + o.Words + " " + strings.Join(values, " "))
}

// valueWords is what a condition asks for: the title of an option, yes and no.
func (f FilterField) valueWords(v string) string {
	for _, o := range f.Options {
		if o.ID == v && o.Title != "" {
			return o.Title
		}
	}
	if words := yesNo[v]; words != "" && f.Kind == flowjson.YesNo {
		return words
	}
	return v
}

var yesNo = map[string]string{"true": "Yes", "false": "No"}

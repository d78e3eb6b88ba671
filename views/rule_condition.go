package views

import (
	"iter"
	"slices"
	"strconv"

	"switchyard/models/rules"
)

// A Join is how the parts of a group make one truth.
type Join string

// The joins. NotAll is never offered, only shown where a document has it.
const (
	JoinAll    Join = "all"
	JoinAny    Join = "any"
	JoinNone   Join = "none"
	JoinNotAll Join = "notall"
)

// levels is how many levels of the document a group takes: a negated one has “not” around it.
func (j Join) levels() int {
	if j == JoinNone || j == JoinNotAll {
		return 2
	}
	return 1
}

// word stands between two parts.
func (j Join) word() string {
	if j == JoinAny || j == JoinNone {
		return "or"
	}
	return "and"
}

// A ConditionPart is a condition as the form shows it: a row, or a group of parts. The whole condition is a group.
type ConditionPart struct {
	Key   string // names the part as long as the form is open, so that the focus stays with it; "" for a new one
	Join  Join   // "" for a row
	Bare  bool   // the document does not have the group as long as it holds one part that is none
	Parts []ConditionPart
	Row   ConditionRow

	At     int    // number in the form, from the top, that its controls have; -1 for the whole
	Depth  int    // 0 for the whole
	Number string // for people: "2.1"
	Up     bool   // it can be moved up
	Down   bool
	Room   bool // another group fits in here, or around a row
}

// IsGroup tells a group from a row.
func (c ConditionPart) IsGroup() bool { return c.Join != "" }

// ID is the id of one of its controls.
func (c ConditionPart) ID(what string) string { return what + "-" + c.Key }

func (c ConditionPart) name(what string) string { return rowName(what, c.At) }

// Each goes over all parts inside of c, each before its own parts.
func (c *ConditionPart) Each() iter.Seq[*ConditionPart] {
	return func(yield func(*ConditionPart) bool) { c.each(yield) }
}

func (c *ConditionPart) each(yield func(*ConditionPart) bool) bool {
	for i := range c.Parts {
		if !yield(&c.Parts[i]) || !c.Parts[i].each(yield) {
			return false
		}
	}
	return true
}

// Count is how many parts are inside of c.
func (c *ConditionPart) Count() (n int) {
	for range c.Each() {
		n++
	}
	return n
}

// Arrange numbers the parts and names the new ones. c is the whole condition.
func (c *ConditionPart) Arrange() {
	last, at := 0, 0
	for x := range c.Each() {
		n, _ := strconv.Atoi(x.Key)
		last = max(last, n)
	}
	c.At, c.Depth, c.Key, c.Room = -1, 0, "all", c.Join.levels() < rules.MaxDepth
	c.arrange(c.Join.levels(), &at, &last)
}

func (c *ConditionPart) arrange(level int, at, last *int) {
	for i := range c.Parts {
		x := &c.Parts[i]
		if x.Key == "" {
			*last++
			x.Key = strconv.Itoa(*last)
		}
		x.At, x.Depth, x.Number = *at, c.Depth+1, strconv.Itoa(i+1)
		if c.Number != "" {
			x.Number = c.Number + "." + x.Number
		}
		x.Up, x.Down = i > 0 || x.Depth > 1, i < len(c.Parts)-1 || x.Depth > 1
		x.Room = level+x.Join.levels()+1 <= rules.MaxDepth
		*at++
		x.arrange(level+x.Join.levels(), at, last)
	}
}

// lead is what stands before the i-th part of a group.
func (c ConditionPart) lead(i int) string {
	switch {
	case i > 0:
		return c.Join.word()
	case c.Depth == 0 && c.Join.levels() > 1:
		return "When not"
	case c.Depth == 0:
		return "When"
	case c.Join.levels() > 1:
		return "not"
	}
	return ""
}

// joins are the choices of a group.
func (c ConditionPart) joins() []Option {
	all := []Option{{string(JoinAll), "all of these hold"}, {string(JoinAny), "any of these holds"}, {string(JoinNone), "none of these holds"}}
	if c.Join == JoinNotAll {
		all = append(all, Option{string(JoinNotAll), "not all of these hold"})
	}
	return all
}

// Empty says what a group without parts means.
func (c ConditionPart) Empty() string {
	switch c.Join {
	case JoinAny, JoinNotAll:
		if c.Depth == 0 {
			return "Without a condition here the rule never decides."
		}
		return "A group without a condition: it never holds."
	}
	if c.Depth == 0 {
		return "Without a condition the rule always decides, and none below it is ever tried."
	}
	return "A group without a condition: it always holds."
}

// Words name the part for people.
func (c ConditionPart) Words() string {
	if c.IsGroup() {
		return "group " + c.Number
	}
	return "condition " + c.Number
}

// A ConditionRow is a comparison, a formula, or a condition that the form cannot show and keeps as it is.
type ConditionRow struct {
	Field, Op string
	Values    []string // one, two for between, or many
	Other     string   // compare with this field instead of Values
	ByField   bool     // Other is asked for, even if it is not chosen yet
	Chosen    bool     // another field was just chosen: operator and value have to be fitted to it
	IsFormula bool
	Formula   string
	Fault     *rules.FormulaFault // of the formula as it stands
	Kept      string              // JSON of a condition that is shown but not edited here
	Made      string              // JSON of the condition that the row was made from; "" for a new one
}

// Value is the n-th value of a row, "" when there is none.
func (r ConditionRow) Value(n int) string {
	if n < len(r.Values) {
		return r.Values[n]
	}
	return ""
}

func (r ConditionRow) has(v string) bool { return slices.Contains(r.Values, v) }

func (r ConditionRow) arity() rules.Arity {
	o, ok := rules.OperatorOf(rules.Op(r.Op))
	if !ok {
		return rules.One
	}
	return o.Arity
}

package rules

import (
	"encoding/json"
	"iter"
	"slices"

	"switchyard/models/flowjson"
)

// A world is what the conditions of one screen are about: which values each field may have, as far as the Flow JSON
// tells, and which atoms ask about it.
type world struct {
	c      *setCompiler
	at     spot
	number map[string]int // atoms by their text
	atoms  []asked
}

// An asked is one atom: a leaf about a field whose values are known, or anything else, which is free.
type asked struct {
	op    Op
	value any
	field string // "" when it is free
	total bool   // it is never unknown
}

func newWorld(c *setCompiler, at spot) *world {
	return &world{c: c, at: at, number: map[string]int{}}
}

// claim numbers the leaves of a condition; equal ones get the same number.
func (w *world) claim(cond Condition) *claim {
	switch {
	case cond.All != nil:
		return &claim{form: isAll, parts: w.claims(*cond.All)}
	case cond.Any != nil:
		return &claim{form: isAny, parts: w.claims(*cond.Any)}
	case cond.Not != nil:
		return &claim{form: isNot, parts: w.claims([]Condition{*cond.Not})}
	case cond.Formula != "":
		if f := w.c.formulas[cond.Formula].formula; f != nil && f.uses.yes {
			return &claim{form: isAll}
		}
		return w.atom(asked{}, "formula "+cond.Formula)
	}
	if positive, negated := negations[cond.Op]; negated {
		cond.Op = positive
		return &claim{form: isNot, parts: []*claim{w.claim(cond)}}
	}
	field := w.field(cond)
	text := fieldKey(cond.Field) + "\n" + string(cond.Op) + "\n" + valueText(cond.Value)
	return w.atom(asked{cond.Op, cond.Value, field, cond.Op == IsEmail || cond.Op == IsPhone}, text)
}

// valueText is the same for equal values of a document only.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return "\"" + v
	case json.Number:
		return string(v)
	}
	text, _ := json.Marshal(v) // what was parsed as JSON
	return string(text)
}

// negations are the operators that are the opposite of another, unknown with it.
var negations = map[Op]Op{NotEquals: Equals, NotContains: Contains, NotOneOf: OneOf, HasNone: HasAny, IsNotEmpty: IsEmpty, CountLt: CountGte}

func (w *world) claims(conds []Condition) []*claim {
	parts := make([]*claim, len(conds))
	for i, cond := range conds {
		parts[i] = w.claim(cond)
	}
	return parts
}

func (w *world) atom(a asked, text string) *claim {
	n, known := w.number[text]
	if !known {
		n = len(w.atoms)
		w.number[text] = n
		w.atoms = append(w.atoms, a)
	}
	return &claim{atom: n}
}

// field names the field of a leaf when all that it asks can be answered value by value; "" else: a comparison with
// another field or with today.
func (w *world) field(cond Condition) string {
	_, other := cond.Value.(map[string]any)
	if _, key := w.sent(cond.Field); key == nil || other || cond.Op == WithinDays {
		return ""
	}
	return fieldKey(cond.Field)
}

// fieldKey is the same for all ways to write a field.
func fieldKey(name string) string {
	g := newGetter(name)
	if g.source == fromData {
		return "data." + g.path
	}
	return name
}

// sent is what the Flow JSON says of a field, and the screen that sends it; nil when it says nothing.
func (w *world) sent(name string) (*screen, *flowjson.SentKey) {
	s, g := w.at.screen, newGetter(name)
	if g.source == fromAnswers {
		s = w.c.set.screens[g.screen]
	}
	if g.source != fromData && g.source != fromAnswers || s == nil || s.flow == nil {
		return nil, nil
	}
	return s, s.sent[g.path]
}

// reasoner asks every value of every field.
func (w *world) reasoner(tries int) *reasoner {
	r := &reasoner{atoms: make([]possible, len(w.atoms)), home: make([]int, len(w.atoms)), left: tries}
	for name, atoms := range w.fields() {
		for _, group := range w.casesOf(name, atoms) {
			r.add(group)
		}
	}
	return r
}

// fields are the fields whose values are known, each with the atoms that ask about it; "" are the atoms that are free.
func (w *world) fields() iter.Seq2[string, []int] {
	by, names := map[string][]int{}, []string(nil)
	for i, a := range w.atoms {
		if by[a.field] == nil {
			names = append(names, a.field)
		}
		by[a.field] = append(by[a.field], i)
	}
	return func(yield func(string, []int) bool) {
		for _, name := range names {
			if !yield(name, by[name]) {
				return
			}
		}
	}
}

func (r *reasoner) add(group cases) {
	group.open = make([]possible, len(group.atoms))
	for i, a := range group.atoms {
		for _, row := range group.rows {
			group.open[i] |= only(row[i])
		}
		r.home[a], r.atoms[a] = len(r.fields), group.open[i]
	}
	r.fields, r.chosen = append(r.fields, group), append(r.chosen, -1)
}

// free are atoms that may be anything, each by itself.
func (w *world) free(atoms []int) (groups []cases) {
	for _, a := range atoms {
		rows := [][]Truth{{False}, {True}, {Unknown}}
		if w.atoms[a].total {
			rows = rows[:2]
		}
		groups = append(groups, cases{atoms: []int{a}, rows: rows})
	}
	return groups
}

// casesOf goes through the values of a field. Atoms about which too few values are known are free.
func (w *world) casesOf(name string, atoms []int) []cases {
	if name == "" {
		return w.free(atoms)
	}
	values, whole := w.values(name, atoms)
	var asked, rest []int
	for _, a := range atoms {
		if whole || values != nil && exactOps[w.atoms[a].op] {
			asked = append(asked, a)
		} else {
			rest = append(rest, a)
		}
	}
	groups := w.free(rest)
	if len(asked) > 0 {
		groups = append(groups, w.told(name, asked, values))
	}
	return groups
}

// told is what the rules themselves say of each value.
func (w *world) told(name string, asked []int, values []any) cases {
	wants, as := make([]any, len(asked)), make([]reading, len(asked))
	for i, a := range asked {
		wants[i], as[i] = w.ready(w.atoms[a].op, w.atoms[a].value)
	}
	_, key := w.sent(name)
	group, at := cases{name: name, atoms: asked}, map[string]int{}
	r, row, text := w.c.set.newRun(Request{}, Visit{}), make([]Truth, len(asked)), make([]byte, len(asked))
	for _, v := range values {
		got := w.read(v)
		for i, a := range asked {
			r.spent = 0
			row[i] = apply(r, w.atoms[a].op, got[as[i]], wants[i])
			text[i] = byte(row[i])
		}
		n, seen := at[string(text)]
		if !seen {
			n = len(group.rows)
			at[string(text)] = n
			group.rows = append(group.rows, slices.Clone(row))
			group.says, group.worth = append(group.says, v), append(group.worth, unsendable)
		}
		if worth := example(v, key); worth > group.worth[n] {
			group.says[n], group.worth[n] = v, worth
		}
	}
	return group
}

// exactOps are the operators whose truth over all texts is known from the texts that textValues makes.
var exactOps = map[Op]bool{Equals: true, OneOf: true, IsEmpty: true, Lt: true, Lte: true, Gt: true, Gte: true, Between: true, Before: true, After: true,
	HasAny: true, HasAll: true, CountGte: true, IsTrue: true, IsFalse: true}

// constants are what the atoms compare with, lists taken apart.
func (w *world) constants(atoms []int) (all []any) {
	for _, a := range atoms {
		if list, ok := w.atoms[a].value.([]any); ok {
			all = append(all, list...)
		} else if v := w.atoms[a].value; v != nil && w.atoms[a].op != CountGte {
			all = append(all, v)
		}
	}
	return slices.DeleteFunc(all, isEmpty)
}

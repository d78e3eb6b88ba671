package rules

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// sameAsked are operators that ask the same of another kind of field, nearest first.
var sameAsked = map[Op][]Op{
	Equals: {HasAny, OneOf, Contains}, NotEquals: {HasNone, NotOneOf, NotContains},
	OneOf: {HasAny, Equals}, NotOneOf: {HasNone, NotEquals}, HasAny: {OneOf, Equals}, HasAll: {Equals, OneOf}, HasNone: {NotOneOf, NotEquals},
	Contains: {HasAny, Equals}, NotContains: {HasNone, NotEquals}, StartsWith: {Equals}, EndsWith: {Equals},
	Lt: {CountLt, Before}, Gte: {CountGte}, Gt: {After}, CountLt: {Lt}, CountGte: {Gte}, Before: {Lt}, After: {Gt},
	IsTrue: {IsNotEmpty}, IsFalse: {IsEmpty}, IsEmail: {IsNotEmpty}, IsPhone: {IsNotEmpty},
}

// signs are ways in which operators are written elsewhere.
var signs = map[string]Op{
	"=": Equals, "==": Equals, "eq": Equals, "is": Equals, "!=": NotEquals, "<>": NotEquals, "neq": NotEquals, "ne": NotEquals, "is_not": NotEquals,
	"<": Lt, "less_than": Lt, "<=": Lte, "at_most": Lte, ">": Gt, "greater_than": Gt, ">=": Gte, "at_least": Gte,
	"in": OneOf, "not_in": NotOneOf, "empty": IsEmpty, "not_empty": IsNotEmpty, "exists": IsNotEmpty, "regex": Matches, "includes": Contains,
}

// otherOperator takes an operator that suits the field and asks much the same.
func (f *Fixer) otherOperator(p Problem, at where) (all []Fix) {
	c := at.leaf(&f.doc)
	if c == nil {
		return nil
	}
	wanted := sameAsked[c.Op]
	if p.Code == "unknown-operator" {
		var names []string
		for _, o := range operators {
			names = append(names, string(o.Op))
		}
		for _, name := range nearest(string(c.Op), names) {
			wanted = append(wanted, Op(name))
		}
		if op, ok := signs[strings.ToLower(string(c.Op))]; ok {
			wanted = append([]Op{op}, wanted...)
		}
	}
	for _, op := range wanted {
		o, _ := OperatorOf(op)
		value, ok := fitted(c.Value, o)
		if ok {
			all = append(all, Fix{ID: "op:" + string(op), Label: "Use “" + o.Words + "”", flows: true, edit: func(d *Document) {
				if c := at.leaf(d); c != nil {
					c.Op, c.Value = op, cloneValue(value)
				}
			}})
		}
	}
	return all
}

// fitted is a value in the form that an operator takes: alone, or in a list.
func fitted(v any, o Operator) (any, bool) {
	list, isList := v.([]any)
	switch {
	case o.Arity == None:
		return nil, true
	case v == nil:
		return nil, false
	case o.Arity == Many && !isList:
		_, isField := v.(map[string]any)
		return []any{v}, !isField
	case o.Arity == One && isList && len(list) == 1:
		return list[0], true
	case o.Arity == One && isList && o.Op != Equals && o.Op != NotEquals, o.Arity == Two && !isList:
		return nil, false
	}
	return v, true
}

func (f *Fixer) dropValue(_ Problem, at where) []Fix {
	return []Fix{{ID: "drop-value", Label: "Remove the value", edit: func(d *Document) {
		if c := at.leaf(d); c != nil {
			c.Value = nil
		}
	}}}
}

// castValue reads the value of a condition as what its operator takes.
func (f *Fixer) castValue(_ Problem, at where) (all []Fix) {
	c := at.leaf(&f.doc)
	if c == nil {
		return nil
	}
	o, known := OperatorOf(c.Op)
	if !known {
		return nil
	}
	for _, v := range readings(c.Value, o) {
		text := speaker{at.screen(), f.set.flow}.value(c.Field, v)
		all = append(all, Fix{ID: "value:" + text, Label: "Compare with " + text, flows: true, edit: func(d *Document) {
			if c := at.leaf(d); c != nil {
				c.Value = cloneValue(v)
			}
		}})
	}
	return all
}

// readings are what a value may have been meant as.
func readings(v any, o Operator) (all []any) {
	if fit, ok := fitted(v, o); ok {
		all = append(all, fit)
	}
	list, isList := v.([]any)
	if isList && o.Arity == Two && len(list) == 2 {
		low, lok := numberIn(list[0])
		high, hok := numberIn(list[1])
		if lok && hok {
			all = append(all, []any{low, high})
		}
		return all
	}
	if n, ok := numberIn(v); ok {
		all = append(all, n)
	}
	if s, ok := scalarText(v); ok {
		if day, ok := dayIn(s); ok {
			all = append(all, day)
		}
	}
	return all
}

var (
	someNumber = regexp.MustCompile(`^[^0-9+-]*([+-]?[0-9]+(?:\.[0-9]+)?)[^0-9]*$`)
	someDay    = regexp.MustCompile(`^([0-9]{4})[./ -]([0-9]{1,2})[./ -]([0-9]{1,2})$`)
)

// numberIn is the number of a text that holds one and no other digit: “18 years”.
func numberIn(v any) (json.Number, bool) {
	s, ok := scalarText(v)
	m := someNumber.FindStringSubmatch(strings.TrimSpace(s))
	if !ok || m == nil || len(m[1]) > maxPlainNumber {
		return "", false
	}
	n := json.Number(strings.TrimPrefix(m[1], "+"))
	return n, json.Valid([]byte(n))
}

// dayIn reads days that are written year first, with any sign between.
func dayIn(s string) (string, bool) {
	m := someDay.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	t, err := time.Parse("2006-1-2", strings.Join(m[1:], "-"))
	return t.Format(dayForm), err == nil
}

// otherOption compares with an option that there is, or no longer with the one that is none.
func (f *Fixer) otherOption(p Problem, at where) (all []Fix) {
	c := at.leaf(&f.doc)
	if c == nil {
		return nil
	}
	screen, field, isAnswer := answerPath(c.Field)
	if !isAnswer {
		screen, field = at.screen(), strings.TrimPrefix(c.Field, "data.")
	}
	s := f.set.screens[screen]
	if s == nil || s.sent[field] == nil || s.sent[field].Field == nil {
		return nil
	}
	var names []string
	ids := map[string]string{}
	for _, o := range s.sent[field].Field.Options {
		names = append(names, o.ID, o.Title)
		ids[o.ID], ids[o.Title] = o.ID, o.ID
	}
	if exact := ids[p.name]; exact != "" {
		names = []string{p.name}
	}
	for _, name := range append(slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s != p.name }), nearest(p.name, names)...) {
		id := ids[name]
		all = append(all, Fix{ID: "option:" + id, Label: "Use " + s.sent[field].Field.Title(id), flows: true, edit: func(d *Document) {
			if c := at.leaf(d); c != nil {
				c.Value = swapped(c.Value, p.name, id)
			}
		}})
	}
	if list, isList := c.Value.([]any); isList && len(list) > 1 {
		all = append(all, Fix{ID: "drop-option", Label: "Remove “" + p.name + "”", flows: true, edit: func(d *Document) {
			if c := at.leaf(d); c != nil {
				list, _ := c.Value.([]any)
				c.Value = slices.DeleteFunc(list, func(v any) bool { return toText(v) == p.name })
			}
		}})
	}
	return all
}

// swapped is a value with one id in place of another.
func swapped(v any, from, to string) any {
	list, isList := v.([]any)
	if !isList {
		return to
	}
	var out []any
	for _, e := range list {
		if toText(e) == from {
			e = to
		}
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

package views

import (
	"slices"
	"strconv"

	"switchyard/models/filter"
	"switchyard/models/flowjson"
)

// A FilterBox is the conditions on answers as they are edited.
type FilterBox struct {
	Open   bool
	Root   FilterNode // a group
	Fields []FilterField
	Errors []FieldError
}

// A FilterField is an answer that can be asked for.
type FilterField struct {
	Key, Label string
	Removed    bool
	Kind       flowjson.Kind
	Options    []flowjson.Option
	Bare       bool // only whether there is one, for a role that may not see it
}

// A FilterNode is one condition, or a group of them, in a form that may not be complete yet.
type FilterNode struct {
	Path  string // where it stands: "0.2"; "" is the root
	Join  filter.Join
	Parts []FilterNode

	Key, Op string
	Values  []string
	Error   string
}

// NodeOf is a condition as it is edited: always a group; none is a row to fill in.
func NodeOf(c filter.Condition) FilterNode {
	if c.Join == "" && !c.IsZero() {
		c = filter.Condition{Join: filter.All, Parts: []filter.Condition{c}}
	}
	if c.IsZero() {
		return FilterNode{Join: filter.All, Parts: []FilterNode{{Path: "0"}}}
	}
	return nodeOf(c, "")
}

func nodeOf(c filter.Condition, path string) FilterNode {
	n := FilterNode{Path: path, Join: c.Join, Key: c.Key, Op: string(c.Op), Values: slices.Clone(c.Values)}
	for i, p := range c.Parts {
		n.Parts = append(n.Parts, nodeOf(p, n.Child(i)))
	}
	return n
}

// Child is the path of the i-th part.
func (n FilterNode) Child(i int) string {
	if n.Path == "" {
		return strconv.Itoa(i)
	}
	return n.Path + "." + strconv.Itoa(i)
}

// FilterName is how a control of the node of a path is called.
func FilterName(what, path string) string {
	if path == "" {
		return what
	}
	return what + "." + path
}

// Field finds an answer by its key; one that is not offered is text.
func (b FilterBox) Field(key string) FilterField {
	for _, f := range b.Fields {
		if f.Key == key {
			return f
		}
	}
	return FilterField{Key: key, Label: key, Kind: flowjson.Text}
}

// Operators are those that a role may use of an answer.
func (f FilterField) Operators() []filter.Operator {
	all := filter.OperatorsFor(f.Kind)
	if f.Bare {
		all = slices.DeleteFunc(all, func(o filter.Operator) bool { return o.Op != filter.Empty && o.Op != filter.NotEmpty })
	}
	return all
}

// operators are those, and the one that stands there.
func (n FilterNode) operators(f FilterField) []Option {
	var options []Option
	for _, o := range f.Operators() {
		options = append(options, Option{string(o.Op), o.Words})
	}
	if n.Op != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == n.Op }) {
		words := n.Op
		if o, ok := filter.OperatorOf(filter.Op(n.Op)); ok {
			words = o.Words
		}
		options = append(options, Option{n.Op, words})
	}
	return options
}

// control says how the values of a node are entered: "", "option", "options", "number", "date", "lines" or "text".
func (n FilterNode) control(f FilterField) string {
	o, ok := filter.OperatorOf(filter.Op(n.Op))
	switch {
	case !ok || o.Max == 0:
		return ""
	case o.Compare == filter.AsNumber:
		return "number"
	case o.Compare == filter.AsDate:
		return "date"
	case o.Max > 2 && len(f.Options) > 0:
		return "options"
	case o.Max > 2:
		return "lines"
	case len(f.Options) > 0 && (o.Op == filter.Is || o.Op == filter.IsNot):
		return "option"
	}
	return "text"
}

// inputs are the values that stand in single inputs: one, or both ends of a range.
func (n FilterNode) inputs() []string {
	o, _ := filter.OperatorOf(filter.Op(n.Op))
	values := slices.Clone(n.Values)
	for len(values) < o.Min {
		values = append(values, "")
	}
	return values[:o.Min]
}

// options are the choices of a field, and what stands there beside them.
func (n FilterNode) options(f FilterField) []Option {
	var options []Option
	for _, o := range f.Options {
		title := o.Title
		if title == "" {
			title = o.ID
		}
		options = append(options, Option{o.ID, title})
	}
	for _, v := range n.Values {
		if v != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == v }) {
			options = append(options, Option{v, v})
		}
	}
	return options
}

// valueLabel is the label of the i-th input of so many.
func valueLabel(i, n int) string {
	if n < 2 {
		return "Value"
	}
	return []string{"From", "To"}[min(i, 1)]
}

// filterButtonWords is what the button says.
func filterButtonWords(where string) string {
	c, err := filter.Parse(where)
	if n := c.Leaves(); err == nil && n > 0 {
		return "Filter (" + strconv.Itoa(n) + ")"
	}
	return "Filter"
}

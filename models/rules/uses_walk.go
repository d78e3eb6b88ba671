package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// A user walks through a document and notes what its rules use.
type user struct {
	at       Use // whose the next use is
	uses     []Use
	seen     map[Use]bool
	formulas map[string][]nameUse
}

func (u *user) add(kind UseKind, screen, name, column string) {
	use := u.at
	use.Kind, use.Screen, use.Name, use.Column = kind, screen, name, column
	if !u.seen[use] {
		u.seen[use] = true
		u.uses = append(u.uses, use)
	}
}

func (u *user) condition(c Condition) {
	for _, group := range []*[]Condition{c.All, c.Any} {
		if group != nil {
			for _, part := range *group {
				u.condition(part)
			}
		}
	}
	if c.Not != nil {
		u.condition(*c.Not)
	}
	if c.Formula != "" {
		u.formula(c.Formula)
	}
	if c.Field == "" {
		return
	}
	u.field(c.Field)
	if m, isField := c.Value.(map[string]any); isField {
		if name, _ := m["field"].(string); name != "" {
			u.field(name)
		}
		return
	}
	u.options(c)
}

// fieldOf is the screen and the name of a field as seen from where the rule stands; ok is false for what is no field.
func (u *user) fieldOf(name string) (screen, field string, ok bool) {
	if screen, field, ok = answerPath(name); ok {
		return screen, field, true
	}
	if name == "today" || strings.HasPrefix(name, "visit.") || strings.HasPrefix(name, "answers.") {
		return "", "", false
	}
	return u.at.Place, strings.TrimPrefix(name, "data."), true
}

func (u *user) field(name string) {
	if screen, field, ok := u.fieldOf(name); ok {
		u.add(UsesField, screen, field, "")
	}
}

// options notes the texts that a field is compared with: they are ids of options where the field has some.
func (u *user) options(c Condition) {
	screen, field, ok := u.fieldOf(c.Field)
	if !ok {
		return
	}
	switch c.Op {
	case Equals, NotEquals, OneOf, NotOneOf, HasAny, HasAll, HasNone:
		values, many := c.Value.([]any)
		if !many {
			values = []any{c.Value}
		}
		for _, v := range values {
			if id := toText(v); id != "" {
				u.add(UsesOption, screen, field, id)
			}
		}
	}
}

func (u *user) outcome(o *Outcome) {
	if o == nil {
		return
	}
	if o.Go != "" {
		u.add(UsesScreen, o.Go, "", "")
		u.data(o.Go, o.Data)
	}
	if o.Stay != nil {
		u.value(o.Stay.Error)
		for _, field := range slices.Sorted(maps.Keys(o.Stay.Errors)) {
			u.add(UsesField, u.at.Place, field, "")
			u.value(o.Stay.Errors[field])
		}
		u.data(u.at.Place, o.Stay.Data)
	}
	if o.Finish != nil {
		for _, name := range slices.Sorted(maps.Keys(o.Finish.Params)) {
			u.value(o.Finish.Params[name])
		}
	}
	if o.Expire != nil {
		u.value(o.Expire.Message)
	}
}

func (u *user) data(screen string, data map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if key != errorMessage {
			u.add(UsesKey, screen, key, "")
			u.filled(screen, key, data[key])
		}
		u.value(data[key])
	}
}

// value notes what the placeholders in a value use.
func (u *user) value(v any) {
	switch v := v.(type) {
	case string:
		pieces, err := split(v)
		if err != nil {
			return
		}
		for _, p := range pieces {
			if p.source {
				u.formula(p.text)
			}
		}
	case []any:
		for _, e := range v {
			u.value(e)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			u.value(v[k])
		}
	}
}

func (u *user) formula(source string) {
	found, known := u.formulas[source]
	if !known {
		found = namesIn(source)
		u.formulas[source] = found
	}
	for _, n := range found {
		if n.kind == UsesField {
			u.field(n.name)
		} else {
			u.add(n.kind, "", n.name, n.column)
		}
	}
}

// A nameUse is something that a formula names.
type nameUse struct {
	kind         UseKind
	name, column string
}

// namesIn reads a formula's syntax tree; one that cannot be read names nothing.
func namesIn(source string) []nameUse {
	if len(source) > maxFormula {
		return nil
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil
	}
	v := &naming{}
	ast.Walk(&tree.Node, v)
	return v.found
}

// naming collects names while the tree is walked.
type naming struct{ found []nameUse }

// Visit implements ast.Visitor.
func (v *naming) Visit(n *ast.Node) {
	switch n := (*n).(type) {
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			v.call(callee.Value, n.Arguments)
		}
	case *ast.BuiltinNode:
		v.cells(n)
	case *ast.MemberNode:
		v.member(n)
		v.cell(n)
	}
}

func (v *naming) call(name string, args []ast.Node) {
	if len(args) == 0 || name != "list" && name != "lookup" && name != "title" {
		return
	}
	first, constant := args[0].(*ast.StringNode)
	switch {
	case name == "title" && constant:
		v.found = append(v.found, nameUse{UsesField, first.Value, ""})
	case name == "title":
	case !constant:
		v.found = append(v.found, nameUse{UsesList, "", ""})
	default:
		v.found = append(v.found, nameUse{UsesList, first.Value, ""})
		if name == "lookup" && len(args) == 3 {
			if column, ok := args[2].(*ast.StringNode); ok {
				v.found = append(v.found, nameUse{UsesColumn, first.Value, column.Value})
			}
		}
	}
}

func (v *naming) member(n *ast.MemberNode) {
	var u uses
	u.member(n)
	for _, key := range u.data {
		v.found = append(v.found, nameUse{UsesField, "data." + key, ""})
	}
	for _, a := range u.answers {
		v.found = append(v.found, nameUse{UsesField, "answers." + a[0] + "." + a[1], ""})
	}
}

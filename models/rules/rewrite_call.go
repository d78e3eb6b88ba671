package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// arity of our functions as people call them: least and most arguments.
var arity = map[string][2]int{
	"list": {1, 1}, "lookup": {3, 3}, "title": {1, 1}, "number": {1, 1},
	"len": {1, 1}, "abs": {1, 1}, "ceil": {1, 1}, "floor": {1, 1}, "round": {1, 1}, "int": {1, 1}, "float": {1, 1},
	"string": {1, 1}, "max": {1, 20}, "min": {1, 20}, "mean": {1, 20}, "median": {1, 20}, "sum": {1, 1},
	"join": {1, 2}, "replace": {3, 3}, "date": {1, 1}, "get": {2, 2},
}

// passed names the builtins of expr that are safe once their arguments are paid for.
var passed = []string{"trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "splitAfter", "indexOf", "lastIndexOf",
	"hasPrefix", "hasSuffix", "first", "last", "take", "keys", "values", "reverse", "concat", "flatten", "sort", "duration"}

// walkers names the builtins that run a closure over a list, and what becomes of the closure's value.
var walkers = map[string]string{
	"all": "holdsAll", "none": "holds", "any": "holds", "one": "holds", "filter": "holds", "find": "holds", "findIndex": "holds",
	"findLast": "holds", "findLastIndex": "holds", "count": "holds", "map": "row", "sum": "rowNumber", "sortBy": "sortKey", "reduce": "row",
}

// methods of dates and durations that a formula may call.
var methods = []string{"Year", "Month", "Day", "Weekday", "YearDay", "Hour", "Minute", "Hours", "Minutes", "Seconds", "AddDate", "Format"}

func (w *rewriter) call(n *ast.CallNode, inside bool) ast.Node {
	if m, ok := n.Callee.(*ast.MemberNode); ok {
		if name, ok := m.Property.(*ast.StringNode); ok && slices.Contains(methods, name.Value) && len(n.Arguments) <= 3 {
			w.each(n.Arguments, inside)
			return call("method", append([]ast.Node{name, w.rewrite(m.Node, inside)}, n.Arguments...)...)
		}
	}
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return w.fail("only functions can be called")
	}
	return w.named(callee.Value, n.Arguments, inside)
}

func (w *rewriter) builtin(n *ast.BuiltinNode, inside bool) ast.Node {
	wrap, walks := walkers[n.Name]
	if walks && len(n.Arguments) > 1 {
		return w.walk(n, wrap, inside)
	}
	if slices.Contains(passed, n.Name) {
		for i, a := range n.Arguments {
			n.Arguments[i] = call("pay", w.rewrite(a, inside))
		}
		return call("plain", n)
	}
	return w.named(n.Name, n.Arguments, inside)
}

// named calls one of our functions.
func (w *rewriter) named(name string, args []ast.Node, inside bool) ast.Node {
	bounds, ok := arity[name]
	switch {
	case !ok && (name == "now" || name == "today"):
		return w.fail("“%s” is a value: write it without brackets", name)
	case !ok:
		return w.fail("the function “%s” is not available", name)
	case len(args) < bounds[0] || len(args) > bounds[1]:
		return w.fail("the function “%s” does not take %d values", name, len(args))
	}
	w.uses.call(name, args)
	w.each(args, inside)
	return call(name, args...)
}

// walk rewrites a builtin with a closure. A closure in a closure is refused: a thousand rows each would run for ever.
func (w *rewriter) walk(n *ast.BuiltinNode, wrap string, inside bool) ast.Node {
	if inside {
		return w.fail("“%s” stands inside another function over a list; use one at a time", n.Name)
	}
	n.Arguments[0] = call("rows", w.rewrite(n.Arguments[0], inside))
	for i, a := range n.Arguments[1:] {
		p, ok := a.(*ast.PredicateNode)
		if !ok {
			n.Arguments[i+1] = w.rewrite(a, inside)
			continue
		}
		p.Node = call(wrap, w.rewrite(p.Node, true))
	}
	if wrap == "holds" || wrap == "holdsAll" {
		return call("walked", &ast.StringNode{Value: n.Name}, n)
	}
	return n
}

// note keeps what the whole formula is, when it is something simple.
func (u *uses) note(n ast.Node) {
	switch n := n.(type) {
	case *ast.BoolNode:
		u.yes = n.Value
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && callee.Value == "list" && len(n.Arguments) == 1 {
			if s, ok := n.Arguments[0].(*ast.StringNode); ok {
				u.whole = s.Value
			}
		}
	}
}

func (u *uses) call(name string, args []ast.Node) {
	first, ok := args[0].(*ast.StringNode)
	if !ok {
		return
	}
	switch name {
	case "title":
		u.titles = append(u.titles, first.Value)
	case "list", "lookup":
		u.lists = append(u.lists, first.Value)
	}
	if name == "lookup" {
		if column, ok := args[2].(*ast.StringNode); ok {
			u.columns = append(u.columns, [2]string{first.Value, column.Value})
		}
	}
}

// member notes data.KEY and answers.SCREEN.KEY; data["KEY"] is the same.
func (u *uses) member(n *ast.MemberNode) {
	key, ok := n.Property.(*ast.StringNode)
	if !ok {
		return
	}
	switch of := n.Node.(type) {
	case *ast.IdentifierNode:
		switch of.Value {
		case "data":
			u.data = append(u.data, key.Value)
		case "visit":
			u.visit = append(u.visit, key.Value)
		}
	case *ast.MemberNode:
		screen, isText := of.Property.(*ast.StringNode)
		if base, ok := of.Node.(*ast.IdentifierNode); ok && isText && base.Value == "answers" {
			u.answers = append(u.answers, [2]string{screen.Value, key.Value})
		}
	}
}

package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// A rewriter turns the tree of a formula into one in which every member, comparison, operation and call is a
// function of ours: missing members are nil, comparisons have three values, and everything pays.
type rewriter struct {
	uses uses
	vars int
	err  error
	at   file.Location // of what err is about
}

// binary names our function for each operator of expr; && and || are written out in logic.
var binary = map[string]string{
	"==": "eq", "!=": "ne", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "in": "in",
	"contains": "contains", "startsWith": "starts", "endsWith": "ends",
	"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "**": "pow", "^": "pow", "..": "range",
}

func (w *rewriter) fail(format string, args ...any) ast.Node {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
	return &ast.NilNode{}
}

// call makes a call of one of our functions.
func call(name string, args ...ast.Node) ast.Node {
	all := append([]ast.Node{&ast.IdentifierNode{Value: runName}}, args...)
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: "$" + name}, Arguments: all}
}

// rewrite gives the new node; inside tells whether it stands in a closure.
func (w *rewriter) rewrite(n ast.Node, inside bool) ast.Node {
	at := n.Location()
	before := w.err
	out := w.node(n, inside)
	if before == nil && w.err != nil && w.at == (file.Location{}) {
		w.at = at
	}
	out.SetLocation(at)
	return out
}

func (w *rewriter) node(n ast.Node, inside bool) ast.Node {
	switch n := n.(type) {
	case *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode, *ast.PointerNode:
		return n
	case *ast.IdentifierNode:
		if strings.HasPrefix(n.Value, "$") {
			return w.fail("“%s” is not known", n.Value)
		}
		return n
	case *ast.UnaryNode:
		return w.unary(n, inside)
	case *ast.BinaryNode:
		return w.binary(n, inside)
	case *ast.ChainNode:
		return w.rewrite(n.Node, inside)
	case *ast.MemberNode:
		w.uses.member(n)
		return call("get", w.rewrite(n.Node, inside), w.rewrite(n.Property, inside))
	case *ast.SliceNode:
		return call("slice", w.rewrite(n.Node, inside), w.orNil(n.From, inside), w.orNil(n.To, inside))
	case *ast.CallNode:
		return w.call(n, inside)
	case *ast.BuiltinNode:
		return w.builtin(n, inside)
	}
	return w.compound(n, inside)
}

// compound rewrites the nodes that only hold others.
func (w *rewriter) compound(n ast.Node, inside bool) ast.Node {
	switch n := n.(type) {
	case *ast.ConditionalNode:
		n.Cond = call("truth", w.rewrite(n.Cond, inside))
		n.Exp1, n.Exp2 = w.rewrite(n.Exp1, inside), w.rewrite(n.Exp2, inside)
	case *ast.VariableDeclaratorNode:
		n.Value, n.Expr = w.rewrite(n.Value, inside), w.rewrite(n.Expr, inside)
	case *ast.SequenceNode:
		w.each(n.Nodes, inside)
	case *ast.ArrayNode:
		w.each(n.Nodes, inside)
	case *ast.MapNode:
		w.each(n.Pairs, inside)
	case *ast.PairNode:
		n.Key, n.Value = w.rewrite(n.Key, inside), w.rewrite(n.Value, inside)
	default:
		return w.fail("this kind of expression is not available here")
	}
	return n
}

func (w *rewriter) each(ns []ast.Node, inside bool) {
	for i := range ns {
		ns[i] = w.rewrite(ns[i], inside)
	}
}

func (w *rewriter) orNil(n ast.Node, inside bool) ast.Node {
	if n == nil {
		return &ast.NilNode{}
	}
	return w.rewrite(n, inside)
}

func (w *rewriter) unary(n *ast.UnaryNode, inside bool) ast.Node {
	inner := w.rewrite(n.Node, inside)
	switch n.Operator {
	case "not", "!":
		return call("not", inner)
	case "-":
		return call("sub", &ast.IntegerNode{}, inner)
	}
	return call("number", inner)
}

func (w *rewriter) binary(n *ast.BinaryNode, inside bool) ast.Node {
	left, right := w.rewrite(n.Left, inside), w.rewrite(n.Right, inside)
	switch n.Operator {
	case "&&", "and":
		return w.logic("and", false, left, right)
	case "||", "or":
		return w.logic("or", true, left, right)
	case "??":
		return &ast.BinaryNode{Operator: "??", Left: left, Right: right}
	case "matches":
		return w.matches(left, n.Right)
	}
	if name, ok := binary[n.Operator]; ok {
		return call(name, left, right)
	}
	return w.fail("the operator %s is not available", n.Operator)
}

// logic writes "left and right" so that right is not computed when left settles it:
// let $1 = left; $is($1, false) ? false : $and($1, right).
func (w *rewriter) logic(name string, settles bool, left, right ast.Node) ast.Node {
	w.vars++
	name1 := fmt.Sprintf("$%d", w.vars)
	variable := func() ast.Node { return &ast.IdentifierNode{Value: name1} }
	return &ast.VariableDeclaratorNode{Name: name1, Value: left, Expr: &ast.ConditionalNode{
		Ternary: true,
		Cond:    call("is", variable(), &ast.BoolNode{Value: settles}),
		Exp1:    &ast.BoolNode{Value: settles},
		Exp2:    call(name, variable(), right),
	}}
}

// matches takes constant patterns only: a pattern from a customer could be made to take long.
func (w *rewriter) matches(left, pattern ast.Node) ast.Node {
	s, ok := pattern.(*ast.StringNode)
	if !ok || len(s.Value) > maxPattern {
		return w.fail("the pattern of “matches” must be a text of at most %d characters written here", maxPattern)
	}
	re, err := regexp.Compile(s.Value)
	if err != nil {
		return w.fail("the pattern of “matches” cannot be read: %s", plainError(err))
	}
	return call("matches", left, &ast.ConstantNode{Value: re})
}

package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// rowKeepers are the functions whose result is rows, or one row, of what they are given first.
var rowKeepers = []string{"filter", "find", "findLast", "first", "last", "take", "sort", "sortBy", "reverse", "uniq", "concat"}

// rowsOf is the list whose rows, or one of them, a part of a formula stands for: list('x') and what only picks from it.
func rowsOf(n ast.Node) (list string, ok bool) {
	switch n := n.(type) {
	case *ast.CallNode:
		callee, _ := n.Callee.(*ast.IdentifierNode)
		if callee == nil || callee.Value != "list" || len(n.Arguments) != 1 {
			return "", false
		}
		name, constant := n.Arguments[0].(*ast.StringNode)
		if !constant {
			return "", false
		}
		return name.Value, true
	case *ast.BuiltinNode:
		if slices.Contains(rowKeepers, n.Name) && len(n.Arguments) > 0 {
			return rowsOf(n.Arguments[0])
		}
	case *ast.ChainNode:
		return rowsOf(n.Node)
	case *ast.SliceNode:
		return rowsOf(n.Node)
	case *ast.MemberNode:
		if _, column := n.Property.(*ast.StringNode); !column {
			return rowsOf(n.Node)
		}
	}
	return "", false
}

// cell notes the column that is read from a row: list('x')[0].fee.
func (v *naming) cell(n *ast.MemberNode) {
	column, ok := n.Property.(*ast.StringNode)
	if !ok {
		return
	}
	if list, ok := rowsOf(n.Node); ok {
		v.found = append(v.found, nameUse{UsesColumn, list, column.Value})
	}
}

// cells notes the columns that a function reads from each row: filter(list('x'), .fee > 3).
func (v *naming) cells(n *ast.BuiltinNode) {
	if len(n.Arguments) < 2 {
		return
	}
	list, ok := rowsOf(n.Arguments[0])
	if !ok {
		return
	}
	for i := range n.Arguments[1:] {
		ast.Walk(&n.Arguments[1+i], &cellsOf{list, v})
	}
}

// A cellsOf finds what is read from each row of a list.
type cellsOf struct {
	list string
	v    *naming
}

// Visit implements ast.Visitor.
func (c *cellsOf) Visit(n *ast.Node) {
	m, ok := (*n).(*ast.MemberNode)
	if !ok {
		return
	}
	column, named := m.Property.(*ast.StringNode)
	if _, row := m.Node.(*ast.PointerNode); row && named {
		c.v.found = append(c.v.found, nameUse{UsesColumn, c.list, column.Value})
	}
}

// filled notes the list whose rows fill a data key, where a value is nothing but that.
func (u *user) filled(screen, key string, value any) {
	text, _ := value.(string)
	pieces, err := split(text)
	if err != nil || len(pieces) != 1 || !pieces[0].source || len(pieces[0].text) > maxFormula {
		return
	}
	tree, err := parser.Parse(pieces[0].text)
	if err != nil {
		return
	}
	if list, ok := rowsOf(tree.Node); ok {
		u.add(UsesRows, screen, list, key)
	}
}

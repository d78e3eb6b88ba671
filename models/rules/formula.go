package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Bounds of a formula. The VM's own do not bound time, so every function of ours pays from one budget per
// decision, and every row that a closure visits pays too.
const (
	maxFormula = 4000    // bytes
	maxNodes   = 200     // of the syntax tree
	maxRows    = 10_000  // of a list that a formula walks
	maxSpend   = 500_000 // steps of one decision, at most some tenths of a second
	runName    = "$run"  // the name under which formulas find their run; nobody else can write it
)

// A formula is a compiled expr expression.
type formula struct {
	source  string
	program *vm.Program
	names   identifiers // that it may ask for
	uses    uses
}

// uses is what a formula names with constants, to be checked when it is compiled.
type uses struct {
	lists   []string    // names given to list and lookup
	columns [][2]string // list and column given to lookup
	data    []string    // keys asked of data
	answers [][2]string // screen and field asked of answers
	visit   []string    // names asked of visit
	titles  []string    // field given to title
	whole   string      // the list that the formula is, when it is list('name') and nothing more
	yes     bool        // it is the constant true
}

// compileFormula reads and bounds a formula. The error is one sentence for people.
func compileFormula(source string) (*formula, error) {
	if len(source) > maxFormula {
		return nil, fmt.Errorf("it is longer than %d characters", maxFormula)
	}
	if strings.TrimSpace(source) == "" {
		return nil, errors.New("it is empty")
	}
	config := formulaConfig()
	tree, err := parser.ParseWithConfig(source, config)
	if err != nil {
		return nil, plainError(err)
	}
	w := &rewriter{}
	f := &formula{source: source}
	f.uses.note(tree.Node)
	tree.Node = w.rewrite(tree.Node, false)
	if w.err != nil {
		return nil, &placedError{w.err.Error(), w.at}
	}
	w.uses.whole, w.uses.yes = f.uses.whole, f.uses.yes
	f.uses = w.uses
	ast.Walk(&tree.Node, &f.names)
	if _, err := checker.Check(tree, config); err != nil {
		return nil, plainError(err)
	}
	f.program, err = compiler.Compile(tree, config)
	if err != nil {
		return nil, plainError(err)
	}
	return f, nil
}

// identifiers are the names in a syntax tree, each once, but for those that only we can write.
type identifiers []string

// Visit implements ast.Visitor.
func (all *identifiers) Visit(n *ast.Node) {
	if id, ok := (*n).(*ast.IdentifierNode); ok && !strings.HasPrefix(id.Value, "$") && !slices.Contains(*all, id.Value) {
		*all = append(*all, id.Value)
	}
}

func formulaConfig() *conf.Config {
	c := conf.CreateNew()
	c.MaxNodes = maxNodes
	c.Optimize = false
	for name, f := range functions {
		c.Functions["$"+name] = &builtin.Function{Name: "$" + name, Func: bind(f, troubled[name])}
	}
	c.WithEnv(map[string]any{
		"data": map[string]any{}, "answers": map[string]any{}, "visit": map[string]any{},
		"today": "", "now": "", runName: (*run)(nil),
	})
	return c
}

// bind gives a function the run that stands as its first argument, and keeps troubles from those that take none.
func bind(f function, takesTrouble bool) func(...any) (any, error) {
	return func(args ...any) (any, error) {
		r, ok := args[0].(*run)
		if !ok {
			return nil, errType
		}
		if err := r.pay(1); err != nil {
			return nil, err
		}
		if t := worst(args[1:]); t != nil && !takesTrouble {
			return t, nil
		}
		return f(r, args[1:])
	}
}

// eval gives the value, or nil and the reason why there is none. failed tells a formula that broke off from
// one that found a value it could not compute with.
func (f *formula) eval(r *run) (v any, why string, failed bool) {
	r.noted = nil
	v, err := vm.Run(f.program, r.formulaEnv(f.names))
	if err == nil {
		err = r.pay(measure(v, maxSpend))
	}
	notes := strings.Join(r.noted, "; ")
	switch {
	case err != nil && (notes == "" || !errors.Is(err, errPart)):
		return nil, reason(err), true
	case err != nil:
		return nil, notes, true
	}
	return tidy(v), notes, false
}

// A formulaError is a reason that may be shown: it never holds a value.
type formulaError string

func (e formulaError) Error() string { return string(e) }

// Reasons.
const (
	errSpent = formulaError("it takes too long")
	errRows  = formulaError("a list has more than 10,000 rows")
	errText  = formulaError("a text becomes too long")
	errType  = formulaError("a value has the wrong type")
	errTruth = formulaError("a condition in it is neither yes nor no")
	errPart  = formulaError("a part of a list cannot be computed")
)

// reason hides what expr says, because its messages quote values.
func reason(err error) string {
	if e, ok := errors.AsType[formulaError](err); ok {
		return string(e)
	}
	return string(errType)
}

var unexpected = regexp.MustCompile(`^unexpected token \w+\("(.*)"\)$`)

// plainError is expr's message without its drawing of the source.
func plainError(err error) error {
	msg, at := err.Error(), file.Location{}
	if e, ok := errors.AsType[*file.Error](err); ok {
		msg, at = e.Message, e.Location
	}
	msg, _, _ = strings.Cut(msg, "\n")
	if strings.Contains(msg, "exceeds maximum allowed nodes") {
		msg = fmt.Sprintf("it has more than %d parts", maxNodes)
	}
	if m := unexpected.FindStringSubmatch(msg); m != nil {
		msg = fmt.Sprintf("“%s” is not expected here", m[1])
	}
	if msg == "unexpected token EOF" {
		msg = "something is missing at the end"
	}
	if name, ok := strings.CutPrefix(msg, "unknown name "); ok {
		msg = fmt.Sprintf("“%s” is not known; for a field write data.%s", name, name)
	}
	return &placedError{msg, at}
}

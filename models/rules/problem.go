package rules

import "slices"

// Severity of a problem.
type Severity string

// Severities: an Error stops publishing, a Warning asks, a Note is only told.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// A Problem is one fault of a rule set.
type Problem struct {
	Severity Severity
	Code     string   // short and stable: "unknown-screen", "forbidden-transition", "shadowed", …
	Path     string   // JSON pointer into the document
	Screen   string   // screen id, or "opening"
	RuleID   string   // when inside a rule
	Rule     string   // its name
	Others   []string // ids of the rules that it is about besides: those that decide first
	Message  string   // one sentence that names the thing and says what to do
}

// HasErrors tells whether any problem is an Error.
func HasErrors(ps []Problem) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Severity == Error })
}

package rules

import (
	"slices"
	"strconv"
	"strings"
)

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

	name string // what is not known, for those who look for one like it
}

// Steps is the way to what the problem is about within its rule or outcome, as the JSON has it: "when", "all", "1", "value"
// or "then", "data", "fee"; of an outcome that is no rule's without "then".
func (p Problem) Steps() []string {
	at, ok := locate(p.Path)
	if !ok || at.side == "" {
		return at.rest
	}
	return append([]string{at.side}, at.rest...)
}

// Slot is what of its screen the problem is in, as the JSON has it: "rules", "otherwise" or "back"; "" for the screen as a
// whole and for the document.
func (p Problem) Slot() string {
	at, ok := locate(p.Path)
	if !ok {
		return ""
	}
	return at.slot
}

// Part names what of a rule, or of an outcome, the problem is about: “condition 2.1”, “data key fee”, “error at age”,
// “parameter who”, “message”, “screen”; empty for the whole.
func (p Problem) Part() string {
	at, ok := locate(p.Path)
	if !ok || len(at.rest) == 0 && at.side != "when" {
		return ""
	}
	if at.side == "when" {
		return conditionPart(at.rest)
	}
	last := at.rest[len(at.rest)-1]
	switch {
	case last == "go" && len(at.rest) == 1:
		return "screen"
	case slices.Contains(at.rest[:len(at.rest)-1], "data"):
		return "data key " + at.rest[slices.Index(at.rest, "data")+1]
	case slices.Contains(at.rest[:len(at.rest)-1], "errors"):
		return "error at " + last
	case slices.Contains(at.rest[:len(at.rest)-1], "params"):
		return "parameter " + at.rest[slices.Index(at.rest, "params")+1]
	case last == "error" || last == "message":
		return "message"
	}
	return ""
}

// conditionPart counts the way to a condition within its groups, from 1.
func conditionPart(rest []string) string {
	var way []string
	for _, step := range rest {
		if n, err := strconv.Atoi(step); err == nil {
			way = append(way, strconv.Itoa(n+1))
		}
	}
	if len(way) == 0 {
		return "condition"
	}
	return "condition " + strings.Join(way, ".")
}

// HasErrors tells whether any problem is an Error.
func HasErrors(ps []Problem) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Severity == Error })
}

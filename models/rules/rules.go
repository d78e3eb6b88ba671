// Package rules says which screen comes next, and why; and what is wrong with a rule set.
//
// It is pure: no clock, no randomness, no log, no database. A Set is immutable and safe for many goroutines.
package rules

import (
	"time"

	"switchyard/models/flowjson"
)

// A List is a small table of options that rules read (design/decisions.md 20).
type List struct {
	Name    string
	Columns []Column // extra columns beside id, title, description
	Rows    []Row    // in the kept order, switched-off rows included
}

// A Column of a list.
type Column struct {
	Name string
	Type string // "text", "number", "yesno"
}

// A Row of a list; Cells match the list's Columns.
type Row struct {
	ID, Title, Description string
	Enabled                bool
	Cells                  []string
}

// A Set is a compiled document: what runs.
type Set struct {
	// contract: unexported fields
}

// Compile checks a document against a flow and the lists there are, and returns what can run with every
// problem and its place. The set is nil only when a problem is an Error; flow may be nil (then what needs
// it is not checked). zone is the instance's time zone for a document without one.
func Compile(doc Document, flow *flowjson.Flow, lists map[string]*List, zone *time.Location) (*Set, []Problem) {
	panic("contract")
}

// Document returns the document that the set was compiled from.
func (s *Set) Document() Document { panic("contract") }

// Flow returns the flow that the set was compiled against, or nil.
func (s *Set) Flow() *flowjson.Flow { panic("contract") }

// Action of an endpoint request.
type Action string

// The actions that rules decide.
const (
	Init     Action = "INIT"
	Exchange Action = "data_exchange"
	Back     Action = "BACK"
)

// A Request is one question: the customer did Action on Screen with Data.
type Request struct {
	Action Action
	Screen string // BACK: the screen being left; INIT: empty
	Data   map[string]any
	Now    time.Time
}

// A Visit is what the rules may know of the customer's run so far. The zero value is a visit that
// remembers nothing (design/decisions.md 1).
type Visit struct {
	Known   bool                      // false: no memory (missing or "unused" token)
	Answers map[string]map[string]any // by screen: newest data_exchange data (decisions 3); Next adds the request's own before deciding
	Sent    map[string]map[string]any // by screen: the data that we last sent for it in this run
	Trail   []string                  // stack of screens shown, newest last; BACK pops it
	Started time.Time
	Steps   int
	Test    bool
	Contact string
}

// Kind of a decision.
type Kind string

// The kinds.
const (
	Goes     Kind = "go"
	Stays    Kind = "stay"
	Finishes Kind = "finish"
	Expires  Kind = "expire"
	Falls    Kind = "fallback" // unknown screen or action: stay on the screen named (else the last shown) with the fallback text
)

// A Decision is the answer. Screen and Data are ready to be sent: every declared key present and of its
// type, none undeclared but error_message, no null (decisions 4, 14, 17).
type Decision struct {
	Kind    Kind
	Screen  string         // next screen; "SUCCESS" for Finishes; empty for Expires
	Data    map[string]any // of Goes, Stays, Falls
	Params  map[string]any // of Finishes, without flow_token
	Message string         // of Expires; of Stays and Falls the snackbar's text
	From    string         // place of the outcome: "opening", or the screen whose rules decided; "" for Falls
	RuleID  string         // the rule that decided; empty for otherwise, back, trail and fallback
	Rule    string         // its name, or "Otherwise", "Back", "Trail", "Fallback"
	Faults  []string       // what had to be filled or could not be computed, in words
	Tried   []Tried        // only from Explain: every rule up to the one that decided, in order
}

// Truth is one of three values (decisions 12).
type Truth int8

// The three values.
const (
	False Truth = iota
	Unknown
	True
)

// Word is "true", "false" or "unknown".
func (t Truth) Word() string { panic("contract") }

// Tried tells how one rule fared.
type Tried struct {
	RuleID, Name string
	Index        int // from 0
	Off          bool
	Truth        Truth
	Trace        Trace
}

// A Trace is the truth of a condition and of its parts, with what was compared.
type Trace struct {
	Text  string // as a sentence part: "age is less than 18"
	Truth Truth
	Got   string // the value that the field had, as text; "•••" for secrets
	Note  string // why it is unknown
	Parts []Trace
}

// Fallback is what a flow's customers see when nothing else can be said (decisions 21).
type Fallback struct {
	Screen  string
	Message string
}

// Next decides. It cannot fail: whatever cannot be computed is filled and told in Faults.
func (s *Set) Next(in Request, v Visit, fb Fallback) Decision { panic("contract") }

// Explain decides like Next and tells how every rule up to the deciding one fared.
func (s *Set) Explain(in Request, v Visit, fb Fallback) Decision { panic("contract") }

// Unruled decides for a flow of which nothing is published: the screen named, else the fallback screen,
// else the entry screen, with typed empties and the fallback text, fault recorded. ok is false without a flow.
func Unruled(flow *flowjson.Flow, in Request, fb Fallback) (d Decision, ok bool) { panic("contract") }

// Severity of a problem.
type Severity string

// Severities: an Error stops publishing, a Warning asks.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Problem is one fault of a rule set.
type Problem struct {
	Severity Severity
	Code     string // short and stable: "unknown-screen", "forbidden-transition", "shadowed", …
	Path     string // JSON pointer into the document
	Screen   string // screen id, or "opening"
	RuleID   string // when inside a rule
	Rule     string // its name
	Message  string // one sentence that names the thing and says what to do
}

// HasErrors tells whether any problem is an Error.
func HasErrors(ps []Problem) bool { panic("contract") }

// Op is an operator of a leaf.
type Op string

// Operator tells how an operator reads and what it takes.
type Operator struct {
	Op    Op
	Words string // "is at least", between field and value
	Arity Arity
	Kinds []flowjson.Kind // the kinds of field that it fits
}

// Arity is what an operator's value is.
type Arity string

// The arities.
const (
	None Arity = "none"
	One  Arity = "one"
	Two  Arity = "two"  // between: [low, high]
	Many Arity = "many" // a list
)

// Operators lists all operators in the order in which people are offered them; OperatorsFor those that fit
// a kind, most usual first.
func Operators() []Operator                   { panic("contract") }
func OperatorsFor(k flowjson.Kind) []Operator { panic("contract") }
func OperatorOf(op Op) (Operator, bool)       { panic("contract") }

// Sentence says a condition in words, with labels and option titles where the flow has them:
// "Age is less than 18 and Country is one of BR, PT". screen is where the rule stands.
func Sentence(c Condition, screen string, flow *flowjson.Flow) string { panic("contract") }

// OutcomeSentence says an outcome in words: "go to Summary", "stay and say “Please choose a time.”".
func OutcomeSentence(o Outcome, flow *flowjson.Flow) string { panic("contract") }

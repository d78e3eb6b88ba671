package rules

import "time"

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
// remembers nothing.
type Visit struct {
	Known   bool                      // false: no memory (missing or "unused" token)
	Answers map[string]map[string]any // by screen: newest data_exchange data; Next adds the request's own before deciding
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
// type, none undeclared but error_message, no null.
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

// Fallback is what a flow's customers see when nothing else can be said.
type Fallback struct {
	Screen  string
	Message string
}

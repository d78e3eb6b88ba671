package models

import (
	"strings"
)

// An Attribution is by what a response found its flow. The first that says anything counts, in the order of this list;
// what a person assigned stays until a person changes it.
type Attribution string

// The ways to find the flow of a response.
const (
	ByVisit   Attribution = "visit"   // a visit with its token
	ByToken   Attribution = "token"   // its token begins with the slug of a flow and a dot
	ByContext Attribution = "context" // the message that it answers, of which an echo came, names a flow
	ByParam   Attribution = "param"   // an answer flow_id or flow names one
	ByMapping Attribution = "mapping" // a mapping that somebody set
	ByHand    Attribution = "hand"    // somebody assigned it
)

// rank is how good the reason is: the lower, the better. Nothing moves what somebody assigned.
func (a Attribution) rank() int {
	switch a {
	case ByVisit:
		return 1
	case ByToken:
		return 2
	case ByContext:
		return 3
	case ByParam:
		return 4
	case ByMapping:
		return 5
	case ByHand:
		return 0
	}
	return 6
}

// testPrefix marks tokens of test buttons, "play --test" and Try it; what follows is read as any other token.
const testPrefix = "test."

// An attributed response knows its flow, by what, and the visit it ends.
type attributed struct {
	flowID, visitID, mappingID int64
	by                         Attribution // empty: no flow found
	test                       bool
}

// Evidence is what a response says about where it belongs.
type evidence struct {
	token, contextID     string
	phoneID, phoneNumber string // ours
	contact              int64
	answers              map[string]any
}

// attribute finds the flow of a response: a visit with that token, the token's slug, the message that it answers, a param,
// a mapping; in this order.
func (x *inboxTx) attribute(e evidence) (a attributed, err error) {
	rest, test := strings.CutPrefix(e.token, testPrefix)
	a.test = test
	if usable(e.token) {
		var visitTest bool
		found, err := x.find(sqlVisitOf, []any{bounded(e.token)}, &a.visitID, &a.flowID, &visitTest)
		if err != nil || found {
			a.by, a.test = ByVisit, test || visitTest
			return a, err
		}
	}
	names, err := x.names()
	if err != nil {
		return a, err
	}
	if id, ok := names.ofToken(rest); ok {
		a.flowID, a.by = id, ByToken
		return a, nil
	}
	if a.flowID, err = x.flowOfMessage(e.contextID); err != nil || a.flowID != 0 {
		a.by = ByContext
		return a, err
	}
	for _, param := range []string{"flow_id", "flow"} {
		if id, ok := names.ofParam(e.answers[param]); ok {
			a.flowID, a.by = id, ByParam
			return a, nil
		}
	}
	m, found, err := x.mappingOf(e)
	if found {
		a.flowID, a.mappingID, a.by = m.FlowID, m.ID, ByMapping
	}
	return a, err
}

// usable tells whether a token names a visit: a missing, empty or "unused" one never does.
func usable(token string) bool { return token != "" && token != "unused" }

// better tells whether what was found now is a better reason than what a response has. Of the same kind it may be another
// flow only for a param: a flow with the id that it names was added. A mapping never moves what another one found.
func (a attributed) better(state ResponseState, by Attribution, flowID int64) bool {
	switch {
	case a.by == "":
		return false
	case state == UnmatchedResponse:
		return true
	}
	return a.by.rank() < by.rank() || a.by == ByParam && by == ByParam && a.flowID != flowID
}

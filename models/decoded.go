package models

import (
	"slices"
	"strings"
)

// Decoded is what one delivery says.
type Decoded struct {
	ID         int64
	ReceivedAt Time     // of the delivery: where it lies; zero: it is looked for
	Reason     string   // why a person is needed for the body, or for parts that are none of these; empty when it was understood
	Fault      string   // why it could not be decoded, by our fault: it is put back as if its effects could not be written
	Fields     []string // of the changes in it, as the platform names them, such as "messages": targets ask for them
	Messages   []InMessage
	Statuses   []InStatus
	Flows      []InFlowEvent
	People     []InPerson
	Others     []InOther

	kinds string // of the whole of which this is the rest; "": this is the whole
}

// isTest tells of a delivery that it holds completed flows of tests and nothing else.
func (d *Decoded) isTest() bool {
	if d.kinds != "" || d.Reason != "" || len(d.Messages) == 0 || len(d.Statuses)+len(d.Flows)+len(d.People)+len(d.Others) > 0 {
		return false
	}
	return !slices.ContainsFunc(d.Messages, func(m InMessage) bool { return m.Flow == nil || !strings.HasPrefix(m.Flow.Token, testPrefix) })
}

// InContact names a customer: a number, a business-scoped id, or both.
type InContact struct{ Phone, UserID, Name, Username string }

// InPerson is what a platform says of a customer apart from messages.
type InPerson struct {
	Was   InContact // as the customer was known until At
	Is    InContact // number and id since then; empty: as before
	Saved *string   // name in the business's address book, "" when removed from it; nil: nothing was said
	At    Time
}

// InMessage is one message of a customer, or an echo of one that the business wrote elsewhere.
type InMessage struct {
	Out                                  bool // an echo; Contact is then who it went to
	History                              bool // of a chat that was shared later
	WAMID, Account, PhoneID, PhoneNumber string
	Contact                              InContact
	Type, ContextID                      string
	At                                   Time
	Body                                 []byte // JSON
	Flow                                 *InResponse
}

// InResponse is a completed flow.
type InResponse struct {
	Raw     string
	Answers map[string]any // nil when unreadable; numbers are json.Number
	Reason  string         // why unreadable
	Token   string
	Files   []InFile // which the Graph API has
}

// InStatus is one status of a message.
type InStatus struct {
	WAMID, Account, PhoneID string
	Contact                 InContact
	State                   string
	At                      Time
	Errors                  []byte // JSON or nil
	Pricing, Conversation   []byte // JSON or nil
}

// InFlowEvent is one change of field "flows": an alert event when State is not empty, else a flow event.
type InFlowEvent struct {
	Key, Account, MetaID, Event, Message, Warning, OldStatus, NewStatus, State string
	At                                                                         Time
	Threshold, ErrorRate, P50, P90, Requests, Available                        *float64
	Errors                                                                     []AlertError
	Body                                                                       []byte // JSON
}

// InOther is any other change: an account event.
type InOther struct {
	Key, Account, Field             string
	Kind, Subject, Channel, Summary string // in plain words; none names a customer
	At                              Time
	Body                            []byte // JSON
}

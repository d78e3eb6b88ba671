package models

import "context"

// DeliveryState is where a delivery stands (design/decisions.md 30).
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Done      DeliveryState = "done"
	Unmatched DeliveryState = "unmatched" // at least one part needs a person
	Failed    DeliveryState = "failed"    // our fault: gave up after 8 tries
)

// A Delivery is one HTTP body that a platform sent us, raw.
type Delivery struct {
	ID          int64
	Source      string // meta, 360dialog
	ReceivedAt  Time
	Body        []byte
	SHA256      []byte
	Signature   string // header as it came
	ContentType string
	State       DeliveryState
	Attempts    int
	NextAt      Time // pending: not before
	Reason      string
	Kinds       string // what it held, e.g. "response text flows"
	Seen        int    // how often the same bytes came
	Test        bool
}

// StoreDeliveries makes new deliveries durable in one transaction: the ingest queue's store. Of bodies that
// came before (same source, same bytes, within 14 days) only Seen grows. Source, ReceivedAt, Body, Signature,
// ContentType and Test are read.
func (db *DB) StoreDeliveries(ctx context.Context, ds []Delivery) error { panic("contract") }

// PendingDeliveries are the oldest that are due, with their bodies.
func (db *DB) PendingDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	panic("contract")
}

// ApplyDeliveries writes what decoded deliveries say, each all or nothing, in one transaction, and marks them.
// Every effect is idempotent. A delivery whose effects cannot be written is put back with attempts + 1 and a
// backoff, and is Failed after the eighth.
func (db *DB) ApplyDeliveries(ctx context.Context, ds []Decoded) error { panic("contract") }

// Delivery returns one.
func (db *DB) Delivery(ctx context.Context, id int64) (Delivery, error) { panic("contract") }

// UnmatchedDeliveries are those that need a person, newest first; before is the id to page from (0 = newest).
func (db *DB) UnmatchedDeliveries(ctx context.Context, before int64, limit int) ([]Delivery, error) {
	panic("contract")
}

// DeliveryCounts counts by state; OldestPending is zero when none waits.
func (db *DB) DeliveryCounts(ctx context.Context) (map[DeliveryState]int64, Time, error) {
	panic("contract")
}

// Decoded is what one delivery says.
type Decoded struct {
	ID       int64
	Reason   string // why a person is needed for the body as a whole; empty when it was understood
	Messages []InMessage
	Statuses []InStatus
	Flows    []InFlowEvent
	Others   []InOther
}

// InContact names a customer: a number, a business-scoped id, or both.
type InContact struct{ Phone, UserID, Name, Username string }

// InMessage is one inbound message.
type InMessage struct {
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
}

// InStatus is one status of a message.
type InStatus struct {
	WAMID, Account, PhoneID string
	Contact                 InContact
	State                   string
	At                      Time
	Errors                  []byte // JSON or nil
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
	Key, Account, Field string
	At                  Time
	Body                []byte // JSON
}

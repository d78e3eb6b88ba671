package models

import (
	"context"
	"iter"
	"time"
)

// ResponseState tells whether a response could be read and attributed (design/decisions.md 31).
type ResponseState string

// The states of a response.
const (
	Complete          ResponseState = "complete"
	Unreadable        ResponseState = "unreadable"
	UnmatchedResponse ResponseState = "unmatched"
)

// A Response is one completed flow, from an nfm_reply.
type Response struct {
	ID          int64
	WAMID       string
	DeliveryID  int64
	FlowID      int64 // 0: unmatched
	FlowSlug    string
	FlowName    string
	Attribution string // visit, token, param; empty when unmatched
	State       ResponseState
	Token       string
	ContextID   string
	Contact     Contact
	PhoneNumber string // ours, as displayed
	SentAt      Time
	ReceivedAt  Time
	Raw         string
	Answers     map[string]any // decoded without flow_token; numbers are json.Number; nil when unreadable
	Reason      string
	VisitID     int64
	Test        bool
}

// A Contact is one customer.
type Contact struct {
	ID       int64
	Phone    string // digits, wa_id form; may be empty
	UserID   string // business-scoped id; may be empty
	Name     string
	Username string
}

// ResponseFilter says which responses. The zero value is all but tests.
type ResponseFilter struct {
	FlowID    int64
	State     ResponseState // empty: any
	From, To  time.Time     // received; half-open; zero: open
	Text      string        // every word occurs (folded: case and accents) in contact, token or answers
	Tests     bool          // also those of tests
	Before    int64         // page: ids below; 0 = newest
	After     int64         // page back: ids above
	Limit     int           // 0 = 50
	UpTo      int64         // EachResponse: ids not above; 0 = the highest at the start
	Ascending bool          // EachResponse: oldest first (default newest first)
}

// ResponsePage is one page, newest first. Older and Newer are ids to page from; 0 = no such page.
type ResponsePage struct {
	Rows         []Response
	Older, Newer int64
}

// Responses returns a page by key.
func (db *DB) Responses(ctx context.Context, f ResponseFilter) (ResponsePage, error) {
	panic("contract")
}

// CountResponses counts, at most 10,001.
func (db *DB) CountResponses(ctx context.Context, f ResponseFilter) (int, error) { panic("contract") }

// Response returns one.
func (db *DB) Response(ctx context.Context, id int64) (Response, error) { panic("contract") }

// EachResponse yields all that the filter matches, read in batches by key (design/decisions.md 47).
func (db *DB) EachResponse(ctx context.Context, f ResponseFilter) iter.Seq2[Response, error] {
	panic("contract")
}

// AnswerKeys lists the answer keys that occur in responses of a flow (0: of all), by name.
func (db *DB) AnswerKeys(ctx context.Context, flowID int64) ([]string, error) { panic("contract") }

// UnmatchedCount counts responses and deliveries that need a person.
func (db *DB) UnmatchedCount(ctx context.Context) (responses, deliveries int, err error) {
	panic("contract")
}

// Attribute runs attribution again over what is unmatched, after a flow was added; it returns how many found
// their flow (design/decisions.md 33).
func (db *DB) Attribute(ctx context.Context) (int, error) { panic("contract") }

// A DayCount is one day's figure.
type DayCount struct {
	Day time.Time // midnight in the zone asked for
	N   int
}

// ResponsesPerDay counts responses of the last n days up to now in that zone, oldest first, days without any
// included; flowID 0 = all. Tests are left out.
func (db *DB) ResponsesPerDay(ctx context.Context, flowID int64, n int, zone *time.Location) ([]DayCount, error) {
	panic("contract")
}

// VisitsPerDay counts visits by the day they started, likewise.
func (db *DB) VisitsPerDay(ctx context.Context, flowID int64, n int, zone *time.Location) ([]DayCount, error) {
	panic("contract")
}

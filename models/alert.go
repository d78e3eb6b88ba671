package models

import (
	"context"
	"iter"
	"time"

	"switchyard/models/alert"
)

// An Alert is one condition of one flow, from first activation to resolution.
type Alert struct {
	ID         int64
	Key        string // of its first ACTIVATED event
	MetaID     string // Meta's flow id
	FlowSlug   string // empty: no such flow here (design/decisions.md 34)
	FlowName   string
	Kind       alert.Kind
	Status     alert.Status
	Severity   alert.Severity
	Thresholds []float64
	SinceAt    Time
	ResolvedAt Time
	ReopenedAt Time
	Last       AlertEvent // newest event: the figures that a list shows
	AckBy      int64
	AckName    string
	AckAt      Time
	AckNote    string
	Events     []AlertEvent // only from Alert(id); oldest first
	Acts       []alert.Act  // only from Alert(id); oldest first
}

// An AlertEvent is one notice.
type AlertEvent struct {
	ID         int64
	AlertID    int64 // 0: a DEACTIVATED with nothing open
	DeliveryID int64
	Source     string // meta, 360dialog
	Activated  bool
	At         Time // its own time, else its arrival
	ArrivedAt  Time
	Threshold  *float64
	ErrorRate  *float64 // percent
	P50, P90   *float64 // ms
	Requests   *float64
	Available  *float64 // percent
	Errors     []AlertError
	Message    string
}

// An AlertError is one row of an alert's errors.
type AlertError struct {
	Type  string   `json:"type"`
	Count *float64 `json:"count,omitempty"`
	Rate  *float64 `json:"rate,omitempty"` // percent of the errors
}

// AlertFilter says which alerts; the zero value is all.
type AlertFilter struct {
	Status   alert.Status // empty: any
	MetaID   string
	From, To time.Time // since; half-open
	Before   int64     // page: ids below
	Limit    int       // 0 = 50
}

// Alerts lists newest activation first; more tells whether an older page exists.
func (db *DB) Alerts(ctx context.Context, f AlertFilter) (rows []Alert, more bool, err error) {
	panic("contract")
}

// EachAlert yields all that the filter matches with their events, oldest first.
func (db *DB) EachAlert(ctx context.Context, f AlertFilter) iter.Seq2[Alert, error] {
	panic("contract")
}

// AlertCounts counts by status.
func (db *DB) AlertCounts(ctx context.Context) (map[alert.Status]int, error) { panic("contract") }

// Alert returns one with its events and acts.
func (db *DB) Alert(ctx context.Context, id int64) (Alert, error) { panic("contract") }

// AcknowledgeAlert records that by has it. The same person again changes nothing; another gets an
// *alert.Conflict; a resolved one is ErrConflict. The alert as it then is is returned, also with a conflict.
func (db *DB) AcknowledgeAlert(ctx context.Context, id int64, note string, by By) (Alert, error) {
	panic("contract")
}

// UnacknowledgeAlert takes the acknowledgement back; anyone who may acknowledge may.
func (db *DB) UnacknowledgeAlert(ctx context.Context, id int64, by By) (Alert, error) {
	panic("contract")
}

// A FlowEvent is one entry of a flow's status timeline.
type FlowEvent struct {
	ID        int64
	Key       string
	MetaID    string
	Event     string // FLOW_STATUS_CHANGE, FLOW_VERSION_EXPIRY_WARNING, or as it came
	OldStatus string
	NewStatus string
	Message   string
	Warning   string
	At        Time
	ArrivedAt Time
	Source    string
}

// FlowEvents is the timeline of a Meta flow id, oldest first in the order of design/decisions.md 38.
func (db *DB) FlowEvents(ctx context.Context, metaID string) ([]FlowEvent, error) { panic("contract") }

// UnknownFlows lists Meta flow ids that sent alerts or status events and are no flow here.
func (db *DB) UnknownFlows(ctx context.Context) ([]string, error) { panic("contract") }

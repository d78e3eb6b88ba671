// Package alert is the life of an alert: active, acknowledged, resolved, active again.
//
// It is pure: notices and people's acts in any order and with any repetition go in, and the same
// stretches come out (design/decisions.md 37–39).
package alert

import "time"

// Kind is what Meta measures (protocol.md §2.6).
type Kind string

// The kinds that Meta documents; others are kept as they came.
const (
	ClientErrorRate      Kind = "CLIENT_ERROR_RATE"
	EndpointErrorRate    Kind = "ENDPOINT_ERROR_RATE"
	EndpointLatency      Kind = "ENDPOINT_LATENCY"
	EndpointAvailability Kind = "ENDPOINT_AVAILABILITY"
)

// An Event is one notice about one (flow, kind).
type Event struct {
	Key       string // hash that names the event; equal keys are the same event
	Activated bool   // false: DEACTIVATED
	Threshold *float64
	At        time.Time // its own time; its arrival when it has none
	Arrived   time.Time
}

// An Act is what a person did.
type Act struct {
	ID   int64
	Verb Verb
	By   int64 // user
	Name string
	Note string
	At   time.Time
}

// Verb of an act.
type Verb string

// The verbs.
const (
	Acknowledge   Verb = "acknowledge"
	Unacknowledge Verb = "unacknowledge"
)

// Status of an alert.
type Status string

// The statuses.
const (
	Active       Status = "active"
	Acknowledged Status = "acknowledged"
	Resolved     Status = "resolved"
)

// Severity orders thresholds: 1 mildest, 3 worst.
type Severity int

// SeverityOf ranks a threshold of that kind: 5/10/50 % and 1000/5000/7000 ms are 1/2/3, below 90 % is 3,
// unknown thresholds are placed between the known ones; nil is 1.
func SeverityOf(k Kind, threshold *float64) Severity { panic("contract") }

// Word is the severity for people: "low", "medium", "high".
func (s Severity) Word() string { panic("contract") }

// A Stretch is one alert: from its first ACTIVATED until the set of activated thresholds is empty.
type Stretch struct {
	Key        string // of its first ACTIVATED event: the alert's name
	Status     Status
	Severity   Severity  // worst of the thresholds now active; of a resolved one the worst that was
	Thresholds []float64 // now active, mildest first
	Since      time.Time
	ResolvedAt time.Time // zero while open
	ReopenedAt time.Time // when it became active again after an acknowledgement; zero otherwise
	Last       Event     // newest event of it
	Ack        *Act      // the acknowledgement in force, or of a reopened one the one before; nil when none
	Events     []Event   // in order
	Acts       []Act     // in order
}

// Fold cuts events and acts of one (flow, kind) into stretches, oldest first. Orphans are DEACTIVATED
// events with nothing open: kept, opening nothing.
func Fold(k Kind, events []Event, acts []Act) (stretches []Stretch, orphans []Event) {
	panic("contract")
}

// Apply decides whether a person may do act to s now: changed tells whether anything changes (the same
// person acknowledging again changes nothing), and err is a *Conflict when another person has it.
func (s Stretch) Apply(act Act) (changed bool, err error) { panic("contract") }

// A Conflict says who already has the alert.
type Conflict struct {
	By   int64
	Name string
	At   time.Time
}

func (c *Conflict) Error() string { panic("contract") }

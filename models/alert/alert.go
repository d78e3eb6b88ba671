// Package alert is the life of an alert: active, acknowledged, resolved, active again.
//
// It is pure: notices and people's acts in any order and with any repetition go in, and the same
// stretches come out. Notices have two times: their own orders them and cuts the stretches, their arrival
// relates them to what people did, because people could only know what had arrived.
//
// Judge is our own monitor: it decides from tallies of the endpoint's minutes what to say, in the same words as Meta.
package alert

import "time"

// Kind is what Meta measures.
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
	Key       string // hash that names the event; equal keys are the same event, and the first arrival counts
	Own       bool   // of our own monitor; false: of Meta
	Activated bool   // false: DEACTIVATED
	Threshold *float64
	At        time.Time // its own time; its arrival when it has none
	Arrived   time.Time
}

// Status of an alert.
type Status string

// The statuses. Snoozed is one that nothing stores: an open alert has it until a time comes (Standing).
const (
	Active       Status = "active"
	Acknowledged Status = "acknowledged"
	Resolved     Status = "resolved"
	Snoozed      Status = "snoozed"
)

// Standing is the status for people at a time: an open alert is Snoozed until then.
func Standing(s Status, snoozedUntil, now time.Time) Status {
	if s != Resolved && snoozedUntil.After(now) {
		return Snoozed
	}
	return s
}

// A Stretch is one alert: from its first ACTIVATED until the set of activated thresholds is empty, or until a person
// resolves it.
type Stretch struct {
	Key          string // of its first ACTIVATED event: the alert's name
	Status       Status
	Severity     Severity  // worst of the thresholds now active; of a resolved one the worst that was
	Thresholds   []float64 // now active, mildest first; one without a figure is active but not listed
	Since        time.Time // own time of its first event
	ResolvedAt   time.Time // own time of the event or act that resolved it; zero while open
	ReopenedAt   time.Time // by our clock: when it became active again after an acknowledgement; zero otherwise
	SnoozedUntil time.Time // zero: not snoozed, or it got worse since
	Last         Event     // newest event of it
	Ack          *Act      // the acknowledgement in force, or of a reopened one the one before; nil when none
	Assigned     *Act      // the newest assignment; nil when none
	Closed       *Act      // the act that resolved it by hand; nil when none did
	Events       []Event   // in order
	Acts         []Act     // in order, those that were undone too
}

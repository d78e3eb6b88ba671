package wire

import (
	"encoding/json"
	"time"
)

// A FlowEvent is one change of field "flows" (protocol.md §2.6). FlowID and Event are never empty (a change without
// them is an Other); a figure is nil when it is missing or no number.
type FlowEvent struct {
	Key       string // sha256 hex over source, account, field, entry time, canonical value (design/decisions.md 32)
	Account   string
	FlowID    string
	Event     string    // in capitals: names are spelled "endpoint-latency" too
	At        time.Time // entry time; zero when missing
	Message   string
	Warning   string
	OldStatus string
	NewStatus string
	State     string // ACTIVATED, DEACTIVATED, or another word, in capitals
	Threshold *float64
	ErrorRate *float64
	P50, P90  *float64 // ms
	Requests  *float64
	Available *float64
	Errors    []ErrorCount
	Raw       json.RawMessage
}

// An ErrorCount is one row of errors[].
type ErrorCount struct {
	Type  string // as it came
	Count *float64
	Rate  *float64 // percent of the errors
}

func (d *decoder) flow(c change) { d.flowNamed(c, "") }

// flowNamed decodes a change whose event is named beside it, not in it, when it has none of its own.
func (d *decoder) flowNamed(c change, event string) {
	o := objectOf(c.value)
	e := FlowEvent{
		Account: c.account, FlowID: o.text("flow_id"), Event: or(constant(o.text("event")), event), At: c.at,
		Message: o.text("message"), Warning: o.text("warning"),
		OldStatus: constant(o.text("old_status")), NewStatus: constant(o.text("new_status")), State: constant(o.text("alert_state")),
		Threshold: o.number("threshold"), ErrorRate: o.number("error_rate"),
		P50: o.number("p50_latency"), P90: o.number("p90_latency"),
		Requests: o.number("requests_count"), Available: o.number("availability"), Raw: c.value,
	}
	if e.FlowID == "" || e.Event == "" {
		d.unnamed(e, o)
		d.other("flows", c, c.value)
		return
	}
	if o.has("alert_state") && e.State == "" {
		d.unread("alert_state of a flow is not a text")
	}
	for raw := range d.listed(o, "errors") {
		row := objectOf(raw)
		e.Errors = append(e.Errors, ErrorCount{
			Type: row.text("error_type"), Count: row.number("error_count"), Rate: row.number("error_rate"),
		})
	}
	e.Key = d.key("flows", c)
	d.events.Flows = append(d.events.Flows, e)
}

// unnamed notes what an event of a flow lacks.
func (d *decoder) unnamed(e FlowEvent, o object) {
	if o == nil {
		return // noted already
	}
	if e.FlowID == "" {
		d.unread("a change of flows has no flow_id")
	}
	if e.Event == "" {
		d.unread("a change of flows has no event")
	}
}

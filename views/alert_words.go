package views

import (
	"math"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// AlertName is what a kind of alert measures, in words; a kind that Meta adds keeps its own name, made readable.
func AlertName(k alert.Kind) string {
	switch k {
	case alert.ClientErrorRate:
		return "Client error rate"
	case alert.EndpointErrorRate:
		return "Endpoint error rate"
	case alert.EndpointLatency:
		return "Endpoint latency"
	case alert.EndpointAvailability:
		return "Endpoint availability"
	}
	s := strings.ToLower(strings.ReplaceAll(string(k), "_", " "))
	if s == "" {
		return "Unnamed alert"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Measure is a figure or threshold of a kind with its unit: "14.3%", "8 s"; what Meta did not say is "not said",
// never zero.
func Measure(k alert.Kind, f *float64) string {
	if f == nil || math.IsNaN(*f) {
		return "not said"
	}
	if k == alert.EndpointLatency {
		return Milliseconds(time.Duration(*f * float64(time.Millisecond)))
	}
	return Percent(*f / 100)
}

// AlertFigures is a notice in one line: "14.3%, threshold 10%", "p90 8 s, threshold 7 s".
func AlertFigures(k alert.Kind, e models.AlertEvent) string {
	figure := Measure(k, AlertFigure(k, e))
	if AlertFigure(k, e) == nil {
		figure = "figure not said"
	} else if k == alert.EndpointLatency {
		figure = "p90 " + figure
	}
	if e.Threshold == nil {
		return figure
	}
	return figure + ", threshold " + Measure(k, e.Threshold)
}

// alertLine is the newest notice of an alert in one line; one of recovery says so, with the figure after it.
func alertLine(a models.Alert) string {
	switch e := a.Last; {
	case e.Activated:
		return alertSource(e) + ": " + AlertFigures(a.Kind, e)
	case AlertFigure(a.Kind, e) == nil:
		return alertSource(e) + ": recovered"
	default:
		return alertSource(e) + ": recovered to " + AlertFigures(a.Kind, models.AlertEvent{P90: e.P90, ErrorRate: e.ErrorRate, Available: e.Available})
	}
}

// worstNotice is the activation with the worst figure; of those without figures the one of the worst threshold.
func worstNotice(a models.Alert) models.AlertEvent {
	worst, found := a.Last, false
	for _, e := range a.Events {
		if e.Activated && (!found || worse(a.Kind, e, worst)) {
			worst, found = e, true
		}
	}
	return worst
}

func worse(k alert.Kind, e, than models.AlertEvent) bool {
	f, g := AlertFigure(k, e), AlertFigure(k, than)
	if f == nil || g == nil {
		return f != nil || g == nil && e.Threshold != nil && (than.Threshold == nil || *e.Threshold > *than.Threshold)
	}
	if k == alert.EndpointAvailability {
		return *f < *g
	}
	return *f > *g
}

// similarLine is an earlier alert in one line.
func similarLine(a models.Alert) string {
	line := alertLine(a)
	if d, ok := toResolve(a); ok {
		line += ", over after " + spanWords(d)
	}
	return line
}

// alertMeaning is what a kind means for customers, and what to do next.
func alertMeaning(k alert.Kind) (means string, next []string) {
	switch k {
	case alert.ClientErrorRate:
		return "On customers' phones, too many steps from one screen to the next failed. Meta measures this on the phones over 60 minutes, and not all devices report; Switchyard counts the errors that phones report here, over shorter times too.",
			[]string{"Look at the error types: most come from a screen that the routing model forbids, or from data that does not fit the screen.", "Open the flow's rules and mend the problems that they list, then publish."}
	case alert.EndpointErrorRate:
		return "Too many requests to this flow's endpoint failed. Meta counts over 30 minutes, Switchyard over shorter times too.",
			[]string{"Look at the error types, and at the faults among the evidence.", "If this server shows no fault for that time, the errors came from a proxy or network before it."}
	case alert.EndpointLatency:
		return "The slowest tenth of the requests to this flow's endpoint took longer than the threshold. Customers wait that long between screens. Meta measures over 30 minutes, Switchyard over shorter times too.",
			[]string{"Answers should take less than a second. Compare with the durations on the flow's page: if they are short, the time is lost on the network before this server."}
	case alert.EndpointAvailability:
		return "The endpoint did not answer WhatsApp's requests and health checks often enough. Meta looks at 10 minutes, Switchyard at shorter times too.",
			[]string{"Make sure that this server can be reached from the internet at its public URL, around the clock.", "Check the certificate and the proxy before it."}
	}
	return "Meta reports a condition that this version does not know by name. Its own words stand under “What was measured”.", nil
}

// alertConsequence is what Meta does when nobody mends it (protocol.md §5.4).
const alertConsequence = "If it goes on, Meta throttles the flow to 10 messages an hour, then blocks sending and opening it. It recovers by itself when the figures do."

// AlertFlowName names the flow of an alert, also one that is not added here.
func AlertFlowName(a models.Alert) string {
	if a.FlowName != "" {
		return a.FlowName
	}
	return "Flow " + shortID(a.MetaID) + " (not added)"
}

// shortID is the start of a long id of Meta's.
func shortID(id string) string {
	if len(id) <= 8 {
		return id
	}
	return id[:4] + "…" + id[len(id)-2:]
}

// severityState is a severity as Badge draws it.
func severityState(s alert.Severity) string {
	switch {
	case s >= 3:
		return "critical"
	case s == 2:
		return "warning"
	}
	return "note"
}

// StatusWord is a state for reading: "active" is "Active", "PUBLISHED" is "Published".
func StatusWord(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToLower(strings.ReplaceAll(s, "_", " "))
	return strings.ToUpper(s[:1]) + s[1:]
}

// errorTitle is an error type in words with Meta's own spelling.
func errorTitle(e models.AlertError) string {
	if m, ok := alert.Known(e.Type); ok {
		return m.Title
	}
	return e.Type
}

// errorShare is how often an error occurred: "2 times, 66.7% of the errors".
func errorShare(e models.AlertError) string {
	var parts []string
	if e.Count != nil {
		n := strconv.FormatFloat(*e.Count, 'f', -1, 64)
		if n == "1" {
			parts = append(parts, "once")
		} else {
			parts = append(parts, n+" times")
		}
	}
	if e.Rate != nil {
		parts = append(parts, Percent(*e.Rate/100)+" of the errors")
	}
	return strings.Join(parts, ", ")
}

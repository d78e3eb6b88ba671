package views

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"switchyard/models/alert"
)

// A FlowMonitor is what our own monitor measured of a flow, and at which figures it speaks.
type FlowMonitor struct {
	Limits  alert.Limits
	Minutes []alert.Minute // of the last hour and a little
	Hours   []alert.Minute // of the chart; hours without a request are left out
	Fields  LimitFields
	Errors  []FieldError
}

// LimitFields are the limits as they stand in the form.
type LimitFields struct{ Latency, EndpointErrors, ClientErrors, Availability, Requests string }

// LimitFieldsOf writes limits.
func LimitFieldsOf(l alert.Limits) LimitFields {
	return LimitFields{plainNumber(l.Latency), plainNumber(l.EndpointErrors), plainNumber(l.ClientErrors), plainNumber(l.Availability), strconv.FormatInt(l.Requests, 10)}
}

// ByName is where each field of the form is kept.
func (f *LimitFields) ByName() map[string]*string {
	return map[string]*string{"latency": &f.Latency, "endpoint_errors": &f.EndpointErrors, "client_errors": &f.ClientErrors,
		"availability": &f.Availability, "requests": &f.Requests}
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// figure is what a kind measured in Meta's window up to now, in words.
func (m FlowMonitor) figure(k alert.Kind, now time.Time) string {
	t := alert.Over(alert.MetaWindow(k), now, m.Minutes)
	f := alert.Figure(k, &t)
	if f == nil {
		return "–"
	}
	return Measure(k, f)
}

// limit is when we speak about a kind, in words.
func (m FlowMonitor) limit(k alert.Kind) string {
	limit := m.Limits.Of(k)
	if limit <= 0 {
		return "Never"
	}
	return fromWord(k) + " " + Measure(k, &limit)
}

// metaLimits is when Meta speaks about a kind, in words.
func metaLimits(k alert.Kind) string {
	var all []string
	for _, t := range alert.Meta(k) {
		all = append(all, Measure(k, &t))
	}
	return fromWord(k) + " " + strings.Join(all, ", ")
}

func fromWord(k alert.Kind) string {
	if k == alert.EndpointAvailability {
		return "Below"
	}
	return "From"
}

func windowWords(k alert.Kind) string {
	return fmt.Sprintf("Last %d minutes", alert.MetaWindow(k))
}

// latencyChart draws p90 by hour, gaps where nobody asked; ok is false when there is nothing to draw.
func (m FlowMonitor) latencyChart(flow string, now time.Time, zone *time.Location) (c Chart, ok bool) {
	c = Chart{ID: "latency-chart", Title: "90% of answers of " + flow + " within, per hour, last 48 hours", Unit: " ms",
		Threshold: m.Limits.Latency, ThresholdLabel: "Limit of our own monitor"}
	byHour := map[int64]alert.Tally{}
	for _, h := range m.Hours {
		byHour[h.At.Unix()] = h.Tally
	}
	for i := range 48 {
		at := now.Truncate(time.Hour).Add(time.Duration(i-47) * time.Hour)
		p := Point{Label: at.In(orUTC(zone)).Format("2 Jan 15:04"), Value: math.NaN()}
		if t, there := byHour[at.Unix()]; there {
			if ms := t.Within(.9); ms != nil {
				p.Value, ok = math.Round(*ms), true
			}
		}
		c.Points = append(c.Points, p)
	}
	return c, ok
}

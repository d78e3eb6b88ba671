package demo

import (
	"time"

	"switchyard/models"
)

// The kinds of alert, as Meta names them.
const (
	clientErrors   = "CLIENT_ERROR_RATE"
	endpointErrors = "ENDPOINT_ERROR_RATE"
	latency        = "ENDPOINT_LATENCY"
	availability   = "ENDPOINT_AVAILABILITY"
)

// A story is one alert from its first notice on.
type story struct {
	metaID, kind string
	began        time.Duration // before the end of the past
	moments      []moment
}

// A moment of a story is a notice, or what a person did.
type moment struct {
	after             time.Duration // the beginning
	recovered         bool
	threshold, figure float64
	noFigure          bool        // Meta did not say it
	ack               models.Role // who acknowledges; "": a notice
	note              string
}

// ended is when the story's last moment was, before the end of the past.
func (s story) ended() time.Duration { return s.began - s.moments[len(s.moments)-1].after }

// over is since when the flow is well again, before the end of the past; 0 when it is not.
func (s story) over() time.Duration {
	if !s.moments[len(s.moments)-1].recovered {
		return 0
	}
	return s.ended()
}

// unreachable tells whether pings to a flow were lost then: shortly before the first notice of it.
func (f *filling) unreachable(metaID string, when time.Time) bool {
	for _, s := range f.stories {
		if s.kind == availability && s.metaID == metaID && when.After(f.ago(s.began+14*minute)) && when.Before(f.ago(s.began)) {
			return true
		}
	}
	return false
}

// strange is a flow that is not added here.
const strange = "481516234200815"

// storiesOf are all alerts of the two months: of every kind, and in every state at the end.
func storiesOf(appointment, claim, survey string) []story {
	return []story{
		{appointment, clientErrors, 47 * day, []moment{
			{threshold: 5, figure: 6.2},
			{after: 25 * minute, ack: models.Support, note: "Customers of an old app version; asking them to update."},
			{after: 2 * hour, recovered: true, threshold: 5, figure: 1.1},
		}},
		{appointment, latency, 33 * day, []moment{
			{threshold: 1000, figure: 1420},
			{after: 12 * minute, threshold: 5000, figure: 5630},
			{after: 20 * minute, ack: models.Operator, note: "The backup ran in office hours. Moved to 03:00."},
			{after: 95 * minute, recovered: true, threshold: 1000, figure: 310},
		}},
		{claim, endpointErrors, 25 * day, []moment{
			{threshold: 10, figure: 14.28},
			{after: 6 * minute, ack: models.Operator, note: "Looking at the proxy."},
			{after: 15 * minute, threshold: 50, figure: 61.2},
			{after: 22 * minute, ack: models.Support, note: "Certificate had run out; renewed, and an alarm is set for the next."},
			{after: 170 * minute, recovered: true, threshold: 10, figure: 0.4},
		}},
		{strange, endpointErrors, 20 * day, []moment{
			{threshold: 5, figure: 7.9}, {after: 3 * hour, recovered: true, threshold: 5, figure: 2},
		}},
		{claim, availability, 12 * day, []moment{
			{threshold: 90, noFigure: true}, {after: 10 * minute, threshold: 90, figure: 75}, {after: 31 * minute, recovered: true, threshold: 90, figure: 100},
		}},
		{survey, clientErrors, 8 * day, []moment{
			{threshold: 5, figure: 5.4}, {after: 4 * hour, recovered: true, threshold: 5, figure: 3.9},
		}},
		{claim, endpointErrors, 9 * hour, []moment{ // active again: it got worse
			{threshold: 5, figure: 8.3},
			{after: 40 * minute, ack: models.Operator, note: "The policy service is slow today, watching it."},
			{after: 7 * hour, threshold: 10, figure: 17.5},
		}},
		{claim, clientErrors, 5 * hour, []moment{ // somebody has it
			{threshold: 10, figure: 14.28},
			{after: 18 * minute, ack: models.Support, note: "Only phones with large fonts, it seems. Told Lin."},
		}},
		{appointment, latency, 50 * minute, []moment{ // nobody has it yet
			{threshold: 1000, figure: 1180}, {after: 14 * minute, threshold: 5000, figure: 6900},
		}},
		{appointment, availability, 16 * minute, []moment{{threshold: 90, figure: 82}}},
	}
}

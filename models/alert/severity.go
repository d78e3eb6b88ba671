package alert

import "math"

// Severity orders thresholds: 1 mildest, 3 worst.
type Severity int

// known are the thresholds that Meta documents, mildest first: percent, or milliseconds of latency.
var known = map[Kind][3]float64{
	ClientErrorRate:   {5, 10, 50},
	EndpointErrorRate: {5, 10, 50},
	EndpointLatency:   {1000, 5000, 7000},
}

// SeverityOf ranks a threshold of that kind: 5/10/50 % and 1000/5000/7000 ms are 1/2/3, below 90 % is 3,
// unknown thresholds are placed between the known ones; nil is 1, and so is any of an unknown kind.
func SeverityOf(k Kind, threshold *float64) Severity { return levelOf(threshold).severity(k) }

// Word is the severity for people: "low", "medium", "high".
func (s Severity) Word() string {
	switch {
	case s >= 3:
		return "high"
	case s == 2:
		return "medium"
	}
	return "low"
}

// A level is a threshold that may have no figure; the zero level has none and is the mildest.
type level struct {
	given bool
	value float64
}

func levelOf(threshold *float64) level {
	if threshold == nil || math.IsNaN(*threshold) {
		return level{}
	}
	return level{true, *threshold}
}

func (l level) severity(k Kind) Severity {
	switch steps, ok := known[k]; {
	case !l.given:
		return 1
	case k == EndpointAvailability && l.value <= 90:
		return 3
	case k == EndpointAvailability:
		return 2
	case ok && l.value >= steps[2]:
		return 3
	case ok && l.value >= steps[1]:
		return 2
	}
	return 1
}

// compare orders levels of a kind, mildest first. Availability is worse the lower it is.
func (l level) compare(k Kind, m level) int {
	switch {
	case l == m:
		return 0
	case !l.given:
		return -1
	case !m.given:
		return 1
	case (l.value < m.value) != (k == EndpointAvailability):
		return -1
	}
	return 1
}

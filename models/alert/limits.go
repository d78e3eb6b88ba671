package alert

import "slices"

// Limits are the figures at which our own monitor says something about a flow. 0 is never.
type Limits struct {
	Latency        float64 // p90 in milliseconds
	EndpointErrors float64 // percent, and more
	ClientErrors   float64 // percent, and more
	Availability   float64 // percent, and less
	Requests       int64   // fewest in a window that tell anything
}

// DefaultLimits lie below Meta's thresholds, so that we speak first.
var DefaultLimits = Limits{Latency: 700, EndpointErrors: 3, ClientErrors: 3, Availability: 95, Requests: 20}

// Kinds are what our own monitor watches.
var Kinds = []Kind{EndpointLatency, EndpointErrorRate, ClientErrorRate, EndpointAvailability}

// Of is the limit of a kind.
func (l Limits) Of(k Kind) float64 {
	switch k {
	case EndpointLatency:
		return l.Latency
	case EndpointErrorRate:
		return l.EndpointErrors
	case ClientErrorRate:
		return l.ClientErrors
	case EndpointAvailability:
		return l.Availability
	}
	return 0
}

// Meta are the thresholds that Meta documents for a kind, mildest first; none of a kind that is not documented.
func Meta(k Kind) []float64 {
	if k == EndpointAvailability {
		return []float64{90}
	}
	steps, ok := known[k]
	if !ok {
		return nil
	}
	return steps[:]
}

// steps are the thresholds of our own monitor, mildest first: the limit, then those of Meta's that are worse.
func (l Limits) steps(k Kind) []float64 {
	limit := l.Of(k)
	if limit <= 0 {
		return nil
	}
	return append([]float64{limit}, slices.DeleteFunc(Meta(k), func(t float64) bool { return !worse(k, t, limit) })...)
}

// worse compares figures or thresholds of a kind.
func worse(k Kind, a, b float64) bool { return level{true, a}.compare(k, level{true, b}) > 0 }

package alert

import (
	"slices"
	"time"
)

// fewFailures is the fewest bad requests that are no accident.
const fewFailures = 3

// windows are the minutes over which a kind is judged: that of Meta last, shorter ones so that we speak first.
var windows = map[Kind][]int{
	ClientErrorRate:      {5, 10, 30, 60},
	EndpointErrorRate:    {1, 5, 10, 30},
	EndpointLatency:      {1, 5, 10, 30},
	EndpointAvailability: {2, 5, 10},
}

// A window is some minutes up to a time.
type window struct {
	minutes int
	tally   Tally
}

// Over is the tally of n minutes up to a time, the minute that then was among them.
func Over(n int, end time.Time, minutes []Minute) (t Tally) {
	from := end.Truncate(time.Minute).Add(-time.Duration(n-1) * time.Minute)
	for i := range minutes {
		if at := minutes[i].At; !at.Before(from) && !at.After(end) {
			t.Add(&minutes[i].Tally)
		}
	}
	return t
}

// MetaWindow is over how many minutes Meta measures a kind; 0: not documented.
func MetaWindow(k Kind) int {
	if all := windows[k]; len(all) > 0 {
		return all[len(all)-1]
	}
	return 0
}

// at are the windows up to a time, shortest first.
func (j *judge) at(end time.Time) []window {
	all := make([]window, 0, len(windows[j.kind]))
	for _, n := range windows[j.kind] {
		all = append(all, window{n, Over(n, end, j.minutes)})
	}
	return all
}

// basis is the shortest window that holds enough to tell.
func (j *judge) basis(in []window) (w window, ok bool) {
	i := slices.IndexFunc(in, func(w window) bool { return j.count(w.tally) >= j.enough() })
	if i < 0 {
		return w, false
	}
	return in[i], true
}

// recovery is the window that tells whether it is over: calm minutes with enough requests, else Meta's window with any.
func (j *judge) recovery(in []window) (w window, ok bool) {
	i := slices.IndexFunc(in, func(w window) bool { return w.minutes >= calm && j.count(w.tally) >= j.enough() })
	if i >= 0 {
		return in[i], true
	}
	w = in[len(in)-1]
	return w, j.count(w.tally) > 0
}

// enough is how many requests tell anything. Pings come once in a while, so of them a quarter does.
func (j *judge) enough() int64 {
	if j.kind == EndpointAvailability {
		return max(fewFailures, j.limits.Requests/4)
	}
	return max(1, j.limits.Requests)
}

// fewest is how many of them must be bad.
func (j *judge) fewest() int64 {
	if j.kind == EndpointAvailability {
		return fewFailures
	}
	return max(fewFailures, j.limits.Requests/4)
}

// count is how many requests of a window a kind is about.
func (j *judge) count(t Tally) int64 {
	switch j.kind {
	case EndpointLatency:
		return t.Latency.Count()
	case ClientErrorRate:
		return t.Answered
	case EndpointAvailability:
		return t.Requests() + t.Pings
	}
	return t.Requests()
}

// bad is how many of them are bad.
func (j *judge) bad(t Tally, threshold float64) int64 {
	switch j.kind {
	case EndpointLatency:
		return t.Latency.over(threshold)
	case ClientErrorRate:
		return t.Notices
	case EndpointAvailability:
		return t.unanswered() + t.Late
	}
	return t.Failed()
}

// Figure is what a kind measures: p90 in milliseconds, or percent; nil when nothing was measured.
func Figure(k Kind, t *Tally) *float64 {
	switch k {
	case EndpointLatency:
		return t.Within(.9)
	case EndpointErrorRate:
		return t.ErrorRate()
	case ClientErrorRate:
		return t.ClientErrorRate()
	case EndpointAvailability:
		return t.Availability()
	}
	return nil
}

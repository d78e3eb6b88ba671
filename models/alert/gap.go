package alert

import "time"

// A Gap is a time in which the endpoint answered nothing.
type Gap struct{ From, To time.Time }

// Gaps are the times of at least so long between two answers or pings, from one time to another. minutes are in order.
// Without any answer nothing is known, so there is no gap.
func Gaps(minutes []Minute, from, to time.Time, least time.Duration) (gaps []Gap) {
	last := from
	add := func(until time.Time) {
		if until.Sub(last) >= least {
			gaps = append(gaps, Gap{last, until})
		}
	}
	answered := false
	for i := range minutes {
		if m := &minutes[i]; m.Answered+m.Pings > 0 {
			add(m.At)
			last, answered = m.At.Add(time.Minute), true
		}
	}
	if !answered {
		return nil
	}
	add(to)
	return gaps
}

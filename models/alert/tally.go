package alert

import "time"

// A Tally counts what a flow's endpoint did in some time. Tests and our own requests are not in it.
type Tally struct {
	Answered  int64     // requests of customers that got an answer, those below among them
	Fallbacks int64     // answered with the fallback, because the rules could not be carried out
	Late      int64     // answered when WhatsApp no longer waited: after 10 s
	Notices   int64     // error notifications: a phone could not show our answer
	Busy      int64     // 503: no turn in time
	Unready   int64     // 503: neither rules nor a Flow JSON
	Unopened  int64     // 421: no key opens them
	Refused   int64     // bad signature or secret, or no request at all: anybody can send such
	Pings     int64     // health checks, answered
	Latency   Histogram // of Answered
}

// A Minute is the tally of the minute that begins at At.
type Minute struct {
	At time.Time
	Tally
}

// Add adds another one.
func (t *Tally) Add(o *Tally) {
	t.Answered += o.Answered
	t.Fallbacks += o.Fallbacks
	t.Late += o.Late
	t.Notices += o.Notices
	t.Busy += o.Busy
	t.Unready += o.Unready
	t.Unopened += o.Unopened
	t.Refused += o.Refused
	t.Pings += o.Pings
	t.Latency.Add(o.Latency)
}

// Answer counts a request that was answered after d.
func (t *Tally) Answer(d time.Duration) {
	t.Answered++
	t.Latency[BucketOf(d)]++
}

// refused counts what was refused when nobody got an answer: then it is us who is wrong, such as by an old app secret.
// Else it is anybody's who found the address.
func (t *Tally) refused() int64 {
	if t.Answered+t.Pings > 0 {
		return 0
	}
	return t.Refused
}

// unanswered counts requests without an answer that a phone can use.
func (t *Tally) unanswered() int64 { return t.Busy + t.Unready + t.Unopened + t.refused() }

// Requests are those of customers.
func (t *Tally) Requests() int64 { return t.Answered + t.unanswered() }

// Failed are requests of customers that failed at the endpoint.
func (t *Tally) Failed() int64 {
	return min(t.Requests(), t.unanswered()+t.Fallbacks+t.Late)
}

// ErrorRate is the share of failed requests in percent; nil when there was no request.
func (t *Tally) ErrorRate() *float64 { return share(t.Failed(), t.Requests()) }

// ClientErrorRate is the share of answers that phones could not show in percent; nil when there was none.
func (t *Tally) ClientErrorRate() *float64 {
	return share(t.Notices, max(t.Answered-t.Notices, t.Notices))
}

// Availability is the share of requests and pings that were answered in time, in percent; nil when none came.
func (t *Tally) Availability() *float64 {
	return share(t.Answered-t.Late+t.Pings, t.Requests()+t.Pings)
}

// Within is the time in milliseconds within which a share (0 to 1) of the answers lies; nil when there was none.
func (t *Tally) Within(part float64) *float64 {
	ms, ok := t.Latency.Quantile(part)
	if !ok {
		return nil
	}
	return &ms
}

// share is part of whole in percent; nil of nothing.
func share(part, whole int64) *float64 {
	if whole <= 0 {
		return nil
	}
	p := 100 * float64(part) / float64(whole)
	return &p
}

// A Cause is one kind of failure with its number.
type Cause struct {
	Type string // as Meta names it where it has a name
	N    int64
}

// Causes are the failures by kind; those that did not occur are left out.
func (t *Tally) Causes() (all []Cause) {
	for _, c := range []Cause{
		{"TIMEOUT", t.Late}, {"UNEXPECTED_HTTP_STATUS_CODE", t.Busy + t.Unready}, {"BUSINESS_DECRYPTION_ERROR", t.Unopened},
		{"BAD_SIGNATURE", t.refused()}, {"FALLBACK", t.Fallbacks},
	} {
		if c.N > 0 {
			all = append(all, c)
		}
	}
	return all
}

package alert

import (
	"fmt"
	"strconv"
)

// Message is the verdict in one sentence for people: what was measured, over how long, of how many.
func (v Verdict) Message() string {
	if v.Window == 0 {
		return "Switchyard no longer watches this."
	}
	t := &v.Tally
	over := fmt.Sprintf("in the last %d minutes", v.Window)
	if v.Window == 1 {
		over = "in the last minute"
	}
	switch v.Kind {
	case EndpointLatency:
		return fmt.Sprintf("Switchyard measured: nine of ten answers took up to %s %s (%s).", seconds(t.Within(.9)), over, counted(t.Latency.Count(), "request"))
	case EndpointErrorRate:
		return fmt.Sprintf("Switchyard measured: %d of %s failed %s.", t.Failed(), counted(t.Requests(), "request"), over)
	case ClientErrorRate:
		return fmt.Sprintf("Switchyard measured: phones could not show %d of %s %s.", t.Notices, counted(max(t.Answered-t.Notices, t.Notices), "answer"), over)
	}
	return fmt.Sprintf("Switchyard measured: %d of %s were answered in time %s.", t.Answered-t.Late+t.Pings, counted(t.Requests()+t.Pings, "request or ping"), over)
}

func counted(n int64, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "request or ping":
		what = "requests and pings"
	default:
		what += "s"
	}
	return strconv.FormatInt(n, 10) + " " + what
}

// seconds is a time in milliseconds for reading; nil, of no request, is an unknown one.
func seconds(ms *float64) string {
	switch {
	case ms == nil:
		return "an unknown time"
	case *ms < 1000:
		return strconv.FormatFloat(*ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(*ms/1000, 'f', 1, 64) + " s"
}

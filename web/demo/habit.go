package demo

import (
	"math/rand/v2"
	"time"

	"switchyard/models/rules"
)

// A move is what a customer does on a screen. The zero move leaves the flow unfinished.
type move struct {
	action   rules.Action
	data     map[string]any
	complete map[string]any // completes the flow on the phone, without asking the endpoint
}

// A view is the screen that a customer looks at.
type view struct {
	screen  string
	problem string // the error_message shown with it
}

// A habit is how one customer goes through one flow.
type habit interface{ next(v view) move }

// habits say what customers do in a flow that has an endpoint.
var habits = map[string]func(r *rand.Rand, who contact, now time.Time) habit{
	"appointment": newBooking,
	"claim":       newReport,
}

func exchange(data map[string]any) move { return move{action: rules.Exchange, data: data} }

// patience is how many screens a customer looks at before giving up; most do not.
func patience(r *rand.Rand, leaving int) int {
	if !chance(r, leaving) {
		return 100
	}
	return 1 + weighted(r, 5, func(i int) int { return []int{40, 25, 20, 10, 5}[i] })
}

// workday is a day within the next weeks that is no Sunday.
func workday(r *rand.Rand, now time.Time) string {
	t := now.AddDate(0, 0, 1+r.IntN(28))
	if t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t.Format(time.DateOnly)
}

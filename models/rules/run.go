package rules

import (
	"slices"
	"time"
)

// A run is one decision: what it may know, and what it has spent and noticed so far.
type run struct {
	set   *Set
	in    Request
	visit Visit
	zone  *time.Location
	day   any            // today as text, once asked for
	env   map[string]any // of formulas, once asked for
	spent int            // of the budget of formulas
	noted []string       // why the formula being evaluated gave nothing
	// of the walk over a list that a formula is in: some row was neither true nor false, or an error
	unsureRow, brokenRow bool
	faults               []string
}

func (s *Set) newRun(in Request, v Visit) *run {
	return &run{set: s, in: in, visit: v, zone: s.zone}
}

// answersOf is the newest data that the customer sent from a screen, this request's included.
func (r *run) answersOf(screen string) map[string]any {
	if r.in.Action == Exchange && screen == r.in.Screen {
		return r.in.Data
	}
	return r.visit.Answers[screen]
}

func (r *run) visitValue(name string) any {
	switch name {
	case "started":
		if !r.visit.Started.IsZero() {
			return r.visit.Started.In(r.zone).Format(time.RFC3339)
		}
	case "steps":
		return r.visit.Steps
	case "test":
		return r.visit.Test
	case "contact":
		return r.visit.Contact
	}
	return nil
}

func (r *run) today() any {
	if r.day == nil {
		r.day = r.in.Now.In(r.zone).Format(dayForm)
	}
	return r.day
}

// formulaEnv is what a formula with these names sees. What formulas of a decision share is made once.
func (r *run) formulaEnv(names []string) map[string]any {
	if r.env == nil {
		r.env = map[string]any{runName: r}
	}
	for _, name := range names {
		if _, known := r.env[name]; !known {
			r.env[name] = r.named(name)
		}
	}
	return r.env
}

// named is the value of a name in a formula; nil for one that is the formula's own.
func (r *run) named(name string) any {
	switch name {
	case "data":
		return r.in.Data
	case "answers":
		answers := make(map[string]any, len(r.visit.Answers)+1)
		for screen, data := range r.visit.Answers {
			answers[screen] = data
		}
		if r.in.Action == Exchange {
			answers[r.in.Screen] = r.in.Data
		}
		return answers
	case "visit":
		visit := make(map[string]any, len(visitFields))
		for _, field := range visitFields {
			visit[field] = r.visitValue(field)
		}
		return visit
	case "today":
		return r.today()
	case "now":
		return r.in.Now.In(r.zone).Format(time.RFC3339)
	}
	return nil
}

var visitFields = []string{"started", "steps", "test", "contact"}

// note says why a formula gives nothing; each reason once.
func (r *run) note(msg string) {
	if !slices.Contains(r.noted, msg) && len(r.noted) < 5 {
		r.noted = append(r.noted, msg)
	}
}

func (r *run) fault(msg string) {
	if !slices.Contains(r.faults, msg) && len(r.faults) < 50 {
		r.faults = append(r.faults, msg)
	}
}

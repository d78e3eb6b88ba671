package rules

import (
	"maps"
	"time"

	"switchyard/models/flowjson"
)

// Bare is a set without rules, for a flow of which nothing is published: what it is for is Fall and Fail.
func Bare(flow *flowjson.Flow) *Set {
	return &Set{flow: flow, zone: time.UTC, screens: newScreens(Document{}, flow)}
}

// Fall decides for a request that cannot be understood: the customer stays on the screen named, else the one shown
// last, else gets the fallback screen, else the entry, with the fallback's text. why is the fault, for people.
func (s *Set) Fall(in Request, v Visit, fb Fallback, why string) Decision {
	return s.newRun(in, v).fall(fb, why)
}

// Fail decides for a request that the rules should decide and cannot: the customer gets the fallback screen where the
// routing model leads there, else stays like Fall.
func (s *Set) Fail(in Request, v Visit, fb Fallback, why string) Decision {
	return s.newRun(in, v).fail(fb, why)
}

// fall is Fall.
func (r *run) fall(fb Fallback, why string) Decision {
	candidates := []string{r.in.Screen}
	if n := len(r.visit.Trail); n > 0 {
		candidates = append(candidates, r.visit.Trail[n-1])
	}
	candidates = append(candidates, fb.Screen)
	if r.set.flow != nil {
		candidates = append(candidates, entryOf(r.set.flow))
	}
	to := newScreen("", nil)
	for _, id := range candidates {
		if s := r.set.screens[id]; s != nil && (s.flow != nil || r.set.flow == nil) {
			to = s
			break
		}
	}
	return r.fallTo(to, fb, why)
}

// fail is Fail.
func (r *run) fail(fb Fallback, why string) Decision {
	if to := r.set.screens[fb.Screen]; to != nil && r.leads(to) {
		return r.fallTo(to, fb, why)
	}
	return r.fall(fb, why)
}

// leads tells whether WhatsApp takes a screen as the answer to this request.
func (r *run) leads(to *screen) bool {
	flow := r.set.flow
	switch {
	case flow == nil:
		return true
	case to.flow == nil:
		return false
	case r.in.Action == Init, to.id == r.in.Screen:
		return true
	case r.in.Action == Back:
		return flow.Leads(to.id, r.in.Screen)
	}
	return flow.Leads(r.in.Screen, to.id)
}

func (r *run) fallTo(to *screen, fb Fallback, why string) Decision {
	r.fault(why)
	d := Decision{Kind: Falls, Screen: to.id, Rule: "Fallback", Message: fb.Message}
	d.Data, _ = r.complete(to, r.opened(to), nil, fb.Message)
	d.Faults = r.faults
	return d
}

// opened is the data that the opening would give a screen which we never sent in this run, because the flow was opened
// without us: a form to go on with, and not one whose drop-downs are empty.
func (r *run) opened(to *screen) map[string]value {
	if r.set.opening == nil || r.partly(to) || r.visit.Sent[to.id] != nil {
		return nil
	}
	o := r.set.opening.otherwise
	for i := range r.set.opening.rules {
		if rule := &r.set.opening.rules[i]; !rule.off && rule.when.eval(r) == True {
			o = rule.then
			break
		}
	}
	if o == nil || o.kind != Goes || o.target != to.id {
		return nil
	}
	data := maps.Clone(o.data)
	delete(data, errorMessage)
	return data
}

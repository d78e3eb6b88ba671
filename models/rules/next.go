package rules

import (
	"maps"
	"slices"
)

// success is where a finished flow goes.
const success = "SUCCESS"

// Next decides. It cannot fail: whatever cannot be computed is filled and told in Faults. Its work is bounded, some
// tenths of a second whatever the customer sends; comparing what is larger is unknown. What the decision
// holds may be shared with other decisions and must not be changed, but for the outermost maps.
func (s *Set) Next(in Request, v Visit, fb Fallback) Decision {
	d, _ := s.decide(in, v, fb)
	return d
}

// Explain decides like Next and tells how every rule up to the deciding one fared.
func (s *Set) Explain(in Request, v Visit, fb Fallback) Decision {
	d, tried := s.decide(in, v, fb)
	spent := 0
	for i, t := range tried {
		r := s.newRun(in, v) // each explanation has its own budget, since it looks at every part
		if spent > 4*maxSpend {
			r.spent = maxSpend // but all of them together have a bound too
		}
		d.Tried = append(d.Tried, Tried{RuleID: t.id, Name: t.name, Index: i, Off: t.off, Trace: t.when.explain(r)})
		if !t.off {
			d.Tried[i].Truth = d.Tried[i].Trace.Truth
		}
		spent += r.spent
	}
	if n := len(d.Tried); n > 0 && d.RuleID != "" && d.RuleID == d.Tried[n-1].RuleID {
		d.Tried[n-1].Truth = True
	}
	return d
}

// decide returns the decision and the rules up to the one that decided.
func (s *Set) decide(in Request, v Visit, fb Fallback) (Decision, []rule) {
	r := s.newRun(in, v)
	from, place := s.screens[in.Screen], in.Screen
	switch {
	case in.Action == Init:
		from, place = s.opening, "opening"
	case in.Action == Back:
		return r.back(from, fb), nil
	case in.Action != Exchange:
		return r.fall(fb, "The request has an action that is not known here. If that comes often, look for a newer version of Switchyard."), nil
	}
	if from == nil || !from.ruled {
		return r.fall(fb, "The request names a screen that has no rules. Import the Flow JSON that is live at Meta, then give the screen rules."), nil
	}
	for i := range from.rules {
		if rule := &from.rules[i]; !rule.off && rule.when.eval(r) == True {
			d := r.carry(rule.then, from, place, fb)
			if d.named(rule.name); d.Kind != Falls {
				d.RuleID = rule.id
			}
			return d, from.rules[:i+1]
		}
	}
	d := r.carry(from.otherwise, from, place, fb)
	d.named("Otherwise")
	return d, from.rules
}

// back answers the back button: the screen's own outcome, else the screen shown before, else the fallback.
func (r *run) back(from *screen, fb Fallback) Decision {
	if from == nil {
		return r.fall(fb, "The request goes back from a screen that is not known. Import the Flow JSON that is live at Meta.")
	}
	if from.back != nil {
		d := r.carry(from.back, from, from.id, fb)
		d.named("Back")
		return d
	}
	to := r.shownBefore(from)
	if to == nil {
		return r.fall(fb, "The screen before is not known. Say in the rules of this screen where back leads.")
	}
	d := Decision{Kind: Goes, Screen: to.id, From: from.id, Rule: "Trail"}
	d.Data, _ = r.complete(to, r.opened(to), nil, "")
	d.Faults = r.faults
	return d
}

// shownBefore finds the screen on the trail from which the customer came: the newest one below this screen
// from which the flow leads here.
func (r *run) shownBefore(from *screen) *screen {
	trail := r.visit.Trail
	for i := len(trail) - 1; i >= 0; i-- {
		if trail[i] == from.id {
			trail = trail[:i]
			break
		}
	}
	for _, id := range slices.Backward(trail) {
		to := r.set.screens[id]
		switch {
		case to == nil || id == from.id:
		case r.set.flow == nil, to.flow != nil && r.set.flow.Leads(id, from.id):
			return to
		}
	}
	return nil
}

// named tells what decided, unless it was the fallback in its place.
func (d *Decision) named(what string) {
	if d.Kind != Falls {
		d.Rule = what
	}
}

// carry carries out an outcome.
func (r *run) carry(o *outcome, from *screen, place string, fb Fallback) Decision {
	if o.kind == Falls {
		return r.fail(fb, o.why)
	}
	d := Decision{Kind: o.kind, From: place}
	switch o.kind {
	case Goes:
		d.Screen = o.target
		d.Data, _ = r.complete(r.set.screenOf(o.target), o.data, nil, "")
	case Stays:
		d.Screen = from.id
		d.Data, d.Message = r.complete(from, over(r.opened(from), o.data), o.errors, textOf(o.message, r))
	case Finishes:
		d.Screen = success
		d.Params = r.params(o.params)
	case Expires:
		d.Message = textOf(o.message, r)
	}
	d.Faults = r.faults
	return d
}

// over lays given on top of other values.
func over(under, given map[string]value) map[string]value {
	if len(under) == 0 {
		return given
	}
	maps.Copy(under, given)
	return under
}

func (r *run) params(values map[string]value) map[string]any {
	out := make(map[string]any, len(values))
	for name, v := range values {
		if out[name] = v.render(r); out[name] == nil {
			out[name] = ""
		}
	}
	return out
}

// screenOf finds a screen; one that nothing knows is made on the spot, which happens without a flow only.
func (s *Set) screenOf(id string) *screen {
	if known := s.screens[id]; known != nil {
		return known
	}
	return newScreen(id, nil)
}

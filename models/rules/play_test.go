package rules_test

import (
	"slices"
	"testing"

	"switchyard/models/rules"
)

// TestAPlayRemembersLikeAVisit goes through a flow, back, and to its end.
func TestAPlayRemembersLikeAVisit(t *testing.T) {
	p := rules.NewPlay(fixture(t, "appointment"), rules.Fallback{Message: "Sorry"})
	ask := func(action rules.Action, data map[string]any) rules.Decision {
		return p.Ask(rules.Request{Action: action, Screen: p.Screen, Data: data, Now: noon})
	}
	booking := map[string]any{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	person := func(age string) map[string]any {
		return map[string]any{"name": "Ada", "email": "ada@example.org", "age": age, "symptoms": []any{}, "notes": "", "terms": true}
	}
	for _, step := range []struct {
		action rules.Action
		data   map[string]any
		kind   rules.Kind
		screen string
		trail  []string
	}{
		{rules.Init, nil, rules.Goes, "APPOINTMENT", []string{"APPOINTMENT"}},
		{rules.Exchange, booking, rules.Goes, "DETAILS", []string{"APPOINTMENT", "DETAILS"}},
		{rules.Exchange, person("12"), rules.Stays, "DETAILS", []string{"APPOINTMENT", "DETAILS"}},
		{rules.Back, nil, rules.Goes, "APPOINTMENT", []string{"APPOINTMENT"}},
		{rules.Exchange, booking, rules.Goes, "DETAILS", []string{"APPOINTMENT", "DETAILS"}},
		{rules.Exchange, person("36"), rules.Goes, "SUMMARY", []string{"APPOINTMENT", "DETAILS", "SUMMARY"}},
		{rules.Exchange, map[string]any{}, rules.Finishes, "", []string{"APPOINTMENT", "DETAILS", "SUMMARY"}},
	} {
		from := p.Screen
		d := ask(step.action, step.data)
		if d.Kind != step.kind || p.Screen != step.screen || !slices.Equal(p.Visit.Trail, step.trail) {
			t.Fatalf("%s on %q = %s, then %q after %q; want %s, %q, %q", step.action, from, d.Kind, p.Screen, p.Visit.Trail, step.kind, step.screen, step.trail)
		}
		if step.action == rules.Exchange && d.Kind != rules.Finishes && len(d.Tried) == 0 {
			t.Errorf("%s on %q tells of no rule", step.action, from)
		}
		if len(d.Faults) > 0 {
			t.Errorf("%s on %q: faults %q", step.action, from, d.Faults)
		}
	}
	if !p.Ended || p.Visit.Steps != 7 || p.Visit.Answers["DETAILS"]["age"] != "36" {
		t.Errorf("at the end: %+v; want seven steps and the newest answers", p.Visit)
	}
	if d := ask(rules.Init, nil); d.Kind != rules.Expires || p.Visit.Steps != 7 {
		t.Errorf("after the end = %+v; want nothing decided", d)
	}
}

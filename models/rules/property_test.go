package rules_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// A dice makes rule sets, requests and visits: mostly sensible, sometimes not.
type dice struct {
	*rand.Rand
	flow *flowjson.Flow
}

func (d dice) pick(of ...string) string { return of[d.IntN(len(of))] }

func (d dice) value() any {
	switch d.IntN(12) {
	case 0:
		return nil
	case 1:
		return d.IntN(2) == 0
	case 2:
		return float64(d.IntN(40))
	case 3:
		return []any{d.value(), d.pick("a", "1_bleeding", "BR")}
	case 4:
		return map[string]any{"id": d.value(), "start-date": d.pick("2026-11-19", "2026-11-21", "x")}
	case 5:
		return json.Number(d.pick("1", "1e400", "12.50"))
	}
	return d.pick("", "BR", "17", "18.0", "2026-12-01", "ada@example.com", "theft", "AB-123456", "x", "true", "{{ not one }}")
}

func (d dice) values(keys ...string) map[string]any {
	m := map[string]any{}
	for _, k := range keys {
		if d.IntN(4) > 0 {
			m[k] = d.value()
		}
	}
	return m
}

var someFields = []string{"age", "email", "symptoms", "department", "date", "time", "trigger", "policy_no", "pin", "kind", "period", "amount", "photos", "today", "x.y"}

func (d dice) condition(depth int) rules.Condition {
	if depth > 0 && d.IntN(2) == 0 {
		parts := []rules.Condition{}
		for range d.IntN(3) {
			parts = append(parts, d.condition(depth-1))
		}
		switch d.IntN(3) {
		case 0:
			return rules.Condition{All: &parts}
		case 1:
			return rules.Condition{Any: &parts}
		}
		not := d.condition(depth - 1)
		return rules.Condition{Not: &not}
	}
	if d.IntN(5) == 0 {
		return rules.Condition{Formula: d.pick(`data.age > 18`, `data.x.y + 1 == data.amount`, `answers.A.b in ["x"]`, `any(data.symptoms, # == "a")`, `len(data.kind)`, `upper(data.age) == 3`)}
	}
	ops := rules.Operators()
	op := ops[d.IntN(len(ops))]
	c := rules.Condition{Field: d.pick(someFields...), Op: op.Op}
	switch {
	case op.Op == rules.Matches:
		c.Value = d.pick("^[A-Z]", "[0-9]+$")
	case d.IntN(4) == 0 && op.Arity == rules.One:
		c.Value = map[string]any{"field": d.pick(someFields...)}
	case op.Op == rules.Before || op.Op == rules.After:
		c.Value = "2026-12-25"
	case op.Op == rules.WithinDays || op.Op == rules.CountLt || op.Op == rules.CountGte:
		c.Value = float64(d.IntN(9))
	case op.Arity == rules.One:
		c.Value = d.pick("18", "500")
	case op.Arity == rules.Two:
		c.Value = []any{1.0, 20.0}
	case op.Arity == rules.Many:
		c.Value = []any{d.pick("BR", "theft"), "1_bleeding"}
	}
	return c
}

// data of a screen: some of its keys, with constants of their types or placeholders of any, and sometimes a stranger.
func (d dice) data(screen string) map[string]any {
	m := map[string]any{}
	s := d.flow.Screen(screen)
	if s == nil {
		return m
	}
	for _, k := range s.Data {
		switch d.IntN(4) {
		case 0:
			m[k.Name] = d.pick("{{ data.age }}", "{{ data.symptoms }}", "{{ today }}", "{{ nil }}", "{{ 1/0 }}", "{{ [1, nil] }}", "{{ data }}", "{{ upper(1) }}")
		case 1:
			var example any
			if json.Unmarshal(k.Example, &example) == nil {
				m[k.Name] = example
			}
		}
	}
	if d.IntN(3) == 0 {
		m[d.pick("stranger", "error_message")] = d.pick("x", "{{ data.age }}")
	}
	return m
}

func (d dice) outcome(from string, opening, back bool) rules.Outcome {
	switch n := d.IntN(10); {
	case n == 0:
		return rules.Outcome{Finish: &rules.Finish{Params: map[string]any{"p": d.pick("{{ data.age }}", "x"), "q": nil, "flow_token": "t"}}}
	case n == 1:
		return rules.Outcome{Expire: &rules.Expire{Message: d.pick("", "Over", "{{ data.kind }}")}}
	case n < 4 && !opening:
		return rules.Outcome{Stay: &rules.Stay{Error: d.pick("", "No", "{{ data.age }}?"), Data: d.data(from)}}
	}
	var targets []string
	for _, s := range d.flow.Screens {
		if opening || s.ID == from || back && d.flow.Leads(s.ID, from) || !back && d.flow.Leads(from, s.ID) {
			targets = append(targets, s.ID)
		}
	}
	to := d.pick(targets...)
	return rules.Outcome{Go: to, Data: d.data(to)}
}

func (d dice) part(id string) *rules.ScreenRules {
	opening := id == ""
	s := &rules.ScreenRules{}
	for i := range d.IntN(5) {
		s.Rules = append(s.Rules, rules.Rule{ID: fmt.Sprintf("%s-%d", id, i), Off: d.IntN(6) == 0, When: d.condition(3), Then: d.outcome(id, opening, false)})
	}
	otherwise := d.outcome(id, opening, false)
	s.Otherwise = &otherwise
	if !opening && d.IntN(3) == 0 {
		back := d.outcome(id, false, true)
		s.Back = &back
	}
	return s
}

func (d dice) document() rules.Document {
	doc := rules.Document{Switchyard: 1, Opening: d.part(""), Screens: map[string]*rules.ScreenRules{}}
	for _, s := range d.flow.Screens {
		if s.SendsDataExchange() || d.IntN(8) == 0 {
			doc.Screens[s.ID] = d.part(s.ID)
		}
	}
	return doc
}

func (d dice) screen() string {
	if d.IntN(10) == 0 {
		return d.pick("", "SUCCESS", "NOWHERE")
	}
	return d.flow.Screens[d.IntN(len(d.flow.Screens))].ID
}

func (d dice) request() rules.Request {
	in := rules.Request{Action: rules.Action(d.pick("INIT", "data_exchange", "data_exchange", "data_exchange", "BACK", "odd")), Screen: d.screen(), Data: d.values(someFields...), Now: noon}
	if in.Action == rules.Init {
		in.Screen = ""
	}
	return in
}

func (d dice) visit() rules.Visit {
	v := rules.Visit{Known: d.IntN(3) > 0}
	if !v.Known {
		return v
	}
	v.Answers, v.Sent = map[string]map[string]any{}, map[string]map[string]any{}
	for range d.IntN(4) {
		id := d.screen()
		v.Answers[id] = d.values(someFields...)
		v.Sent[id] = d.values("departments", "min_date", "show_times", "fee", "holder", "kinds", "max", "error_message")
		v.Trail = append(v.Trail, id)
	}
	return v
}

func TestEveryDecisionIsOneThatWhatsAppTakes(t *testing.T) {
	compiled := 0
	flows := map[string]*flowjson.Flow{"appointment": flow(t, "appointment"), "claim": flow(t, "claim"), "small": smallFlow(t)}
	for seed := range uint64(400) {
		for _, name := range []string{"appointment", "claim", "small"} {
			d := dice{rand.New(rand.NewPCG(seed, 7)), flows[name]}
			doc := d.document()
			set, _ := rules.Compile(relaxed(doc, d.flow), d.flow, lists(), time.UTC)
			if set == nil {
				continue
			}
			compiled++
			for range 8 {
				in, v := d.request(), d.visit()
				before := pretty(t, v)
				got := set.Next(in, v, rules.Fallback{Message: "Sorry", Screen: d.screen()})
				if why := refused(d.flow, in, v, got); why != "" {
					t.Fatalf("seed %d: %s\n%s\nrequest %s\nvisit %s\ndecision %s", seed, why, doc.Encode(), pretty(t, in), before, pretty(t, got))
				}
				if e := set.Explain(in, v, rules.Fallback{}); e.Kind != got.Kind || e.RuleID != got.RuleID {
					t.Fatalf("seed %d: Explain = %s by %q; Next = %s by %q", seed, e.Kind, e.RuleID, got.Kind, got.RuleID)
				}
				if pretty(t, v) != before {
					t.Fatalf("seed %d: Next changed the visit", seed)
				}
			}
		}
	}
	if compiled < 500 {
		t.Errorf("only %d rule sets compiled; the property was hardly tried", compiled)
	}
}

// relaxed drops the rules in which Compile finds an error, so that most documents can run.
func relaxed(doc rules.Document, f *flowjson.Flow) rules.Document {
	_, ps := rules.Compile(doc, f, lists(), time.UTC)
	bad := map[string]bool{}
	for _, p := range ps {
		bad[p.RuleID] = bad[p.RuleID] || p.Severity == rules.Error
	}
	keep := func(s *rules.ScreenRules) {
		s.Rules = slices.DeleteFunc(s.Rules, func(r rules.Rule) bool { return bad[r.ID] })
	}
	keep(doc.Opening)
	for id, s := range doc.Screens {
		keep(s)
		for _, p := range ps {
			if p.Severity == rules.Error && p.Screen == id && p.RuleID == "" { // otherwise, back, or no way out
				s.Otherwise, s.Back = &rules.Outcome{Finish: &rules.Finish{}}, nil
			}
		}
	}
	return doc
}

// refused tells why WhatsApp would refuse a decision.
func refused(f *flowjson.Flow, in rules.Request, v rules.Visit, d rules.Decision) string {
	switch d.Kind {
	case rules.Finishes:
		if d.Screen != "SUCCESS" || slices.Contains(keysOf(d.Params), "flow_token") {
			return "a finish goes to SUCCESS, without flow_token"
		}
		return nulls(d.Params)
	case rules.Expires:
		if d.Screen != "" {
			return "an expiry has no screen"
		}
		return ""
	}
	s := f.Screen(d.Screen)
	if s == nil {
		return "the flow has no such screen"
	}
	leads := in.Action == rules.Init || d.Screen == in.Screen || d.Kind == rules.Falls
	switch in.Action {
	case rules.Exchange:
		leads = leads || f.Leads(in.Screen, d.Screen)
	case rules.Back:
		leads = leads || f.Leads(d.Screen, in.Screen)
	}
	if !leads {
		return "the routing model does not lead there"
	}
	partly := !v.Known && d.Screen == in.Screen // without a visit, staying sends only what is given
	for _, k := range s.Data {
		got, has := d.Data[k.Name]
		if !has && !partly {
			return "the declared key " + k.Name + " is missing"
		}
		if has && !typed(got, &flowjson.Schema{Type: k.Type, Items: k.Items, Props: k.Props}) {
			return fmt.Sprintf("%s is %#v, which is no %s", k.Name, got, k.Type)
		}
	}
	for key := range d.Data {
		if s.Key(key) == nil && key != "error_message" {
			return "the key " + key + " is not declared"
		}
	}
	return nulls(d.Data)
}

func keysOf(m map[string]any) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// nulls tells whether null is anywhere inside.
func nulls(v any) string {
	switch v := v.(type) {
	case nil:
		return "it holds null"
	case map[string]any:
		for k, e := range v {
			if why := nulls(e); why != "" {
				return why + " in " + k
			}
		}
	case []any:
		for _, e := range v {
			if why := nulls(e); why != "" {
				return why
			}
		}
	}
	return ""
}

// typed tells whether a value is of a declared type, all the way down.
func typed(v any, s *flowjson.Schema) bool {
	if s == nil {
		return true
	}
	switch s.Type {
	case "string":
		_, ok := v.(string)
		return ok
	case "number":
		_, ok := v.(float64)
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "array":
		list, ok := v.([]any)
		for _, e := range list {
			ok = ok && typed(e, s.Items)
		}
		return ok
	case "object":
		m, ok := v.(map[string]any)
		for name, p := range s.Props {
			e, has := m[name]
			ok = ok && has && typed(e, p)
		}
		return ok && (len(s.Props) == 0 || len(m) == len(s.Props))
	}
	return true
}

func TestNothingPanicsWithoutAFlow(t *testing.T) {
	for seed := range uint64(400) {
		d := dice{rand.New(rand.NewPCG(seed, 11)), flow(t, "claim")}
		set, _ := rules.Compile(d.document(), nil, lists(), nil)
		if set == nil {
			continue
		}
		for range 5 {
			in, v := d.request(), d.visit()
			got := set.Explain(in, v, rules.Fallback{Screen: "X"})
			if why := nulls(got.Data); why != "" && len(got.Data) > 0 {
				t.Fatalf("seed %d: %s", seed, why)
			}
		}
	}
}

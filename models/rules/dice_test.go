package rules_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

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

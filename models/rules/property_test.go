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

func TestEveryDecisionIsOneThatWhatsAppTakes(t *testing.T) {
	compiled := 0
	flows := map[string]*flowjson.Flow{"appointment": flow(t, "appointment"), "claim": flow(t, "claim"), "small": smallFlow(t)}
	for seed := range uint64(250) {
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
	if compiled < 400 {
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
		_, long := v.(json.Number) // whole and too long for float64
		return ok || long
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
	claim := flow(t, "claim")
	for seed := range uint64(300) {
		d := dice{rand.New(rand.NewPCG(seed, 11)), claim}
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

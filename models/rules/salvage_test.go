package rules_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func TestWhatIsPublishedRunsWhateverIsGone(t *testing.T) {
	sorry := rules.Fallback{Message: "Sorry"}
	for _, c := range []struct {
		name, first    string                   // the rules of FIRST
		change         func(flow string) string // of the Flow JSON after publishing
		data           string
		kind           rules.Kind
		screen, ruleID string
		sent           string // of the decision's data, "" for not looked at
		fault          string
	}{
		{name: "a list", first: `{"otherwise":{"go":"SECOND","data":{"text":"a","n":1,"yes":true,"options":"{{ list('gone') }}","when":{}}}}`,
			kind: rules.Goes, screen: "SECOND", sent: `{"text":"a","n":1,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":""}`, fault: "list “gone” is missing"},
		{name: "a list in a filter", first: `{"otherwise":{"go":"SECOND","data":{"text":"a","n":1,"yes":true,"options":"{{ filter(list('gone'), .limit > 1) }}","when":{}}}}`,
			kind: rules.Goes, screen: "SECOND", sent: `{"text":"a","n":1,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":""}`, fault: "list “gone” is missing"},
		{name: "a list in a condition", first: `{"rules":[{"id":"r","when":{"formula":"number(data.age) > lookup('gone', 'a', 'limit')"},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`,
			data: `{"age":"5"}`, kind: rules.Expires, fault: "list “gone” is missing"},
		{name: "a column", first: `{"rules":[{"id":"r","when":{"formula":"lookup('claim_kinds', 'theft', 'price') == nil"},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`,
			kind: rules.Goes, screen: "SIDE", ruleID: "r", fault: "no column “price”"},
		{name: "a screen that a rule leads to", first: `{"rules":[{"id":"r","when":{"all":[]},"then":{"go":"GONE"}}],"otherwise":{"expire":{}}}`,
			kind: rules.Falls, screen: "FIRST", sent: `{"error_message":"Sorry"}`, fault: "screen GONE does not exist"},
		{name: "a screen that otherwise leads to", first: `{"otherwise":{"go":"GONE","data":{"x":"{{ data.y }}"}}}`, kind: rules.Falls, screen: "FIRST", fault: "screen GONE does not exist"},
		{name: "a way", first: `{"otherwise":{"go":"LAST"}}`, kind: rules.Falls, screen: "FIRST", fault: "no way from FIRST to LAST"},
		{name: "a field of which a rule says that it is empty", first: `{"rules":[{"id":"r","when":{"field":"gone","op":"is_empty"},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`, kind: rules.Expires, fault: "field “gone”"},
		{name: "a field under not", first: `{"rules":[{"id":"r","when":{"not":{"field":"gone","op":"equals","value":1}},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`, kind: rules.Expires, fault: "field “gone”"},
		{name: "a field that is sent all the same", first: `{"rules":[{"id":"r","when":{"field":"gone","op":"equals","value":1},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`,
			data: `{"gone":"1"}`, kind: rules.Goes, screen: "SIDE", ruleID: "r"},
		{name: "a field in a formula", first: `{"rules":[{"id":"r","when":{"formula":"data.gone == nil"},"then":{"go":"SIDE"}}],"otherwise":{"expire":{}}}`, kind: rules.Expires, fault: "field “gone”"},
		{name: "the type of a key", first: `{"otherwise":{"go":"SECOND","data":{"text":"a","n":"many","yes":true,"options":[],"when":{}}}}`,
			kind: rules.Goes, screen: "SECOND", sent: `{"text":"a","n":0,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":""}`, fault: "as number"},
		{name: "an input with an error", first: `{"otherwise":{"stay":{"error":"No.","errors":{"gone":"Bad"}}}}`, kind: rules.Stays, screen: "FIRST", sent: `{"error_message":"No. Bad"}`},
		{name: "an operator, a value, a template", first: `{"rules":[{"id":"a","when":{"field":"age","op":"odd"},"then":{"go":"SIDE"}},{"id":"b","when":{"field":"age","op":"lt","value":"x"},"then":{"go":"SIDE"}},{"id":"c","when":{"formula":"data.age >"},"then":{"go":"SIDE"}}],"otherwise":{"stay":{"error":"{{ data."}}}`,
			kind: rules.Stays, screen: "FIRST", sent: `{}`, fault: "cannot be tried"},
	} {
		set, ps := rules.Salvage(parse(t, []byte(smallDoc(map[string]string{"FIRST": c.first}))), smallFlow(t), lists(), time.UTC)
		if set == nil || !rules.HasErrors(ps) {
			t.Fatalf("%s: Salvage = %v, %+v; want a set and what is wrong", c.name, set, ps)
		}
		in := rules.Request{Action: rules.Exchange, Screen: "FIRST", Data: decode(t, c.data), Now: noon}
		d := set.Next(in, rules.Visit{}, sorry)
		if d.Kind != c.kind || d.Screen != c.screen || d.RuleID != c.ruleID || (d.Kind == rules.Falls) != (d.Rule == "Fallback") {
			t.Errorf("%s is gone: Next = %s %s by %q %s; want %s %s by %q", c.name, d.Kind, d.Screen, d.RuleID, d.Rule, c.kind, c.screen, c.ruleID)
		}
		if c.sent != "" && !reflect.DeepEqual(d.Data, decode(t, c.sent)) {
			t.Errorf("%s is gone: data = %v; want %s", c.name, d.Data, c.sent)
		}
		if told := strings.Join(d.Faults, " "); !strings.Contains(told, c.fault) || (c.fault == "") != (told == "") {
			t.Errorf("%s is gone: faults = %q; want %q", c.name, d.Faults, c.fault)
		}
		if e := set.Explain(in, rules.Visit{}, sorry); e.Kind != d.Kind || e.RuleID != d.RuleID {
			t.Errorf("%s is gone: Explain = %s by %q; Next = %s by %q", c.name, e.Kind, e.RuleID, d.Kind, d.RuleID)
		}
	}
}

func TestAScreenThatWasRenamedStillAnswersTheFormOfBefore(t *testing.T) {
	f, ps := flowjson.Parse([]byte(strings.ReplaceAll(small, `"SIDE"`, `"ASIDE"`)))
	if f == nil {
		t.Fatalf("flowjson.Parse = %v", ps)
	}
	set, _ := rules.Salvage(parse(t, []byte(smallDoc(nil))), f, lists(), time.UTC)
	for _, c := range []struct {
		screen string
		age    any
		want   string
		kind   rules.Kind
	}{{"FIRST", "36", "SECOND", rules.Goes}, {"FIRST", "3", "FIRST", rules.Falls}, {"SIDE", nil, "LAST", rules.Goes}, {"ASIDE", nil, "ASIDE", rules.Falls}} {
		d := set.Next(rules.Request{Action: rules.Exchange, Screen: c.screen, Data: map[string]any{"age": c.age}}, rules.Visit{}, rules.Fallback{Message: "Sorry"})
		if d.Screen != c.want || d.Kind != c.kind || (d.Kind == rules.Falls) != (d.Data["error_message"] == "Sorry") {
			t.Errorf("after SIDE was renamed %s leads to %s %s; want %s %s", c.screen, d.Kind, d.Screen, c.kind, c.want)
		}
	}
}

func TestDocumentsWithoutShapeAreSalvaged(t *testing.T) {
	stay := rules.Outcome{Stay: &rules.Stay{}}
	both := rules.Condition{All: &[]rules.Condition{}, Any: &[]rules.Condition{}}
	for name, d := range map[string]rules.Document{
		"zero":            {},
		"nil screen":      {Opening: rules.Empty().Opening, Screens: map[string]*rules.ScreenRules{"A": nil}},
		"no otherwise":    {Opening: &rules.ScreenRules{}, Screens: map[string]*rules.ScreenRules{"A": {}}},
		"stay in opening": {Opening: &rules.ScreenRules{Otherwise: &stay}},
		"two shapes":      {Screens: map[string]*rules.ScreenRules{"A": {Rules: []rules.Rule{{ID: "r", When: both, Then: stay}}, Otherwise: &rules.Outcome{Go: "B", Finish: &rules.Finish{}}}}},
	} {
		for _, f := range []*flowjson.Flow{nil, smallFlow(t)} {
			set, ps := rules.Salvage(d, f, nil, nil)
			if set == nil || !rules.HasErrors(ps) {
				t.Fatalf("%s: Salvage = %v, %+v; want a set and errors", name, set, ps)
			}
			for _, in := range []rules.Request{{Action: rules.Exchange, Screen: "A"}, {Action: rules.Back, Screen: "A"}} {
				if got := set.Explain(in, rules.Visit{}, rules.Fallback{Message: "Sorry"}); got.Kind != rules.Falls || got.Message != "Sorry" {
					t.Errorf("%s: %s = %+v; want the fallback", name, in.Action, got)
				}
			}
			if got := set.Next(rules.Request{Action: rules.Init}, rules.Visit{}, rules.Fallback{}); got.Kind != rules.Falls && got.Kind != rules.Expires {
				t.Errorf("%s: INIT = %+v; want the fallback", name, got)
			}
		}
	}
}

func TestWhatIsWholeIsSalvagedAsItIs(t *testing.T) {
	set, ps := rules.Salvage(parse(t, []byte(smallDoc(nil))), smallFlow(t), lists(), time.UTC)
	if len(ps) > 0 {
		t.Fatalf("Salvage = %+v; want no problem", ps)
	}
	d := set.Next(rules.Request{Action: rules.Exchange, Screen: "FIRST", Data: map[string]any{"age": "3"}}, rules.Visit{}, rules.Fallback{})
	if d.Screen != "SIDE" || d.RuleID != "side" || len(d.Faults) > 0 {
		t.Errorf("Next = %+v; want SIDE by the rule side", d)
	}
}

func TestEveryDecisionOfASalvagedSetIsOneThatWhatsAppTakes(t *testing.T) {
	broken, falls := 0, 0
	for seed := range uint64(200) {
		for _, name := range []string{"appointment", "claim"} {
			d := dice{rand.New(rand.NewPCG(seed, 13)), flow(t, name)}
			doc := d.document()
			if seed%4 == 0 { // of another flow
				doc.Screens["DETAILS"], doc.Opening.Otherwise = doc.Screens["INCIDENT"], &rules.Outcome{Go: "NOWHERE"}
				if doc.Screens["DETAILS"] == nil {
					delete(doc.Screens, "DETAILS")
				}
			}
			set, ps := rules.Salvage(doc, d.flow, nil, time.UTC)
			if rules.HasErrors(ps) {
				broken++
			}
			for range 8 {
				in, v := d.request(), d.visit()
				if d.flow.Screen(in.Screen) == nil {
					in.Screen = d.flow.Screens[0].ID
				}
				got := set.Next(in, v, rules.Fallback{Message: "Sorry", Screen: d.screen()})
				if why := refused(d.flow, in, v, got); why != "" {
					t.Fatalf("seed %d: %s\n%s\nrequest %s\ndecision %s", seed, why, doc.Encode(), pretty(t, in), pretty(t, got))
				}
				if got.Kind == rules.Falls {
					falls++
				}
				if _, err := json.Marshal(set.Explain(in, v, rules.Fallback{})); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if broken < 200 || falls == 0 {
		t.Errorf("%d sets had errors, %d decisions fell back; the property was hardly tried", broken, falls)
	}
}

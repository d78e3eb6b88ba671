package rules_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func decode(t testing.TB, s string) map[string]any {
	t.Helper()
	if s == "" {
		return nil
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return m
}

const noSecond = `{"text":"","n":0,"yes":false,"options":[],"when":{"from":"","days":0},"name_error":""}`

func TestDataIsCompleted(t *testing.T) {
	for _, c := range []struct {
		name, outcome, sent, data string
		unknown                   bool // the visit is not known
		screen                    string
		want                      string
		faults                    int
	}{
		{name: "nothing given, nothing sent: typed empties", outcome: `{"go":"SECOND"}`, want: noSecond, faults: 5},
		{name: "what was sent is inherited", outcome: `{"go":"SECOND","data":{"n":7}}`, sent: `{"text":"old","n":1,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"m","days":3}}`,
			want: `{"text":"old","n":7,"yes":true,"options":[{"id":"a","title":"A"}],"when":{"from":"m","days":3},"name_error":""}`},
		{name: "what was sent under another declaration is not", outcome: `{"go":"SECOND","data":{"text":"a","yes":true,"options":[],"when":{"from":"x","days":1}}}`, sent: `{"n":"many"}`,
			want: `{"text":"a","n":0,"yes":true,"options":[],"when":{"from":"x","days":1},"name_error":""}`, faults: 1},
		{name: "constants are cast", outcome: `{"go":"SECOND","data":{"text":120,"n":"120","yes":"true","options":[{"id":1,"title":"One","color":"red"}],"when":{"days":"2"}}}`,
			want: `{"text":"120","n":120,"yes":true,"options":[{"id":"1","title":"One"}],"when":{"from":"","days":2},"name_error":""}`},
		{name: "placeholders are cast", outcome: `{"go":"SECOND","data":{"text":"{{ 40.50 }}","n":"{{ data.age }}","yes":"{{ data.country }}","options":"{{ list('claim_kinds') }}","when":"{{ {'from': today, 'days': '3', 'x': 1} }}"}}`,
			data: `{"age":"36","country":"true"}`,
			want: `{"text":"40.5","n":36,"yes":true,"options":[{"id":"theft","title":"Theft"},{"id":"damage","title":"Damage"},{"id":"water","title":"Water"}],"when":{"from":"2026-11-20","days":3},"name_error":""}`},
		{name: "what loses in the cast is empty and told", outcome: `{"go":"SECOND","data":{"text":"{{ list('claim_kinds') }}","n":"{{ data.age }}","yes":"{{ data.country }}","options":"{{ data.age }}","when":"{{ data.age }}"}}`,
			data: `{"age":"1,5","country":"maybe"}`, want: noSecond, faults: 5},
		{name: "a list with an entry that loses in the cast is empty and told", outcome: `{"go":"SECOND","data":{"text":"","n":1,"yes":true,"options":"{{ [{'id': 'a', 'title': 'A'}, {'id': 'b', 'title': [1]}] }}","when":{}}}`,
			want: `{"text":"","n":1,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":""}`, faults: 1},
		{name: "a number too long to be exact is not cast", outcome: `{"go":"SECOND","data":{"text":"","n":"{{ data.age }}","yes":true,"options":[],"when":{}}}`,
			data: `{"age":"12345678901234567890"}`, want: `{"text":"","n":0,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":""}`, faults: 1},
		{name: "undeclared keys are dropped but error_message", outcome: `{"go":"SECOND","data":{"text":"a","n":1,"yes":true,"options":[],"when":{},"color":"red","error_message":"Look"}}`,
			want: `{"text":"a","n":1,"yes":true,"options":[],"when":{"from":"","days":0},"name_error":"","error_message":"Look"}`},
		{name: "null is never sent", outcome: `{"go":"SECOND","data":{"text":null,"n":null,"yes":true,"options":[null,{"id":null,"title":"A"}],"when":{"from":null}}}`,
			want: `{"text":"","n":0,"yes":true,"options":[{"id":"","title":"A"}],"when":{"from":"","days":0},"name_error":""}`},
		{name: "staying inherits, errors excepted", outcome: `{"stay":{"error":"No"}}`, screen: "SECOND",
			sent: `{"text":"old","n":1,"yes":true,"options":[],"when":{"from":"m","days":3},"name_error":"Bad name","error_message":"Old news"}`,
			want: `{"text":"old","n":1,"yes":true,"options":[],"when":{"from":"m","days":3},"name_error":"","error_message":"No"}`},
		{name: "staying without a visit sends what is given only", outcome: `{"stay":{"error":"No","data":{"n":2}}}`, screen: "SECOND", unknown: true, want: `{"n":2,"error_message":"No"}`},
		{name: "an error per field", outcome: `{"stay":{"errors":{"name":"{{ data.name }} is taken"}}}`, screen: "SECOND", unknown: true, data: `{"name":"Ada"}`, want: `{"name_error":"Ada is taken"}`},
		{name: "an error at a field that shows none joins the message", outcome: `{"stay":{"error":"Look again.","errors":{"name":"Taken","other":"Too long."}}}`, screen: "SECOND", unknown: true,
			want: `{"name_error":"Taken","error_message":"Look again. Too long."}`},
		{name: "going without a visit is complete", outcome: `{"go":"SECOND","data":{"n":1}}`, unknown: true, want: `{"text":"","n":1,"yes":false,"options":[],"when":{"from":"","days":0},"name_error":""}`, faults: 4},
	} {
		if c.screen == "" {
			c.screen = "FIRST"
		}
		rule := `{"rules":[{"id":"r","when":{"all":[]},"then":` + c.outcome + `}],"otherwise":{"go":"` + map[string]string{"FIRST": "SECOND", "SECOND": "LAST"}[c.screen] + `"}}`
		parts := map[string]string{c.screen: rule}
		if c.screen == "FIRST" { // somebody must lead to SIDE
			parts["opening"] = `{"rules":[{"when":{"field":"visit.test","op":"is_true"},"then":{"go":"SIDE"}}],"otherwise":{"go":"FIRST"}}`
		}
		set, ps := compileSmall(t, parts)
		if set == nil {
			t.Errorf("%s: Compile = %+v", c.name, ps)
			continue
		}
		v := rules.Visit{Known: !c.unknown}
		if c.sent != "" {
			v.Sent = map[string]map[string]any{"SECOND": decode(t, c.sent)}
		}
		d := set.Next(rules.Request{Action: rules.Exchange, Screen: c.screen, Data: decode(t, c.data), Now: noon}, v, rules.Fallback{})
		if !reflect.DeepEqual(d.Data, decode(t, c.want)) || len(d.Faults) != c.faults {
			t.Errorf("%s:\n got %s\nwant %s\nfaults %q; want %d", c.name, pretty(t, d.Data), pretty(t, decode(t, c.want)), d.Faults, c.faults)
		}
		if want, _ := d.Data["error_message"].(string); d.Message != want && c.screen == "SECOND" {
			t.Errorf("%s: Message = %q; want %q", c.name, d.Message, want)
		}
	}
}

func TestExplainTellsHowEachRuleFared(t *testing.T) {
	set := fixture(t, "appointment")
	in := rules.Request{Action: rules.Exchange, Screen: "DETAILS", Now: noon,
		Data: map[string]any{"age": "old", "email": "ada@example.com", "symptoms": []any{"1_bleeding"}}}
	d := set.Explain(in, rules.Visit{}, rules.Fallback{})
	if len(d.Tried) != 3 || d.Rule != "Bleeding, or swelling with pain, costs nothing" {
		t.Fatalf("Explain tried %d rules and chose %q; want 3 and the urgent one", len(d.Tried), d.Rule)
	}
	for i, want := range []struct {
		truth           rules.Truth
		text, got, note string
	}{
		{rules.Unknown, "Age is less than 18", "old", "the value is neither a number nor a date"},
		{rules.False, "E-mail is not an e-mail address", "ada@example.com", ""},
		{rules.True, "Symptoms has any of Bleeding or Symptoms has all of Pain, Swelling", "", ""},
	} {
		got := d.Tried[i]
		if got.Truth != want.truth || got.Trace.Text != want.text || got.Trace.Got != want.got || got.Trace.Note != want.note || got.Index != i {
			t.Errorf("rule %d = %+v; want %+v", i, got, want)
		}
	}
	if parts := d.Tried[2].Trace.Parts; len(parts) != 2 || parts[0].Truth != rules.True || parts[1].Truth != rules.False {
		t.Errorf("parts = %+v; want true and false", d.Tried[2].Trace.Parts)
	}
}

func TestATraceShowsNoSecret(t *testing.T) {
	set := fixture(t, "claim")
	in := rules.Request{Action: rules.Exchange, Screen: "POLICY", Data: map[string]any{"policy_no": "AB-123456", "pin": "98765432"}, Now: noon}
	d := set.Explain(in, rules.Visit{}, rules.Fallback{})
	if got := d.Tried[1].Trace.Got; got != "•••" {
		t.Errorf("trace of the PIN shows %q; want •••", got)
	}
	if strings.Contains(pretty(t, d.Tried), "98765432") {
		t.Error("the PIN stands somewhere in the trace")
	}
}

func TestARuleThatIsOffIsToldAndPassedOver(t *testing.T) {
	d := parse(t, []byte(smallDoc(nil)))
	d.Screens["FIRST"].Rules[0].Off = true
	d.Screens["FIRST"].Otherwise = &rules.Outcome{Go: "SIDE"}
	set, ps := rules.Compile(d, smallFlow(t), nil, nil)
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	got := set.Explain(rules.Request{Action: rules.Exchange, Screen: "FIRST", Data: map[string]any{"age": "3"}}, rules.Visit{}, rules.Fallback{})
	if got.Rule != "Otherwise" || len(got.Tried) != 1 || !got.Tried[0].Off || got.Tried[0].Truth != rules.False {
		t.Errorf("Explain = %+v; want Otherwise, with one rule that is off", got)
	}
}

func TestBackFollowsTheTrail(t *testing.T) {
	set, _ := compileSmall(t, nil)
	sent := map[string]map[string]any{"FIRST": {}, "SECOND": {"text": "was", "n": 2.0, "yes": true, "options": []any{}, "when": map[string]any{"from": "a", "days": 1.0}}}
	for _, c := range []struct {
		name, screen string
		trail        []string
		want         string
		kind         rules.Kind
	}{
		{"to the screen before", "LAST", []string{"FIRST", "SECOND", "LAST"}, "SECOND", rules.Goes},
		{"the screen itself is not on top", "LAST", []string{"FIRST", "SECOND"}, "SECOND", rules.Goes},
		{"only to a screen that leads here", "SECOND", []string{"FIRST", "SIDE", "SECOND"}, "FIRST", rules.Goes},
		{"a trail of screens that are gone", "SECOND", []string{"OLD", "OLDER"}, "SECOND", rules.Falls},
		{"no trail", "SECOND", nil, "SECOND", rules.Falls},
		{"the first screen", "FIRST", []string{"FIRST"}, "FIRST", rules.Falls},
	} {
		d := set.Next(rules.Request{Action: rules.Back, Screen: c.screen}, rules.Visit{Known: true, Trail: c.trail, Sent: sent}, rules.Fallback{Message: "Sorry"})
		if d.Kind != c.kind || d.Screen != c.want {
			t.Errorf("%s: BACK from %s on %v = %s %s; want %s %s", c.name, c.screen, c.trail, d.Kind, d.Screen, c.kind, c.want)
		}
		if c.want == "SECOND" && c.kind == rules.Goes && (d.Data["text"] != "was" || d.Rule != "Trail" || len(d.Faults) > 0) {
			t.Errorf("%s: %+v; want what was sent last", c.name, d)
		}
	}
}

func TestFallbackChoosesAScreen(t *testing.T) {
	set, _ := compileSmall(t, nil)
	for _, c := range []struct{ screen, fallback, trail, want string }{
		{"SECOND", "SIDE", "FIRST", "SECOND"}, {"GONE", "SIDE", "FIRST", "FIRST"}, {"GONE", "SIDE", "", "SIDE"}, {"GONE", "GONE", "", "FIRST"},
	} {
		v := rules.Visit{}
		if c.trail != "" {
			v.Trail = []string{c.trail}
		}
		d := set.Next(rules.Request{Action: "odd", Screen: c.screen}, v, rules.Fallback{Screen: c.fallback, Message: "Sorry"})
		if d.Kind != rules.Falls || d.Screen != c.want || d.Data["error_message"] != "Sorry" || len(d.Faults) == 0 {
			t.Errorf("odd action on %s = %+v; want a fallback on %s", c.screen, d, c.want)
		}
	}
}

func TestUnruledFlowsAnswerToo(t *testing.T) {
	if _, ok := rules.Unruled(nil, rules.Request{}, rules.Fallback{}); ok {
		t.Error("Unruled without a flow is ok; want not")
	}
	f := smallFlow(t)
	for _, c := range []struct{ screen, fallback, want string }{{"", "", "FIRST"}, {"SECOND", "SIDE", "SECOND"}, {"GONE", "SIDE", "SIDE"}} {
		d, ok := rules.Unruled(f, rules.Request{Action: rules.Init, Screen: c.screen}, rules.Fallback{Screen: c.fallback, Message: "Sorry"})
		if !ok || d.Screen != c.want || d.Data["error_message"] != "Sorry" || len(d.Faults) != 1 || d.Kind != rules.Falls {
			t.Errorf("Unruled(%q) = %+v; want %s", c.screen, d, c.want)
		}
	}
	d, _ := rules.Unruled(f, rules.Request{Screen: "SECOND"}, rules.Fallback{})
	if !reflect.DeepEqual(d.Data, decode(t, noSecond)) {
		t.Errorf("Unruled(SECOND) = %v; want typed empties", d.Data)
	}
}

// TestAnOptionThatDoesNotSaySoIsEnabled: the empty of its type would leave the customer with nothing to choose.
func TestAnOptionThatDoesNotSaySoIsEnabled(t *testing.T) {
	f, _ := flowjson.Parse([]byte(strings.Replace(small, `"title":{"type":"string"}`, `"title":{"type":"string"},"enabled":{"type":"boolean"}`, 1)))
	for options, want := range map[string]bool{`"{{ list('claim_kinds') }}"`: true, `[{"id":"a","title":"A"}]`: true, `[{"id":"a","title":"A","enabled":false}]`: false} {
		doc := smallDoc(map[string]string{"FIRST": `{"otherwise":{"go":"SECOND","data":` + strings.Replace(fullData, `[]`, options, 1) + `}}`})
		set, _ := rules.Compile(parse(t, []byte(doc)), f, lists(), time.UTC)
		if set == nil {
			t.Fatalf("%s does not compile", options)
		}
		got := set.Next(rules.Request{Action: rules.Exchange, Screen: "FIRST"}, rules.Visit{}, rules.Fallback{}).Data["options"].([]any)
		if first := got[0].(map[string]any); first["enabled"] != want {
			t.Errorf("with options %s, the first is sent as %v; want enabled %t", options, first, want)
		}
	}
}

func TestNextChangesNothingThatItIsGiven(t *testing.T) {
	set := fixture(t, "appointment")
	v := rules.Visit{Known: true, Answers: map[string]map[string]any{"APPOINTMENT": {"time": "9:00"}}, Sent: map[string]map[string]any{"APPOINTMENT": {"show_times": true}}}
	in := rules.Request{Action: rules.Exchange, Screen: "APPOINTMENT", Data: map[string]any{"department": "dental", "date": "2026-12-01", "time": "10:30"}, Now: noon}
	before := pretty(t, []any{v.Answers, v.Sent, in.Data, set.Document()})
	d := set.Next(in, v, rules.Fallback{})
	d.Data["when"] = "changed"
	if after := pretty(t, []any{v.Answers, v.Sent, in.Data, set.Document()}); after != before {
		t.Errorf("Next changed what it was given:\n%s\nwas\n%s", after, before)
	}
}

func TestASetServesManyGoroutines(t *testing.T) {
	set := fixture(t, "claim")
	done := make(chan string)
	for range 8 {
		go func() {
			var last string
			for range 50 {
				d := set.Explain(rules.Request{Action: rules.Exchange, Screen: "INCIDENT", Now: time.Unix(1e9, 0),
					Data: map[string]any{"kind": "theft", "amount": "900", "police_ref": "x"}}, rules.Visit{}, rules.Fallback{})
				last = d.Screen
			}
			done <- last
		}()
	}
	for range 8 {
		if got := <-done; got != "EVIDENCE" {
			t.Errorf("Explain = %s; want EVIDENCE", got)
		}
	}
}

func TestWithoutAFlowDataIsWhatIsGivenAndWasSent(t *testing.T) {
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"otherwise":{"go":"B","data":{"x":1,"y":null,"z":"{{ data.none }}"}}}}}`))
	set, ps := rules.Compile(d, nil, nil, nil)
	if len(ps) > 0 {
		t.Fatalf("Compile = %+v", ps)
	}
	v := rules.Visit{Known: true, Sent: map[string]map[string]any{"B": {"x": 0.0, "old": "kept", "null": nil}}}
	got := set.Next(rules.Request{Action: rules.Exchange, Screen: "A"}, v, rules.Fallback{}).Data
	if want := decode(t, `{"x":1,"old":"kept"}`); !reflect.DeepEqual(got, want) {
		t.Errorf("Data = %v; want %v", got, want)
	}
}

package rules_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func flow(t testing.TB, name string) *flowjson.Flow {
	t.Helper()
	f, ps := flowjson.Parse(read(t, "flows/"+name+".json"))
	if f == nil {
		t.Fatalf("flowjson.Parse(%s) = %v", name, ps)
	}
	return f
}

// fixture compiles a fixture against its flow.
func fixture(t testing.TB, name string) *rules.Set {
	t.Helper()
	s, ps := rules.Compile(parse(t, read(t, "rules/"+name+".json")), flow(t, name), lists(), time.UTC)
	if len(ps) > 0 {
		t.Fatalf("Compile(%s) = %+v; want no problem", name, ps)
	}
	return s
}

func TestFixturesCompileWithoutProblems(t *testing.T) {
	for _, name := range []string{"appointment", "claim"} {
		if s := fixture(t, name); s.Flow() == nil {
			t.Errorf("%s: the set has lost its flow", name)
		}
	}
}

// small is a flow of four screens; FIRST → SECOND → LAST, and SIDE from FIRST.
const small = `{"version":"7.3","data_api_version":"3.0","routing_model":{"FIRST":["SECOND","SIDE"],"SECOND":["LAST"],"SIDE":["LAST"],"LAST":[]},"screens":[
 {"id":"FIRST","title":"First","data":{},"layout":{"type":"SingleColumnLayout","children":[
  {"type":"TextInput","name":"age","label":"Age","input-type":"number"},
  {"type":"Dropdown","name":"country","label":"Country","data-source":[{"id":"BR","title":"Brazil"},{"id":"PT","title":"Portugal"}]},
  {"type":"TextInput","name":"pin","label":"PIN","input-type":"passcode"},
  {"type":"Footer","label":"Next","on-click-action":{"name":"data_exchange","payload":{"age":"${form.age}","country":"${form.country}","pin":"${form.pin}"}}}]}},
 {"id":"SECOND","title":"Second","refresh_on_back":true,"data":{
   "text":{"type":"string","__example__":"x"},"n":{"type":"number","__example__":1},"yes":{"type":"boolean","__example__":true},
   "options":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"title":{"type":"string"}}},"__example__":[{"id":"a","title":"A"}]},
   "when":{"type":"object","properties":{"from":{"type":"string"},"days":{"type":"number"}},"__example__":{"from":"x","days":1}},
   "name_error":{"type":"string","__example__":""}},
  "layout":{"type":"SingleColumnLayout","children":[
  {"type":"TextInput","name":"name","label":"Name","input-type":"text","error-message":"${data.name_error}"},
  {"type":"Dropdown","name":"pick","label":"Pick","data-source":"${data.options}"},
  {"type":"TextInput","name":"other","label":"Other","input-type":"text"},
  {"type":"Footer","label":"Next","on-click-action":{"name":"data_exchange","payload":{"name":"${form.name}","pick":"${form.pick}","other":"${form.other}"}}}]}},
 {"id":"SIDE","title":"Side","data":{},"layout":{"type":"SingleColumnLayout","children":[
  {"type":"Footer","label":"Next","on-click-action":{"name":"data_exchange","payload":{"go":"on"}}}]}},
 {"id":"LAST","title":"Last","terminal":true,"success":true,"data":{},"layout":{"type":"SingleColumnLayout","children":[
  {"type":"Footer","label":"Done","on-click-action":{"name":"complete","payload":{}}}]}}]}`

func smallFlow(t testing.TB) *flowjson.Flow {
	t.Helper()
	f, ps := flowjson.Parse([]byte(small))
	if f == nil {
		t.Fatalf("flowjson.Parse = %v", ps)
	}
	return f
}

const fullData = `{"text":"a","n":1,"yes":true,"options":[],"when":{"from":"x","days":2}}`

// smallDoc is a rule set for small in which one part can be replaced.
func smallDoc(parts map[string]string) string {
	doc := map[string]string{
		"opening": `{"otherwise":{"go":"FIRST"}}`,
		"FIRST":   `{"rules":[{"id":"side","when":{"field":"age","op":"lt","value":18},"then":{"go":"SIDE"}}],"otherwise":{"go":"SECOND","data":` + fullData + `}}`,
		"SECOND":  `{"otherwise":{"go":"LAST"}}`,
		"SIDE":    `{"otherwise":{"go":"LAST"}}`,
	}
	for k, v := range parts {
		doc[k] = v
	}
	out := `{"switchyard":1,"opening":` + doc["opening"] + `,"screens":{`
	var screens []string
	for _, id := range []string{"FIRST", "SECOND", "SIDE", "LAST", "NOWHERE"} {
		if doc[id] != "" {
			screens = append(screens, `"`+id+`":`+doc[id])
		}
	}
	return out + strings.Join(screens, ",") + `}}`
}

func compileSmall(t testing.TB, parts map[string]string) (*rules.Set, []rules.Problem) {
	t.Helper()
	return rules.Compile(parse(t, []byte(smallDoc(parts))), smallFlow(t), lists(), time.UTC)
}

func TestASoundRuleSetHasNoProblems(t *testing.T) {
	if s, ps := compileSmall(t, nil); s == nil || len(ps) > 0 {
		t.Errorf("Compile = %+v; want no problem", ps)
	}
}

func TestCompileTellsEveryFaultWithItsPlace(t *testing.T) {
	first := func(when, then string) map[string]string {
		return map[string]string{"FIRST": `{"rules":[{"id":"side","when":{"field":"age","op":"lt","value":18},"then":{"go":"SIDE"}},` +
			`{"id":"added","name":"New","when":` + when + `,"then":` + then + `}],"otherwise":{"go":"SECOND","data":` + fullData + `}}`}
	}
	when := func(w string) map[string]string { return first(w, `{"go":"SIDE"}`) }
	then := func(o string) map[string]string { return first(`{"field":"country","op":"equals","value":"BR"}`, o) }
	data := func(key, v string) map[string]string {
		m := map[string]json.RawMessage{}
		if err := json.Unmarshal([]byte(fullData), &m); err != nil {
			t.Fatal(err)
		}
		m[key] = json.RawMessage(v)
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return then(`{"go":"SECOND","data":` + string(b) + `}`)
	}
	const rule, e, w = "/screens/FIRST/rules/1", rules.Error, rules.Warning
	for _, c := range []struct {
		name  string
		parts map[string]string
		sev   rules.Severity
		code  string
		path  string
		rule  string
	}{
		{"unknown screen", then(`{"go":"PAY"}`), e, "unknown-screen", rule + "/then/go", "added"},
		{"SUCCESS is no screen", then(`{"go":"SUCCESS"}`), e, "unknown-screen", rule + "/then/go", "added"},
		{"rules for no screen", map[string]string{"NOWHERE": `{"otherwise":{"finish":{}}}`}, e, "unknown-screen", "/screens/NOWHERE", ""},
		{"unknown field", when(`{"field":"agee","op":"lt","value":1}`), e, "unknown-field", rule + "/when/field", "added"},
		{"unknown field inside groups", when(`{"any":[{"all":[]},{"not":{"field":"x","op":"is_empty"}}]}`), e, "unknown-field", rule + "/when/any/1/not/field", "added"},
		{"unknown field on the right", when(`{"field":"age","op":"lt","value":{"field":"x"}}`), e, "unknown-field", rule + "/when/value/field", "added"},
		{"unknown field of a visit", when(`{"field":"visit.mood","op":"is_empty"}`), e, "unknown-field", rule + "/when/field", "added"},
		{"answer of an unknown screen", when(`{"field":"answers.PAY.x","op":"is_empty"}`), e, "unknown-screen", rule + "/when/field", "added"},
		{"unknown answer", when(`{"field":"answers.FIRST.x","op":"is_empty"}`), e, "unknown-field", rule + "/when/field", "added"},
		{"unknown answer in a value", then(`{"finish":{"params":{"p":"{{ answers.FIRST.x }}"}}}`), e, "unknown-field", rule + "/then/finish/params/p", "added"},
		{"answer of a later screen", when(`{"field":"answers.SECOND.name","op":"is_empty"}`), w, "later-screen", rule + "/when/field", "added"},
		{"unknown operator", when(`{"field":"age","op":"smells_like","value":1}`), e, "unknown-operator", rule + "/when/op", "added"},
		{"operator of another kind", when(`{"field":"country","op":"count_lt","value":1}`), w, "operator-kind", rule + "/when/op", "added"},
		{"no value", when(`{"field":"age","op":"lt"}`), e, "value-missing", rule + "/when/value", "added"},
		{"value too many", when(`{"field":"age","op":"is_empty","value":1}`), w, "value-unused", rule + "/when/value", "added"},
		{"text for a number", when(`{"field":"age","op":"lt","value":"many"}`), e, "value-type", rule + "/when/value", "added"},
		{"one end of two", when(`{"field":"age","op":"between","value":[1]}`), e, "value-type", rule + "/when/value", "added"},
		{"ends of two types", when(`{"field":"age","op":"between","value":[1,"2026-01-01"]}`), e, "value-type", rule + "/when/value", "added"},
		{"text for a list", when(`{"field":"country","op":"one_of","value":"BR"}`), e, "value-type", rule + "/when/value", "added"},
		{"object for a value", when(`{"field":"country","op":"equals","value":{"x":1}}`), e, "value-type", rule + "/when/value", "added"},
		{"half a day", when(`{"field":"age","op":"within_days","value":0.5}`), e, "value-type", rule + "/when/value", "added"},
		{"no date", when(`{"field":"age","op":"before","value":"Christmas"}`), e, "value-type", rule + "/when/value", "added"},
		{"broken pattern", when(`{"field":"age","op":"matches","value":"("}`), e, "value-type", rule + "/when/value", "added"},
		{"pattern from a field", when(`{"field":"age","op":"matches","value":{"field":"pin"}}`), e, "value-type", rule + "/when/value", "added"},
		{"value that is no option", when(`{"field":"country","op":"one_of","value":["BR","DE"]}`), w, "unknown-option", rule + "/when/value", "added"},
		{"forbidden transition", then(`{"go":"LAST"}`), e, "forbidden-transition", rule + "/then/go", "added"},
		{"back to a screen that does not lead here", map[string]string{"SECOND": `{"otherwise":{"go":"LAST"},"back":{"go":"SIDE"}}`}, e, "forbidden-back", "/screens/SECOND/back/go", ""},
		{"back that is never asked", map[string]string{"SIDE": `{"otherwise":{"go":"LAST"},"back":{"go":"FIRST"}}`}, w, "never-back", "/screens/SIDE/back", ""},
		{"missing data", then(`{"go":"SECOND","data":{"text":"a","n":1,"yes":true,"options":[]}}`), w, "missing-key", rule + "/then/data/when", "added"},
		{"undeclared data", data("color", `"red"`), w, "undeclared-key", rule + "/then/data/color", "added"},
		{"text for a number key", data("n", `"many"`), e, "data-type", rule + "/then/data/n", "added"},
		{"number for a yes-no key", data("yes", `1`), e, "data-type", rule + "/then/data/yes", "added"},
		{"text for a list key", data("options", `"a"`), e, "data-type", rule + "/then/data/options", "added"},
		{"wrong type inside a list", data("options", `[{"id":"a","title":["x"]}]`), e, "data-type", rule + "/then/data/options", "added"},
		{"wrong type inside an object", data("when", `{"days":"soon"}`), e, "data-type", rule + "/then/data/when", "added"},
		{"mixed text for a yes-no key", data("yes", `"{{ data.age }} years"`), e, "data-type", rule + "/then/data/yes", "added"},
		{"unknown list", data("options", `"{{ list('nothing') }}"`), e, "unknown-list", rule + "/then/data/options", "added"},
		{"unknown column", when(`{"formula":"lookup('claim_kinds', data.age, 'price') > 1"}`), e, "unknown-column", rule + "/when/formula", "added"},
		{"long list for a drop-down", data("options", `"{{ list('long') }}"`), w, "list-too-long", rule + "/then/data/options", "added"},
		{"formula that cannot be read", when(`{"formula":"data.age >"}`), e, "formula", rule + "/when/formula", "added"},
		{"formula with an unknown name", when(`{"formula":"age > 1"}`), e, "formula", rule + "/when/formula", "added"},
		{"formula with an unknown field", when(`{"formula":"data.agee > 1"}`), e, "unknown-field", rule + "/when/formula", "added"},
		{"formula with an unknown word of the visit", when(`{"formula":"visit.mood == 1"}`), e, "unknown-field", rule + "/when/formula", "added"},
		{"placeholder left open", then(`{"stay":{"error":"Hello {{ data.age"}}`), e, "template", rule + "/then/stay/error", "added"},
		{"placeholder that is empty", then(`{"stay":{"error":"Hello {{ }}"}}`), e, "formula", rule + "/then/stay/error", "added"},
		{"title of an unknown field", then(`{"stay":{"error":"{{ title('x') }}"}}`), e, "unknown-field", rule + "/then/stay/error", "added"},
		{"broken formula in an expire", then(`{"expire":{"message":"{{ nope }}"}}`), e, "formula", rule + "/then/expire/message", "added"},
		{"flow_token given", then(`{"finish":{"params":{"flow_token":"x"}}}`), w, "flow-token", rule + "/then/finish/params/flow_token", "added"},
		{"error at an unknown input", then(`{"stay":{"errors":{"x":"Bad"}}}`), e, "unknown-field", rule + "/then/stay/errors/x", "added"},
		{"error at an input without a binding", then(`{"stay":{"errors":{"age":"Bad"}}}`), w, "no-error-binding", rule + "/then/stay/errors/age", "added"},
		{"always true before it", first(`{"all":[]}`, `{"go":"SIDE"}`), w, "shadowed", "/screens/FIRST/otherwise", ""},
		{"the same condition again", when(`{"field":"age","op":"lt","value":18}`), w, "shadowed", rule, "added"},
		{"the same in a group with more", when(`{"all":[{"field":"country","op":"equals","value":"BR"},{"any":[{"field":"age","op":"lt","value":18}]}]}`), w, "shadowed", rule, "added"},
		{"never true", when(`{"any":[]}`), w, "never-true", rule, "added"},
		{"screen that asks without rules", map[string]string{"SIDE": ``}, e, "no-rules", "/screens", ""},
		{"rules of a screen that never asks", map[string]string{"LAST": `{"otherwise":{"finish":{}}}`}, w, "never-asked", "/screens/LAST", ""},
		{"unreachable screen", map[string]string{"FIRST": `{"otherwise":{"go":"SECOND","data":` + fullData + `}}`}, w, "unreachable-screen", "/screens/SIDE", ""},
		{"screen without a way out", map[string]string{"SIDE": `{"otherwise":{"stay":{}}}`}, e, "no-exit", "/screens/SIDE", ""},
		{"opening with an inner screen", map[string]string{"opening": `{"otherwise":{"go":"SIDE"}}`}, w, "entry-inbound", "/opening/otherwise/go", ""},
		{"field in the opening", map[string]string{"opening": `{"rules":[{"id":"o","when":{"field":"age","op":"is_empty"},"then":{"go":"FIRST"}}],"otherwise":{"go":"FIRST"}}`}, w, "opening-data", "/opening/rules/0/when/field", "o"},
	} {
		all := lists()
		all["long"] = &rules.List{Name: "long"}
		for range 201 {
			all["long"].Rows = append(all["long"].Rows, rules.Row{ID: "x", Title: "X", Enabled: true})
		}
		s, ps := rules.Compile(parse(t, []byte(smallDoc(c.parts))), smallFlow(t), all, time.UTC)
		found := false
		for _, p := range ps {
			found = found || p.Severity == c.sev && p.Code == c.code && p.Path == c.path && p.RuleID == c.rule && p.Message != "" && p.Screen != ""
		}
		if !found {
			t.Errorf("%s: Compile = %+v; want %s %s at %s of rule %q", c.name, ps, c.sev, c.code, c.path, c.rule)
		}
		if (s == nil) != rules.HasErrors(ps) {
			t.Errorf("%s: set is nil: %t, errors: %t", c.name, s == nil, rules.HasErrors(ps))
		}
		if c.sev == w && s == nil {
			t.Errorf("%s: Compile = %+v; want nothing worse than a warning", c.name, ps)
		}
	}
}

func TestNoScreenIsCalledOpening(t *testing.T) {
	renamed := func(s string) string { return strings.ReplaceAll(s, `"SIDE"`, `"opening"`) }
	f, ps := flowjson.Parse([]byte(renamed(small)))
	if f == nil {
		t.Fatalf("flowjson.Parse = %v", ps)
	}
	for name, doc := range map[string]string{"with rules": renamed(smallDoc(nil)), "without": smallDoc(map[string]string{"SIDE": "", "FIRST": `{"otherwise":{"go":"SECOND","data":` + fullData + `}}`})} {
		s, ps := rules.Compile(parse(t, []byte(doc)), f, lists(), nil)
		n := 0
		for _, p := range ps {
			if p.Code == "opening-screen" && p.Severity == rules.Error && p.Screen == "opening" && strings.Contains(p.Message, "another id") {
				n++
			}
		}
		if s != nil || n != 1 {
			t.Errorf("%s: Compile = %+v; want one opening-screen", name, ps)
		}
	}
}

func TestAnUnknownZoneIsAnError(t *testing.T) {
	for _, zone := range []string{"Mars/Olympus", "Local", "../etc/passwd"} {
		d := parse(t, []byte(smallDoc(nil)))
		d.Timezone = zone
		if _, ps := rules.Compile(d, smallFlow(t), nil, nil); len(ps) != 1 || ps[0].Code != "unknown-timezone" {
			t.Errorf("Compile with zone %s = %+v; want unknown-timezone", zone, ps)
		}
	}
}

func TestCompileRefusesWhatParseWouldHaveRefused(t *testing.T) {
	for name, d := range map[string]rules.Document{
		"zero":         {},
		"nil screen":   {Opening: rules.Empty().Opening, Screens: map[string]*rules.ScreenRules{"A": nil}},
		"no otherwise": {Opening: &rules.ScreenRules{}},
		"two outcomes": {Opening: &rules.ScreenRules{Otherwise: &rules.Outcome{Go: "A", Finish: &rules.Finish{}}}},
	} {
		if s, ps := rules.Compile(d, nil, nil, nil); s != nil || !rules.HasErrors(ps) {
			t.Errorf("%s: Compile = %v; want an error", name, ps)
		}
	}
}

func TestEmptyDocumentsCanBeParsed(t *testing.T) {
	parse(t, rules.Empty().Encode())
	d := parse(t, rules.EmptyFor(smallFlow(t)).Encode())
	if d.Opening.Otherwise.Go != "FIRST" || len(d.Screens) != 3 || d.Screens["SIDE"].Otherwise.Stay == nil {
		t.Errorf("EmptyFor = %s; want it to open FIRST and stay on three screens", d.Encode())
	}
}

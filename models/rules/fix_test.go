package rules_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// kindOf is a problem without its words and its index.
type kindOf struct {
	severity           rules.Severity
	code, screen, rule string
}

func counted(ps []rules.Problem) map[kindOf]int {
	n := map[kindOf]int{}
	for _, p := range ps {
		n[kindOf{p.Severity, p.Code, p.Screen, p.RuleID}]++
	}
	return n
}

// checkFixes tries every fix of every problem: the problem is gone, no error is new, and the document given is as it was.
func checkFixes(t *testing.T, what string, doc rules.Document, f *flowjson.Flow) (tried map[string]int) {
	t.Helper()
	tried = map[string]int{}
	_, problems := rules.Compile(doc, f, lists(), time.UTC)
	before, text := counted(problems), string(doc.Encode())
	fixer := rules.NewFixer(doc, f, lists(), time.UTC)
	for _, p := range problems {
		for _, x := range fixer.Fixes(p) {
			tried[p.Code]++
			mended := x.Apply(doc)
			_, left := rules.Compile(mended, f, lists(), time.UTC)
			after, at := counted(left), kindOf{p.Severity, p.Code, p.Screen, p.RuleID}
			if after[at] >= before[at] {
				t.Fatalf("%s: %s %q leaves %+v\n%s", what, x.ID, x.Label, p, mended.Encode())
			}
			for k, n := range after {
				if k.severity == rules.Error && n > before[k] {
					t.Fatalf("%s: %s %q of %+v makes the error %+v\n%s", what, x.ID, x.Label, p, k, mended.Encode())
				}
			}
		}
	}
	if string(doc.Encode()) != text {
		t.Errorf("%s: looking for fixes changed the document", what)
	}
	return tried
}

// TestEveryFixMends breaks sound documents in every way that is known here and tries all that is offered.
func TestEveryFixMends(t *testing.T) {
	flows := map[string]*flowjson.Flow{"appointment": flow(t, "appointment"), "claim": flow(t, "claim"), "small": smallFlow(t)}
	tried := map[string]int{}
	for seed := range uint64(40) {
		for _, name := range []string{"appointment", "claim", "small"} {
			d := dice{rand.New(rand.NewPCG(seed, 5)), flows[name]}
			doc := d.document()
			if name != "small" && seed%2 == 0 {
				doc = parse(t, read(t, "rules/"+name+".json"))
			}
			for range 1 + d.IntN(3) {
				doc = d.broken(doc)
			}
			if len(rules.Document(doc).Encode()) == 0 {
				continue
			}
			maps.Insert(tried, maps.All(sum(tried, checkFixes(t, fmt.Sprintf("%s, seed %d", name, seed), doc, flows[name]))))
		}
	}
	for _, code := range []string{"shadowed", "never-true", "unknown-screen", "forbidden-transition", "unknown-field", "unknown-operator", "operator-kind", "value-type", "value-unused",
		"missing-key", "undeclared-key", "data-type", "flow-token", "unknown-list", "no-rules", "never-asked"} {
		if tried[code] == 0 {
			t.Errorf("no fix of %s was tried; %v", code, tried)
		}
	}
}

func sum(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	for k, n := range b {
		out[k] += n
	}
	return out
}

// broken breaks one thing of a document.
func (d dice) broken(doc rules.Document) rules.Document {
	doc = doc.Clone()
	ids := slices.Sorted(maps.Keys(doc.Screens))
	if len(ids) == 0 {
		return doc
	}
	id := ids[d.IntN(len(ids))]
	s := doc.Screens[id]
	added := rules.Rule{ID: fmt.Sprintf("x%d", d.IntN(1_000_000)), When: rules.Condition{All: &[]rules.Condition{}}, Then: rules.Outcome{Stay: &rules.Stay{}}}
	leaf := func(field string, op rules.Op, value any) {
		added.When = rules.Condition{Any: &[]rules.Condition{{Field: field, Op: op, Value: value}}}
	}
	field := "nothing"
	if f := d.flow.Screen(id); f != nil && len(f.Sent()) > 0 {
		field = f.Sent()[d.IntN(len(f.Sent()))].Name
	}
	switch d.IntN(14) {
	case 0:
		leaf(field+"x", rules.IsNotEmpty, nil)
	case 1:
		leaf(field, rules.Op(d.pick("==", "lessthan", "equal", "<", "odd")), json.Number("1"))
	case 2:
		leaf(field, rules.Op(d.pick("count_lt", "has_any", "is_true", "before", "equals")), d.pick("a", "2026/1/2"))
	case 3:
		leaf(field, rules.Op(d.pick("lt", "between", "one_of", "count_gte")), d.pick("18 years", "BR", "2026.1.2"))
	case 4:
		leaf(field, rules.IsEmpty, "x")
	case 5:
		added.Then = rules.Outcome{Go: d.pick("DETAIL", "SUMMARY", "LAST", "POLICYY", id+"S", "NOWHERE"), Data: map[string]any{"x": "y"}}
	case 6:
		s.Rules = append([]rules.Rule{added}, s.Rules...)
		return doc
	case 7:
		added.When = rules.Condition{Any: &[]rules.Condition{}}
	case 8:
		delete(doc.Screens, id)
		return doc
	case 9:
		doc.Screens[id+"X"] = s
		delete(doc.Screens, id)
		return doc
	case 10:
		added.When = rules.Condition{Formula: d.pick("data."+field+"x == 1", "lookup('claim_kind', 'a', 'limit') > 1", "lookup('claim_kinds', 'a', 'limits') > 1", "answers.FIRST.agee == 3")}
	case 11:
		added.Then = rules.Outcome{Finish: &rules.Finish{Params: map[string]any{"flow_token": "x", "p": "{{ data." + field + "s }}"}}}
	case 12:
		added.Then = rules.Outcome{Stay: &rules.Stay{Error: "No", Errors: map[string]string{field: "Bad", field + "s": "Worse"}, Data: map[string]any{"times": "x", "n": "12 pieces", "yes": json.Number("1"), "option": "a"}}}
	case 13:
		for _, o := range []*rules.Outcome{s.Otherwise} {
			if o != nil && o.Go != "" {
				o.Data = map[string]any{"n": "many", "yes": "on", "options": "a", "txt": "x", "show_times": "{{ data.x }} y"}
			}
		}
		return doc
	}
	s.Rules = slices.Insert(s.Rules, d.IntN(len(s.Rules)+1), added)
	return doc
}

func TestFixesAreThoseThatPeopleExpect(t *testing.T) {
	rule := func(when, then string) map[string]string {
		return map[string]string{"FIRST": `{"rules":[{"id":"side","when":{"field":"age","op":"lt","value":18},"then":{"go":"SIDE"}},{"id":"added","when":` + when + `,"then":` + then +
			`}],"otherwise":{"go":"SECOND","data":` + fullData + `}}`}
	}
	when := func(w string) map[string]string { return rule(w, `{"go":"SIDE"}`) }
	then := func(o string) map[string]string { return rule(`{"field":"country","op":"equals","value":"BR"}`, o) }
	for _, c := range []struct {
		name  string
		parts map[string]string
		code  string
		want  []string
	}{
		{"field", when(`{"field":"agee","op":"lt","value":1}`), "unknown-field", []string{"Use age"}},
		{"field in a formula", when(`{"formula":"data.contry == 'BR'"}`), "unknown-field", []string{"Use country"}},
		{"field of another screen", map[string]string{"SECOND": `{"rules":[{"id":"r","when":{"field":"country","op":"is_empty"},"then":{"stay":{}}}],"otherwise":{"go":"LAST"}}`}, "unknown-field", []string{"Use country of FIRST"}},
		{"screen", then(`{"go":"SIED"}`), "unknown-screen", []string{"Use SIDE", "Go to SECOND instead", "Stay on the screen"}},
		{"forbidden way", then(`{"go":"LAST"}`), "forbidden-transition", []string{"Go to SECOND instead", "Go to SIDE instead", "Stay on the screen"}},
		{"way back", map[string]string{"SECOND": `{"otherwise":{"go":"LAST"},"back":{"go":"SIDE"}}`}, "forbidden-back", []string{"Go to FIRST instead"}},
		{"operator", when(`{"field":"age","op":"<","value":30}`), "unknown-operator", []string{"Use “is less than”"}},
		{"operator of another kind", when(`{"field":"age","op":"contains","value":"30"}`), "operator-kind", []string{"Use “is”"}},
		{"list for one", when(`{"field":"country","op":"one_of","value":"BR"}`), "value-type", []string{"Compare with Brazil"}},
		{"number in words", when(`{"field":"age","op":"gt","value":"18 years"}`), "value-type", []string{"Compare with 18"}},
		{"day", when(`{"field":"age","op":"before","value":"2026/1/2"}`), "value-type", []string{"Compare with 2026-01-02"}},
		{"option by its title", when(`{"field":"country","op":"equals","value":"Portugal"}`), "unknown-option", []string{"Use Portugal"}},
		{"option too many", when(`{"field":"country","op":"one_of","value":["BR","XX"]}`), "unknown-option", []string{"Remove “XX”"}},
		{"value too many", when(`{"field":"age","op":"is_empty","value":3}`), "value-unused", []string{"Remove the value"}},
		{"never true", when(`{"any":[]}`), "never-true", []string{"Remove the rule"}},
		{"the same again", when(`{"field":"age","op":"lt","value":18}`), "shadowed", []string{"Remove the rule"}},
		{"narrower", when(`{"field":"age","op":"lt","value":12}`), "shadowed", []string{"Move it above rule 1", "Remove the rule"}},
		{"missing", then(`{"go":"SECOND","data":{"text":"a","yes":true,"options":[],"when":{}}}`), "missing-key", []string{"Fill it with its example “1”", "Fill it with 0"}},
		{"undeclared", then(`{"go":"SIDE","data":{"x":1}}`), "undeclared-key", []string{"Remove x"}},
		{"misspelt key", then(`{"go":"SECOND","data":{"txt":"a","n":1,"yes":true,"options":[],"when":{}}}`), "undeclared-key", []string{"Send it as text", "Remove txt"}},
		{"number as text", then(`{"go":"SECOND","data":{"text":"a","n":"12 pieces","yes":true,"options":[],"when":{}}}`), "data-type", []string{"Make it 12", "Replace it by its example “1”", "Replace it by 0"}},
		{"yes as text", then(`{"go":"SECOND","data":{"text":"a","n":1,"yes":"on","options":[],"when":{}}}`), "data-type", []string{"Make it yes", "Replace it by its example “true”", "Replace it by no"}},
		{"list", then(`{"go":"SECOND","data":{"text":"a","n":1,"yes":true,"options":"{{ list('claimkinds') }}","when":{}}}`), "unknown-list", []string{"Use claim_kinds"}},
		{"token", then(`{"finish":{"params":{"flow_token":"x"}}}`), "flow-token", []string{"Remove flow_token"}},
		{"error at no input", then(`{"stay":{"errors":{"ages":"Bad"}}}`), "unknown-field", []string{"Use age"}},
		{"error that is not shown", then(`{"stay":{"errors":{"age":"Bad"}}}`), "no-error-binding", []string{"Say it in the message at the bottom"}},
		{"no rules", map[string]string{"SIDE": ``}, "no-rules", []string{"Always go to LAST", "Always finish there"}},
		{"rules for nobody", map[string]string{"LAST": `{"otherwise":{"finish":{}}}`}, "never-asked", []string{"Remove the rules of LAST"}},
		{"opening", map[string]string{"opening": `{"otherwise":{"go":"SIDE"}}`}, "entry-inbound", []string{"Go to FIRST instead"}},
		{"a broken formula", when(`{"formula":"data.age >"}`), "formula", nil},
	} {
		doc := parse(t, []byte(smallDoc(c.parts)))
		_, problems := rules.Compile(doc, smallFlow(t), lists(), time.UTC)
		i := slices.IndexFunc(problems, func(p rules.Problem) bool { return p.Code == c.code })
		if i < 0 {
			t.Errorf("%s: no %s in %+v", c.name, c.code, problems)
			continue
		}
		var got []string
		for _, x := range rules.NewFixer(doc, smallFlow(t), lists(), time.UTC).Fixes(problems[i]) {
			got = append(got, x.Label)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: fixes of %s = %q; want %q", c.name, c.code, got, c.want)
		}
		checkFixes(t, c.name, doc, smallFlow(t))
	}
}

func TestAFixOfATextChangesNothingElse(t *testing.T) {
	doc := parse(t, []byte(smallDoc(map[string]string{"SIDE": `{"rules":[{"id":"r","when":{"formula":"answers.FIRST.agee == data.go"},"then":{"finish":{"params":{"p":"{{ answers.FIRST.agee }} and agee"}}}}],"otherwise":{"go":"LAST"}}`})))
	_, problems := rules.Compile(doc, smallFlow(t), lists(), time.UTC)
	fixer := rules.NewFixer(doc, smallFlow(t), lists(), time.UTC)
	for _, p := range problems {
		for _, x := range fixer.Fixes(p) {
			doc = x.Apply(doc)
		}
	}
	r := doc.Screens["SIDE"].Rules[0]
	if got := r.When.Formula + " " + fmt.Sprint(r.Then.Finish.Params["p"]); !strings.Contains(got, "answers.FIRST.age == data.go {{ answers.FIRST.age }} and agee") {
		t.Errorf("mended: %q", got)
	}
}

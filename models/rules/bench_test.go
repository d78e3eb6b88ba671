package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models/rules"
)

// passing are conditions that do not hold for the request of manyRules, of every kind of comparison.
var passing = []string{
	`{"all":[{"field":"country","op":"equals","value":"DE"},{"any":[{"field":"age","op":"lt","value":18},{"field":"age","op":"gt","value":99}]}]}`,
	`{"any":[{"all":[{"field":"age","op":"gte","value":18},{"field":"name","op":"contains","value":"zzz"}]},{"field":"name","op":"starts_with","value":"Dr. "},{"field":"email","op":"ends_with","value":"@EXAMPLE.ORG"}]}`,
	`{"not":{"any":[{"field":"email","op":"is_email"},{"field":"phone","op":"is_phone"}]}}`,
	`{"all":[{"field":"date","op":"before","value":"2026-01-01"},{"field":"date","op":"within_days","value":7}]}`,
	`{"all":[{"field":"symptoms","op":"has_any","value":["x","y"]},{"not":{"field":"symptoms","op":"has_all","value":["x"]}},{"field":"symptoms","op":"count_gte","value":9}]}`,
	`{"any":[{"field":"country","op":"one_of","value":["DE","FR","IT"]},{"field":"policy","op":"matches","value":"^ZZ-[0-9]{6}$"},{"field":"none","op":"is_not_empty"}]}`,
	`{"all":[{"field":"period.start-date","op":"after","value":{"field":"today"}},{"field":"terms","op":"is_true"}]}`,
	`{"any":[{"field":"answers.FIRST.plan","op":"equals","value":"gold"},{"field":"age","op":"between","value":[1,5]},{"field":"name","op":"lt","value":5}]}`,
}

// manyRules is a set of n rules that do not hold, and a request for it.
func manyRules(t testing.TB, n int) (*rules.Set, rules.Request, rules.Visit) {
	t.Helper()
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"id":"r%d","when":%s,"then":{"go":"A"}}`, i, passing[i%len(passing)]))
	}
	doc := `{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[` + strings.Join(list, ",") + `],"otherwise":{"go":"B","data":{"x":1}}}}}`
	set, ps := rules.Compile(parse(t, []byte(doc)), nil, nil, time.UTC)
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	in := rules.Request{Action: rules.Exchange, Screen: "A", Now: noon, Data: map[string]any{
		"country": "BR", "age": "36", "name": "Grace Hopper", "email": "grace@example.com", "phone": "+1 555 123 4567", "date": "2026-12-01",
		"symptoms": []any{"0_pain", "x1"}, "policy": "AB-123456", "terms": true, "period": map[string]any{"start-date": "2026-11-01"},
	}}
	return set, in, rules.Visit{Known: true, Answers: map[string]map[string]any{"FIRST": {"plan": "basic"}}}
}

func TestRulesThatDoNotMatchAllocateNothing(t *testing.T) {
	allocs := func(n int) float64 {
		set, in, v := manyRules(t, n)
		if d := set.Next(in, v, rules.Fallback{}); d.Rule != "Otherwise" {
			t.Fatalf("rule %s matched; want none", d.RuleID)
		}
		return testing.AllocsPerRun(200, func() { set.Next(in, v, rules.Fallback{}) })
	}
	few, many := allocs(len(passing)), allocs(40)
	if many-few >= 3 { // one kind of condition that allocates would add 4; under -race pools forget at random
		t.Errorf("40 rules cost %.1f allocations and %d rules %.1f; want the same", many, len(passing), few)
	}
	if none := allocs(0); few > none+2 { // today as text is made once per decision
		t.Errorf("%d rules cost %.1f allocations and none %.1f; want at most 2 more", len(passing), few, none)
	}
}

func BenchmarkNext40Rules(b *testing.B) {
	set, in, v := manyRules(b, 40)
	b.ReportAllocs()
	for b.Loop() {
		set.Next(in, v, rules.Fallback{})
	}
}

func BenchmarkNextClaimWithFormula(b *testing.B) {
	set := fixture(b, "claim")
	in := rules.Request{Action: rules.Exchange, Screen: "INCIDENT", Now: noon, Data: map[string]any{"kind": "theft", "amount": "900", "police_ref": "x"}}
	b.ReportAllocs()
	for b.Loop() {
		set.Next(in, rules.Visit{}, rules.Fallback{})
	}
}

func BenchmarkCompileAppointment(b *testing.B) {
	doc, f := parse(b, read(b, "rules/appointment.json")), flow(b, "appointment")
	for b.Loop() {
		rules.Compile(doc, f, nil, time.UTC)
	}
}

package rules_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// noon is a fixed now: 2026-11-20 12:00 in UTC.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// ask builds a set of one rule with that condition on screen A, and a request with that data.
func ask(t testing.TB, when, data string) (*rules.Set, rules.Request) {
	t.Helper()
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[{"id":"r","when":`+when+
		`,"then":{"go":"YES"}}],"otherwise":{"go":"NO"}}}}`))
	s, ps := rules.Compile(d, nil, lists(), time.UTC)
	if s == nil {
		t.Fatalf("Compile(%s) = %v", when, ps)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(data), &m); err != nil {
		t.Fatal(err)
	}
	return s, rules.Request{Action: rules.Exchange, Screen: "A", Data: m, Now: noon}
}

func lists() map[string]*rules.List {
	return map[string]*rules.List{"claim_kinds": {
		Name: "claim_kinds", Columns: []rules.Column{{Name: "limit", Type: "number"}},
		Rows: []rules.Row{
			{ID: "theft", Title: "Theft", Description: "Something was stolen", Enabled: true, Cells: []string{"500"}},
			{ID: "damage", Title: "Damage", Enabled: true, Cells: []string{"250"}},
			{ID: "water", Title: "Water", Description: "Leaks, floods", Enabled: true, Cells: []string{"1000"}},
			{ID: "fire", Title: "Fire", Cells: []string{"5000"}},
		},
	}}
}

// truth tells how the condition fares, and checks that deciding and explaining agree.
func truth(t testing.TB, when, data string) rules.Truth {
	t.Helper()
	s, in := ask(t, when, data)
	d := s.Explain(in, rules.Visit{}, rules.Fallback{})
	got := d.Tried[0].Truth
	if yes := s.Next(in, rules.Visit{}, rules.Fallback{}).Screen == "YES"; yes != (got == rules.True) {
		t.Errorf("%s on %s: Next decided %t, Explain said %s", when, data, yes, got.Word())
	}
	return got
}

// leaf writes a condition on the field x.
func leaf(op, value string) string {
	if value == "" {
		return fmt.Sprintf(`{"field":"x","op":%q}`, op)
	}
	return fmt.Sprintf(`{"field":"x","op":%q,"value":%s}`, op, value)
}

func TestEveryOperator(t *testing.T) {
	// op, value of the rule, then the values of x for which it is true, false and unknown, separated by " | "
	for _, c := range []struct{ op, value, yes, no, unknown string }{
		{"equals", `18`, `18 | "18" | "18.0" | " 18 " | 18.0`, `19 | "17" | null | "" | [] | MISSING`, `"abc" | "1,8" | "1e1" | true | [18] | {"a":1}`},
		{"equals", `"7"`, `"7" | 7`, `"007" | "7.0" | 8 | null | "  " | MISSING`, `["7"] | {"a":1}`},
		{"equals", `"BR"`, `"BR"`, `"br" | "BR " | MISSING | true`, `["BR"]`},
		{"equals", `true`, `true | "true"`, `false | "false" | MISSING`, `"yes" | 1 | [true]`},
		{"equals", `["a","b"]`, `["a","b"] | ["b","a"] | ["b","a","a"]`, `["a"] | ["a","b","c"] | [] | MISSING`, `"a" | 1 | {"a":1}`},
		{"equals", `""`, `"" | "  " | null | [] | {} | MISSING`, `"x" | 0 | false`, ``},
		{"not_equals", `18`, `19 | "17" | null | MISSING`, `18 | "18"`, `"abc"`},
		{"not_equals", `"7"`, `"007" | MISSING`, `"7"`, `["7"]`},
		{"contains", `"ße"`, `"Straße" | "STRAẞE"`, `"Strasse" | "" | MISSING | 12`, `{"a":1}`},
		{"contains", `"k"`, `"Kelvin" | "KILO" | ["k"] | ["a","k"]`, `["K"] | "x" | [] | true`, `{"a":1}`},
		{"contains", `"anana"`, `"banANAna" | "anana"`, `"ananbanan"`, ``},
		{"not_contains", `"k"`, `"x" | MISSING | ["K"]`, `"Kelvin" | ["k"]`, `{"a":1}`},
		{"starts_with", `"zz-"`, `"ZZ-12" | "zz-"`, `"ZZ" | "AZZ-1" | MISSING | 5`, `["zz-1"] | {"a":1}`},
		{"ends_with", `"@EXAMPLE.com"`, `"ada@example.com"`, `"ada@example.org" | "m" | MISSING`, `["x@example.com"]`},
		{"matches", `"^[A-Z]{2}-[0-9]{6}$"`, `"AB-123456"`, `"AB-12345" | "ab-123456" | "" | MISSING | 5`, `["AB-123456"] | {"a":1}`},
		{"matches", `"[0-9]"`, `"a1b" | 5`, `"ab" | true`, `[1]`},
		{"is_empty", ``, `null | "" | "  " | [] | {} | MISSING`, `"x" | 0 | false | [null] | {"a":null}`, ``},
		{"is_not_empty", ``, `"x" | 0 | false | [1]`, `null | "" | " \n" | [] | {} | MISSING`, ``},
		{"lt", `18`, `17 | "17" | "-3" | 17.9 | "17.99"`, `18 | "18" | "18.0" | 19 | "100"`, `"abc" | "17,5" | "" | MISSING | true | [1] | "2026-01-01"`},
		{"lte", `18`, `18 | "18" | 1`, `18.5 | "19"`, `"x" | MISSING`},
		{"gt", `500`, `501 | "500.01"`, `500 | "500" | 3`, `"x" | MISSING | "5e9"`},
		{"gte", `500`, `500 | "500"`, `499.99 | "-500"`, `"x" | null`},
		{"lt", `"2026-12-25"`, `"2026-12-24" | "2026-12-24T23:59:59Z"`, `"2026-12-25" | "2027-01-01"`, `"2026-02-30" | "25.12.2026" | 5 | MISSING | "1796083200000"`},
		{"between", `[1,5]`, `1 | "5" | 3.2`, `0 | "5.01" | 6`, `"x" | MISSING | "2026-01-01"`},
		{"between", `["2026-01-01","2026-12-31"]`, `"2026-01-01" | "2026-12-31"`, `"2025-12-31" | "2027-01-01"`, `5 | "soon" | MISSING`},
		{"one_of", `["BR","PT"]`, `"BR" | "PT"`, `"br" | "DE" | "" | MISSING`, `["BR"] | {"a":1}`},
		{"one_of", `[1,2]`, `1 | "2" | "2.0"`, `3 | MISSING`, `"x"`},
		{"one_of", `[]`, ``, `"x" | 1`, ``},
		{"not_one_of", `["BR","PT"]`, `"DE" | MISSING`, `"BR"`, `["BR"]`},
		{"is_email", ``, `"ada@example.com" | " ada.l+x@mail.example.co.uk " | "jürgen@müller.de"`, `"ada" | "ada@localhost" | "Ada <ada@example.com>" | "a@b@c.de" | "@x.de" | "a b@x.de" | "a@-x.de" | "a..b@x.de" | 5 | ["a@b.de"] | MISSING`, ``},
		{"is_phone", ``, `"+49 (30) 123-4567" | "030.123.4567" | "1234567" | 491701234567 | "123456789012345"`, `"123456" | "1234567890123456" | "+49 30 CALL-ME" | "12+34567" | "" | MISSING | ["1234567"]`, ``},
		{"before", `"2026-12-25"`, `"2026-12-24" | "2026-12-24T10:00:00+01:00" | "1796083200000"`, `"2026-12-25" | "2026-12-25T00:00:00Z" | "2026-12-26" | "1798243200000"`, `"18" | "soon" | "2026-13-01" | MISSING | ["2026-12-24"]`},
		{"after", `"2026-12-25"`, `"2026-12-26" | "2026-12-26T00:00:01Z"`, `"2026-12-25" | "2026-12-25T23:00:00Z" | "2026-12-24"`, `"18" | MISSING | true`},
		{"before", `"2026-12-25T10:00:00Z"`, `"2026-12-25T09:59:59Z" | "2026-12-24"`, `"2026-12-25T10:00:00Z" | "2026-12-25"`, `"x"`},
		{"within_days", `7`, `"2026-11-20" | "2026-11-27" | "2026-11-27T23:00:00Z"`, `"2026-11-19" | "2026-11-28"`, `"x" | MISSING`},
		{"within_days", `-7`, `"2026-11-20" | "2026-11-13"`, `"2026-11-21" | "2026-11-12"`, `5`},
		{"within_days", `0`, `"2026-11-20"`, `"2026-11-21" | "2026-11-19"`, `""`},
		{"has_any", `["a","b"]`, `["a"] | ["x","b"] | "b"`, `["x"] | "x" | [] | MISSING`, `{"a":1}`},
		{"has_all", `["a","b"]`, `["a","b"] | ["b","x","a"]`, `["a"] | "a" | [] | MISSING`, `{"a":1}`},
		{"has_none", `["a","b"]`, `["x"] | "x" | [] | MISSING`, `["a"] | "b"`, `{"a":1}`},
		{"has_any", `"a"`, `["a"] | "a"`, `["b"]`, `{"a":1}`},
		{"has_all", `[1,2]`, `["1","2"] | [1,2]`, `["1"]`, ``},
		{"count_lt", `2`, `[] | ["a"] | "a" | MISSING | ""`, `["a","b"]`, ``},
		{"count_gte", `1`, `["a"] | "x" | {"a":1}`, `[] | {} | "" | MISSING`, ``},
		{"is_true", ``, `true | "true"`, `false | "false" | "yes" | 1 | MISSING | [true]`, ``},
		{"is_false", ``, `false | "false" | MISSING`, `true | "true" | "no" | 1`, ``},
	} {
		for want, values := range map[rules.Truth]string{rules.True: c.yes, rules.False: c.no, rules.Unknown: c.unknown} {
			for v := range strings.SplitSeq(values, " | ") {
				data := `{"x":` + v + `}`
				if v == "" {
					continue
				} else if v == "MISSING" {
					data = `{}`
				}
				if got := truth(t, leaf(c.op, c.value), data); got != want {
					t.Errorf("x %s %s on %s = %s; want %s", c.op, c.value, data, got.Word(), want.Word())
				}
			}
		}
	}
}

func TestCombinationsFollowKleene(t *testing.T) {
	parts := map[string]string{"T": `{"all":[]}`, "F": `{"any":[]}`, "U": leaf("lt", `5`)}
	word := map[string]rules.Truth{"T": rules.True, "F": rules.False, "U": rules.Unknown}
	for combo, want := range map[string]string{
		"all TT": "T", "all TF": "F", "all TU": "U", "all UF": "F", "all FU": "F", "all UU": "U", "all UT": "U",
		"any TF": "T", "any FF": "F", "any UT": "T", "any TU": "T", "any UF": "U", "any FU": "U", "any UU": "U",
		"not T": "F", "not F": "T", "not U": "U", "all ": "T", "any ": "F",
	} {
		kind, letters, _ := strings.Cut(combo, " ")
		var list []string
		for _, l := range letters {
			list = append(list, parts[string(l)])
		}
		when := fmt.Sprintf(`{%q:[%s]}`, kind, strings.Join(list, ","))
		if kind == "not" {
			when = fmt.Sprintf(`{"not":%s}`, list[0])
		}
		if got := truth(t, when, `{}`); got != word[want] {
			t.Errorf("%s = %s; want %s", combo, got.Word(), word[want].Word())
		}
	}
}

func TestDeepNestingIsUnderstood(t *testing.T) {
	when := strings.Repeat(`{"not":`, 30) + `{"any":[` + leaf("equals", `1`) + `]}` + strings.Repeat(`}`, 30)
	if got := truth(t, when, `{"x":1}`); got != rules.True {
		t.Errorf("thirty times not = %s; want true", got.Word())
	}
}

func TestFieldPaths(t *testing.T) {
	visit := rules.Visit{
		Known: true, Started: noon.Add(-time.Hour), Steps: 3, Test: true, Contact: "4917",
		Answers: map[string]map[string]any{"B": {"c": "old", "d": map[string]any{"e": "deep"}}, "A": {"x": "stale"}},
	}
	data := `{"x":"new","a.b":"whole","a":{"b":"nested","c":{"d":"deep"},"c.d":"dotted"},"today":"mine","answers":{"B":{"c":"data"}}}`
	for _, c := range []struct{ field, value string }{
		{"x", `"new"`}, {"data.x", `"new"`}, {"a.b", `"whole"`}, {"a.c.d", `"dotted"`}, {"data.a.b", `"whole"`},
		{"today", `"2026-11-20"`}, {"data.today", `"mine"`},
		{"answers.B.c", `"old"`}, {"answers.B.d.e", `"deep"`}, {"data.answers.B.c", `"data"`},
		{"answers.A.x", `"new"`}, // this request's data is the answer already
		{"visit.steps", `3`}, {"visit.test", `true`}, {"visit.contact", `"4917"`}, {"visit.started", `"2026-11-20T11:00:00Z"`},
	} {
		s, in := ask(t, fmt.Sprintf(`{"field":%q,"op":"equals","value":%s}`, c.field, c.value), data)
		if d := s.Next(in, visit, rules.Fallback{}); d.Screen != "YES" {
			t.Errorf("%s is not %s: %+v", c.field, c.value, s.Explain(in, visit, rules.Fallback{}).Tried[0].Trace)
		}
	}
}

func TestFieldsCanBeComparedWithEachOther(t *testing.T) {
	for _, c := range []struct {
		op, data string
		want     rules.Truth
	}{
		{"equals", `{"x":"a","y":"a"}`, rules.True}, {"equals", `{"x":"7","y":7}`, rules.True}, {"equals", `{"x":"007","y":"7"}`, rules.False},
		{"lt", `{"x":"9","y":"10"}`, rules.True}, {"lt", `{"x":"9"}`, rules.Unknown}, {"after", `{"x":"2026-01-02","y":"2026-01-01"}`, rules.True},
		{"contains", `{"x":"Hello","y":"ELL"}`, rules.True}, {"one_of", `{"x":"a","y":["a","b"]}`, rules.True}, {"has_any", `{"x":["a"],"y":"a"}`, rules.True},
	} {
		if got := truth(t, `{"field":"x","op":"`+c.op+`","value":{"field":"y"}}`, c.data); got != c.want {
			t.Errorf("x %s y on %s = %s; want %s", c.op, c.data, got.Word(), c.want.Word())
		}
	}
}

func TestTodayFollowsTheZoneOfTheDocument(t *testing.T) {
	d := parse(t, []byte(`{"switchyard":1,"timezone":"Pacific/Auckland","opening":{"otherwise":{"go":"A","data":{"d":"{{ today }}"}}}}`))
	s, _ := rules.Compile(d, nil, nil, time.UTC)
	got := s.Next(rules.Request{Action: rules.Init, Now: noon}, rules.Visit{}, rules.Fallback{}).Data["d"]
	if got != "2026-11-21" {
		t.Errorf("today in Auckland = %v; want 2026-11-21", got)
	}
}

func TestOperatorsAreOfferedByKind(t *testing.T) {
	for kind, first := range map[flowjson.Kind]rules.Op{
		flowjson.Number: rules.Equals, flowjson.Choices: rules.HasAny, flowjson.YesNo: rules.IsTrue, flowjson.Date: rules.Before,
		flowjson.Email: rules.IsEmail, flowjson.Media: rules.CountGte, flowjson.Range: rules.IsEmpty,
	} {
		ops := rules.OperatorsFor(kind)
		if len(ops) == 0 || ops[0].Op != first {
			t.Errorf("OperatorsFor(%s) starts with %v; want %s", kind, ops, first)
		}
		seen := map[rules.Op]bool{}
		for _, o := range ops {
			if seen[o.Op] {
				t.Errorf("OperatorsFor(%s) offers %s twice", kind, o.Op)
			}
			seen[o.Op] = true
		}
	}
	if _, ok := rules.OperatorOf("smells_like"); ok {
		t.Error("OperatorOf(smells_like) is known; want unknown")
	}
}

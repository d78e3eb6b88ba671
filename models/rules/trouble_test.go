package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"switchyard/models/rules"
)

func TestAnErrorInAFormulaIsUnknown(t *testing.T) {
	data := `{"z":0,"s":"abc","list":["1","abc"],"nums":[1,"2",""],"rows":[{"n":1},{"n":"abc"},{}],"far":[{"n":1},{}],"none":[]}`
	for formula, want := range map[string]rules.Truth{
		`1 / data.z != 5`: rules.Unknown, `1 % data.z != 0`: rules.Unknown, `number('abc') != 5`: rules.Unknown, `data.s * 2 != 5`: rules.Unknown, `not (data.s * 2 == 5)`: rules.Unknown,
		`round(data.s) != 3`: rules.Unknown, `date('x') != today`: rules.Unknown, `int(data.s) == nil`: rules.Unknown, `-data.s != 1`: rules.Unknown, `2 ** 5000 != 1`: rules.Unknown, `data.none + 1 != 2`: rules.Unknown,
		`data.n + 2 == 2`: rules.Unknown, `data.n + 2 != 2`: rules.Unknown, `data.n - 2 == -2`: rules.Unknown, `2 + data.n == "2"`: rules.Unknown, `data.n * 2 != 4`: rules.Unknown, `-data.n != 1`: rules.Unknown, `abs(data.n) != 1`: rules.Unknown,
		`sum([]) == 0`: rules.True, `sum(data.nums) == 3`: rules.True, `sum(data.list) != 1`: rules.Unknown, `max([]) != 1`: rules.Unknown, `max(data.list) == 1`: rules.Unknown, `max(data.nums) == 2`: rules.True, `sum(data.rows, .n) != 3`: rules.Unknown,
		`data.n != 5`: rules.True, `number(data.n) == nil`: rules.True, `date(data.n) != today`: rules.True, `data.n + data.m != 5`: rules.True, `"a" + data.n == "a"`: rules.True, `data.n + " " + "b" == " b"`: rules.True,
		// by Kleene
		`1 / 0 != 5 or true`: rules.True, `true or 1 / 0 != 5`: rules.True, `1 / 0 != 5 and false`: rules.False, `1 / 0 != 5 or false`: rules.Unknown, `not (1 / 0 != 5 and true)`: rules.Unknown,
		`(1 / 0 == 1) == nil`: rules.Unknown, `(data.n < 18) == nil`: rules.Unknown, `(data.n < 18) != true`: rules.Unknown, `(1 / 0) ?? true`: rules.Unknown, `data.n ?? true`: rules.True,
		`1 / 0 > 1 ? true : true`: rules.Unknown, `let x = 1 / 0; x != 1`: rules.Unknown, `[1 / 0] != [1]`: rules.Unknown, `1 not in [1 / 0]`: rules.Unknown, `not ([1 / 0] contains "a")`: rules.Unknown, `{"a": 1 / 0} != 1`: rules.Unknown,
		`{"a": 1 / 0}.a != 1`: rules.Unknown, `[1 / 0][0] != 1`: rules.Unknown, `string(1 / 0) != "a"`: rules.Unknown, `join(["a", 1 / 0]) != "a"`: rules.Unknown, `upper(string(1 / 0)) != "A"`: rules.Unknown, `first([1 / 0]) != 1`: rules.Unknown,
		`len([1 / 0]) == 1`: rules.True, `lookup('claim_kinds', 1 / 0, 'limit') == nil`: rules.Unknown, `date('x').Year() != 1`: rules.Unknown,
		// over lists: an error makes all unknown, a row that cannot be compared is left out or leaves it open
		`count(data.rows, .n * 2 > 9) == 0`: rules.Unknown, `len(filter(data.rows, .n / 1 > 0)) == 1`: rules.Unknown, `none(data.rows, number(.n) > 9)`: rules.Unknown, `not all(data.rows, number(.n) < 9)`: rules.Unknown, `any(data.rows, number(.n) == 1)`: rules.True,
		`all(data.rows, number(.n) > 9)`: rules.False, `one(data.rows, .n / 1 == 1)`: rules.Unknown, `find(data.rows, number(.n) > 5) == nil`: rules.Unknown,
		`len(filter(data.far, .n > 0)) == 1`: rules.True, `count(data.far, .n > 0) == 1`: rules.True, `any(data.far, .n > 5)`: rules.Unknown, `all(data.far, .n > 0)`: rules.Unknown, `none(data.far, .n > 5)`: rules.Unknown, `all(data.far, .n > 5)`: rules.False,
		`any(data.far, .n > 5) or count(data.none, # > 1) == 0`: rules.True, `map(data.rows, .n * 2) != [2]`: rules.Unknown, `reduce(data.list, #acc + number(#), 0) != 1`: rules.Unknown,
	} {
		if got := truth(t, fmt.Sprintf(`{"formula":%q}`, formula), data); got != want {
			s, in := ask(t, fmt.Sprintf(`{"formula":%q}`, formula), data)
			t.Errorf("%s = %s (%s); want %s", formula, got.Word(), s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Trace.Note, want.Word())
		}
	}
}

func TestAnErrorIsEmptyInAValueAndTold(t *testing.T) {
	for template, why := range map[string]string{
		`{{ 1 / 0 }}`: "division by zero", `{{ number("abc") ?? 5 }}`: "not a number", `{{ data.n + 2 }}`: "no value to compute with", `{{ 1 < "x" }}`: "number or date", `{{ [1 / 0] == [1] }}`: "division by zero",
		`{{ date("x").Year() }}`: "not a date", `{{ max([]) }}`: "no numbers", `{{ 1 == "x" }}`: "different types", `{{ 2 ** 5000 }}`: "too large",
	} {
		s, in := templateSet(t, template)
		d := s.Next(in, rules.Visit{}, rules.Fallback{})
		if d.Params["p"] != "" || len(d.Faults) != 1 || !strings.Contains(d.Faults[0], why) {
			t.Errorf("%s = %#v with faults %v; want nothing and %q told", template, d.Params["p"], d.Faults, why)
		}
	}
}

func TestAnUnknownFormulaSaysWhy(t *testing.T) {
	for formula, why := range map[string]string{`1 / data.z != 5`: "a division by zero", `data.n + 2 == 2`: "“+” has no value to compute with", `data.z == "abc"`: "two values of different types cannot be compared"} {
		s, in := ask(t, fmt.Sprintf(`{"formula":%q}`, formula), `{"z":0}`)
		got := s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Trace
		if got.Truth != rules.Unknown || got.Note != why {
			t.Errorf("%s = %s (%s); want unknown (%s)", formula, got.Truth.Word(), got.Note, why)
		}
	}
}

func TestNowCanBeAskedAndSubtracted(t *testing.T) {
	for _, formula := range []string{`now.Hour() == 12 and today.Year() == 2026 and data.d.Month() == 12`, `(now - date(today)).Hours() == 12`, `(date("2026-11-21") - now).Hours() == 12`, `now + duration("1h") > now`,
		`(now - duration("24h")).Day() == 19`, `now startsWith "2026-11-20T12"`, `now > date(today)`, `now.AddDate(0, 0, 1) == "2026-11-21"`, `today - data.d == -11`, `data.none.Year() == nil`} {
		if got := truth(t, fmt.Sprintf(`{"formula":%q}`, formula), `{"d":"2026-12-01"}`); got != rules.True {
			s, in := ask(t, fmt.Sprintf(`{"formula":%q}`, formula), `{"d":"2026-12-01"}`)
			t.Errorf("%s = %s (%s); want true", formula, got.Word(), s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Trace.Note)
		}
	}
	if got := truth(t, `{"formula":"data.d.Year() != 1"}`, `{"d":"soon"}`); got != rules.Unknown {
		t.Errorf("the year of a text that is no date = %s; want unknown", got.Word())
	}
}

func TestAnEmptyPlaceholderIsSaidPlainly(t *testing.T) {
	for _, then := range []string{`{"stay":{"error":"Hello {{ }}"}}`, `{"stay":{"error":"{{}}"}}`} {
		_, ps := compileSmall(t, map[string]string{"SIDE": `{"rules":[{"id":"r","when":{"field":"x","op":"is_empty"},"then":` + then + `}],"otherwise":{"go":"LAST"}}`})
		found := false
		for _, p := range ps {
			found = found || p.Code == "formula" && strings.Contains(p.Message, "is empty") && !strings.Contains(p.Message, "  ")
		}
		if !found {
			t.Errorf("%s: Compile = %+v; want that the placeholder is empty", then, ps)
		}
	}
}

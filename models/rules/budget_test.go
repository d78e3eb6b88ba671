package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models/rules"
)

// nested is n lists inside each other around v; side stands beside each of them.
func nested(n int, v any, side ...any) any {
	for range n {
		v = append([]any{v}, side...)
	}
	return v
}

func repeated(n int, v any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// hostile are values that a customer may send to occupy the machine. Each is of at most a mebibyte as JSON.
func hostile() map[string]map[string]any {
	two := func(v any) map[string]any { return map[string]any{"x": v, "y": v} }
	return map[string]map[string]any{
		"forty lists":         two(nested(40, 1.0)),
		"twenty lists":        two(nested(20, "a", "b")),
		"ten thousand lists":  two(nested(9_000, "a", "")),
		"wide lists":          {"x": repeated(100_000, "a"), "y": append(repeated(100_000, "b"), "a")},
		"wide lists of lists": two(repeated(100_000, []any{1.0})),
		"long texts":          two(repeated(900, strings.Repeat("a", 1_000))),
		"one long text":       two(strings.Repeat("a", 1_000_000)),
		"blanks":              two(strings.Repeat(" ", 1_000_000)),
		"digits":              two(strings.Repeat("1", 1_000_000)),
		"a long text far in":  two(nested(9_000, strings.Repeat("a", 900_000), "")),
	}
}

func TestNothingThatACustomerSendsTakesLong(t *testing.T) {
	var conditions []string
	for _, op := range rules.Operators() {
		if op.Arity != rules.Two && op.Op != rules.Matches {
			conditions = append(conditions, fmt.Sprintf(`{"field":"x","op":%q,"value":{"field":"y"}}`, op.Op))
		}
		if op.Arity == rules.None {
			conditions[len(conditions)-1] = fmt.Sprintf(`{"field":"x","op":%q}`, op.Op)
		}
	}
	conditions = append(conditions, `{"field":"x","op":"matches","value":"(a|aa)+$"}`, `{"field":"x","op":"between","value":[1,2]}`, `{"field":"x","op":"has_any","value":["x","y","z"]}`)
	for _, formula := range []string{`data.x == data.y`, `data.x != data.y`, `data.x in data.y`, `data.x contains data.y`, `data.x < data.y`, `data.x + data.y == 1`,
		`any(data.x, # in data.y)`, `string(data.x) == "a"`, `join(data.x) == "a"`, `title('x') == "a"`, `sort(data.x) == data.y`, `sum(data.x) == 1`} {
		conditions = append(conditions, fmt.Sprintf(`{"formula":%q}`, formula))
	}
	for name, data := range hostile() {
		for _, when := range conditions {
			s, in := ask(t, `{"any":[`+strings.Repeat(when+`,`, 9)+when+`]}`, `{}`)
			in.Data = data
			start := time.Now()
			s.Next(in, rules.Visit{}, rules.Fallback{})
			if took := time.Since(start); took > 5*time.Second { // some tenths of one where nothing else runs
				t.Errorf("%s with %s ten times took %s; want it bounded", when, name, took)
			}
		}
		for _, template := range []string{`{{ data.x }}`, `a {{ data.x }} {{ data.y }}`} {
			s, in := templateSet(t, template)
			in.Data = data
			start := time.Now()
			s.Next(in, rules.Visit{}, rules.Fallback{})
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s with %s took %s; want it bounded", template, name, took)
			}
		}
	}
}

func TestAListMadeByAFormulaIsComparedInTime(t *testing.T) {
	for _, formula := range []string{`let x = reduce(1..9000, [#acc], 1); x == x`, `let x = reduce(1..40, [#acc, #acc], 1); x == x`, `let x = reduce(1..9, [#acc, #acc], 1); x in [x, x]`} {
		s, in := ask(t, fmt.Sprintf(`{"formula":%q}`, formula), `{}`)
		start := time.Now()
		s.Next(in, rules.Visit{}, rules.Fallback{})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %s; want it bounded", formula, took)
		}
	}
}

func TestWhatIsTooLargeToCompareIsUnknownAndTold(t *testing.T) {
	const all = `{"field":"x","op":%q,"value":{"field":"y"}}`
	data := hostile()["wide lists of lists"]
	for _, op := range []string{"equals", "not_equals", "one_of", "not_one_of"} {
		s, in := ask(t, fmt.Sprintf(all, op), `{}`)
		in.Data = data
		d := s.Explain(in, rules.Visit{}, rules.Fallback{})
		if got := d.Tried[0].Trace; got.Truth != rules.Unknown || !strings.Contains(got.Note, "too large") || len(d.Faults) != 1 {
			t.Errorf("%s of lists that are too large = %s (%s), faults %v; want unknown, told", op, got.Truth.Word(), got.Note, d.Faults)
		}
	}
	s, in := ask(t, `{"any":[`+fmt.Sprintf(all, "equals")+`,{"field":"z","op":"equals","value":"a"}]}`, `{}`)
	in.Data = map[string]any{"x": data["x"], "y": data["y"], "z": "a"}
	if d := s.Next(in, rules.Visit{}, rules.Fallback{}); d.Screen != "YES" {
		t.Errorf("a short value is not compared after large ones: %+v", d)
	}
}

func TestNestedListsAreComparedAsSets(t *testing.T) {
	for _, c := range []struct {
		x, y any
		want rules.Truth
	}{
		{nested(5, "a"), nested(5, "a"), rules.True}, {nested(5, "a"), nested(5, "b"), rules.False}, {nested(30, "a", "b"), nested(30, "a", "b"), rules.True},
		{[]any{[]any{"a", "b"}, "c"}, []any{"c", []any{"b", "a"}}, rules.True}, {[]any{[]any{"a", "b"}}, []any{[]any{"a"}}, rules.False}, {nested(50, "a"), nested(50, "a"), rules.Unknown},
		{repeated(300, "a"), []any{"a"}, rules.True}, {append(repeated(300, "a"), "b"), []any{"a"}, rules.False},
	} {
		s, in := ask(t, `{"field":"x","op":"equals","value":{"field":"y"}}`, `{}`)
		in.Data = map[string]any{"x": c.x, "y": c.y}
		if got := s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Truth; got != c.want {
			t.Errorf("%.60v equals %.60v = %s; want %s", c.x, c.y, got.Word(), c.want.Word())
		}
	}
}

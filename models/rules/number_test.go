package rules_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"switchyard/models/rules"
)

func TestLongNumbersAreComparedDigitByDigit(t *testing.T) {
	const even, odd, next, id = "9007199254740992", "9007199254740993", "9007199254740994", "12345678901234567890"
	num := func(s string) any { return json.Number(s) }
	for _, c := range []struct {
		x    any
		op   string
		y    any
		want rules.Truth
	}{
		{num(odd), "equals", num(even), rules.False}, {num(odd), "equals", num(odd), rules.True}, {odd, "equals", num(even), rules.False}, {odd, "equals", num(odd), rules.True},
		{num(id), "equals", id, rules.True}, {num(id), "equals", "12345678901234567891", rules.False}, {id, "equals", num(id), rules.True}, {id + ".0", "equals", num(id), rules.True},
		{num("-" + odd), "equals", num("-" + even), rules.False}, {"+" + odd, "equals", num(odd), rules.True}, {"00" + odd, "equals", num(odd), rules.True},
		{num(odd), "not_equals", num(even), rules.True}, {num(odd), "one_of", []any{num(even), num(next)}, rules.False}, {num(odd), "one_of", []any{num(odd)}, rules.True},
		{[]any{num(odd)}, "has_any", []any{num(even)}, rules.False}, {[]any{odd}, "has_any", []any{num(odd)}, rules.True},
		{num(odd), "gt", num(even), rules.True}, {odd, "lt", next, rules.True}, {num(even), "gte", num(odd), rules.False}, {num("-" + odd), "lt", num("-" + even), rules.True},
		{num("1e20"), "equals", num("100000000000000000000"), rules.True}, {1e21, "equals", "1000000000000000000000", rules.True}, {num("1e20"), "gt", num("100000000000000000001"), rules.False},
		{0.1, "equals", num("0.1"), rules.True}, {"0.10", "equals", num("0.1"), rules.True}, {num("2.50"), "equals", 2.5, rules.True},
	} {
		s, in := ask(t, `{"field":"x","op":"`+c.op+`","value":{"field":"y"}}`, `{}`)
		in.Data = map[string]any{"x": c.x, "y": c.y}
		if got := s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Truth; got != c.want {
			t.Errorf("%v %s %v = %s; want %s", c.x, c.op, c.y, got.Word(), c.want.Word())
		}
		if raw, err := json.Marshal(c.y); err == nil {
			s, in = ask(t, leaf(c.op, string(raw)), `{}`)
			in.Data = map[string]any{"x": c.x}
			if got := s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Truth; got != c.want {
				t.Errorf("%v %s %s written in the rule = %s; want %s", c.x, c.op, raw, got.Word(), c.want.Word())
			}
		}
	}
}

func TestFormulasKeepLongNumbers(t *testing.T) {
	data := map[string]any{"id": json.Number("9007199254740993"), "text": "9007199254740993", "ids": []any{json.Number("9007199254740993"), json.Number("1")}, "n": json.Number("12.50")}
	for formula, want := range map[string]rules.Truth{
		`data.id == 9007199254740993`: rules.True, `data.id == 9007199254740992`: rules.False, `data.id > 9007199254740992`: rules.True, `data.id == data.text`: rules.True,
		`number(data.text) == 9007199254740992`: rules.False, `number(data.text) == data.id`: rules.True, `data.ids[0] == 9007199254740993`: rules.True, `9007199254740992 in data.ids`: rules.False,
		`string(data.id) == "9007199254740993"`: rules.True, `data.id + 0 > 9007199254740000`: rules.True, `round(data.id) > 1`: rules.True, `max(data.ids) > 1`: rules.True, `sort(data.ids)[0] == 1`: rules.True,
		`lookup('l', 'a', 'n') == data.id`: rules.True, `sortBy(list('l'), .n)[0].id == "b"`: rules.True, `data.n == 12.5`: rules.True,
	} {
		d := parse(t, fmt.Appendf(nil, `{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"rules":[{"when":{"formula":%q},"then":{"go":"B"}}],"otherwise":{"finish":{}}}}}`, formula))
		l := &rules.List{Name: "l", Columns: []rules.Column{{Name: "n", Type: "number"}}, Rows: []rules.Row{
			{ID: "a", Title: "A", Enabled: true, Cells: []string{"9007199254740993"}}, {ID: "b", Title: "B", Enabled: true, Cells: []string{"7"}}}}
		s, ps := rules.Compile(d, nil, map[string]*rules.List{"l": l}, nil)
		if s == nil {
			t.Fatalf("Compile(%s) = %+v", formula, ps)
		}
		got := s.Explain(rules.Request{Action: rules.Exchange, Screen: "A", Data: data, Now: noon}, rules.Visit{}, rules.Fallback{}).Tried[0].Trace
		if got.Truth != want {
			t.Errorf("%s = %s (%s); want %s", formula, got.Truth.Word(), got.Note, want.Word())
		}
	}
	s, in := templateSet(t, "{{ data.id }} {{ data.n }} {{ data.ids }}")
	in.Data = data
	if got := s.Next(in, rules.Visit{}, rules.Fallback{}).Params["p"]; got != "9007199254740993 12.5 9007199254740993, 1" {
		t.Errorf("text with a long number = %q; want every digit", got)
	}
}

func TestLongNumbersAreSentWithEveryDigit(t *testing.T) {
	set, ps := compileSmall(t, map[string]string{"FIRST": `{"otherwise":{"go":"SECOND","data":{"text":"{{ data.age }}","n":"{{ data.age }}","yes":true,"options":[],"when":{"days":12345678901234567890}}}}`})
	if set == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	in := rules.Request{Action: rules.Exchange, Screen: "FIRST", Data: map[string]any{"age": json.Number("12345678901234567890")}}
	got := set.Next(in, rules.Visit{}, rules.Fallback{})
	if got.Data["text"] != "12345678901234567890" || pretty(t, got.Data["n"]) != "12345678901234567890" || len(got.Faults) > 0 ||
		!reflect.DeepEqual(got.Data["when"], map[string]any{"from": "", "days": json.Number("12345678901234567890")}) {
		t.Errorf("data = %v with faults %v; want every digit", got.Data, got.Faults)
	}
}

package rules_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models/rules"
)

func TestFormulasHaveThreeValues(t *testing.T) {
	data := `{"age":"18","name":"Ada","n":5,"list":["1","2","x"],"nums":[3,1,2],"d":"2026-12-01","yes":true,"o":{"p":{"q":"deep"}},"empty":""}`
	for formula, want := range map[string]rules.Truth{
		`data.age >= 18`: rules.True, `data.age < 18`: rules.False, `data.name < 18`: rules.Unknown, `data.missing < 18`: rules.Unknown,
		`data.age == 18`: rules.True, `18 == data.age`: rules.True, `data.age == "18"`: rules.True, `data.age == "18.0"`: rules.False,
		`data.name == 18`: rules.Unknown, `data.name != "Bob"`: rules.True, `data.missing == nil`: rules.True, `data.missing != 5`: rules.True,
		`data.missing.deeper.still == nil`: rules.True, `data.o.p.q == "deep"`: rules.True, `data?.o?.p?.q == "deep"`: rules.True,
		`data["o"].p["q"] == "deep"`: rules.True, `data.name.first == nil`: rules.True,
		`not (data.missing < 18)`:              rules.Unknown,
		`data.missing < 18 or true`:            rules.True,
		`true or data.missing < 18`:            rules.True,
		`data.missing < 18 or false`:           rules.Unknown,
		`data.missing < 18 and false`:          rules.False,
		`false && data.missing < 18`:           rules.False,
		`data.missing < 18 && true`:            rules.Unknown,
		`upper(data.missing) == "X" or true`:   rules.Unknown, // an error is unknown
		`true or upper(data.missing) == "X"`:   rules.True,    // and is not met when it does not matter
		`data.age + 2 == 20`:                   rules.True,
		`data.age + "2" == 20`:                 rules.True,
		`data.name + " L" == "Ada L"`:          rules.True,
		`data.n * 2 - 1 == 9`:                  rules.True,
		`7 % 4 == 3 and 2 ** 3 == 8`:           rules.True,
		`data.name * 2 > 1`:                    rules.Unknown,
		`1 / 0 > 1`:                            rules.Unknown,
		`-data.n == -5`:                        rules.True,
		`data.yes`:                             rules.True,
		`data.name`:                            rules.Unknown,
		`"A"`:                                  rules.Unknown,
		`data.n in [1, 5]`:                     rules.True,
		`data.age in [17, 18]`:                 rules.True,
		`2 in data.list`:                       rules.True,
		`data.name not in ["Bob"]`:             rules.True,
		`"p" in data.o`:                        rules.True,
		`data.name contains "AD"`:              rules.True,
		`data.name startsWith "ad"`:            rules.True,
		`data.name endsWith "X"`:               rules.False,
		`data.name matches "^A.a$"`:            rules.True,
		`data.missing matches "^A"`:            rules.False,
		`len(data.list) == 3 and len("añ")==2`: rules.True,
		`sum(data.nums) == 6 and max(data.nums) == 3 and min(4, "2") == 2 and mean(data.nums) == 2 and median(data.nums) == 2`: rules.True,
		`data.list[0] == 1 and data.list[-1] == "x" and data.list[9] == nil`:                                                   rules.True,
		`data.list[1:2] == ["2"] and "abc"[1:] == "bc"`:                                                                        rules.True,
		`filter(data.list, # > 1) == ["2"]`:                                                                                    rules.True, // "x" is left out
		`any(list('claim_kinds'), .limit > 900)`:                                                                               rules.True,
		`all(list('claim_kinds'), .limit > 900)`:                                                                               rules.False,
		`count(list('claim_kinds'), .limit > 300) == 2`:                                                                        rules.True,
		`map(list('claim_kinds'), .id) == ["theft","damage","water"]`:                                                          rules.True,
		`sum(list('claim_kinds'), .limit) == 1750`:                                                                             rules.True,
		`reduce(data.nums, #acc + #, 0) == 6`:                                                                                  rules.True,
		`sortBy(list('claim_kinds'), .limit)[0].id == "damage"`:                                                                rules.True,
		`len(list('claim_kinds')) == 3`:                                                                                        rules.True,
		`len(1..5) == 5`:                                                                                                       rules.True,
		`number(lookup('claim_kinds','theft','limit')) == 500`:                                                                 rules.True,
		`lookup('claim_kinds','nothing','limit') > 1`:                                                                          rules.Unknown,
		`number("") == nil and number("12.5") == 12.5`:                                                                         rules.True,
		`round(2.5) == 3 and int("7.9") == 7 and abs(-2) == 2`:                                                                 rules.True,
		`upper("a") + lower("B") + trim(" c ") == "Abc"`:                                                                       rules.True,
		`join(["a","b"], "-") == "a-b" and replace("aXb","X","-") == "a-b" and split("a,b", ",") == ["a","b"]`:                 rules.True,
		`data.d > today and today == "2026-11-20" and now startsWith "2026-11-20T12"`:                                          rules.True,
		`data.d - today == 11`:                                                                                                 rules.True,
		`date(data.d).Year() == 2026 and date(data.d).Month() == 12 and date(today).AddDate(0,0,1) == "2026-11-21"`:            rules.True,
		`(date(data.d) - date(today)).Hours() == 264 and date(data.d) - date(today) > duration("24h")`:                         rules.True,
		`answers.A.age == 18`:                                                                                                  rules.True, `visit.steps == 0`: rules.True, `visit.contact == ""`: rules.True,
		`let x = data.n; x > 4 ? true : false`:  rules.True,
		`data.missing > 1 ? true : false`:       rules.Unknown,
		`data.missing ?? true`:                  rules.True,
		`(data.empty ?? "x") == ""`:             rules.True,
		`{"a": 1}.a == 1`:                       rules.True,
		`1 < data.n < 10`:                       rules.True,
		`if data.n > 3 { true } else { false }`: rules.True,
	} {
		if got := truth(t, fmt.Sprintf(`{"formula":%q}`, formula), data); got != want {
			s, in := ask(t, fmt.Sprintf(`{"formula":%q}`, formula), data)
			t.Errorf("%s = %s (%s); want %s", formula, got.Word(), s.Explain(in, rules.Visit{}, rules.Fallback{}).Tried[0].Trace.Note, want.Word())
		}
	}
}

func TestFormulasThatAreRefused(t *testing.T) {
	for formula, why := range map[string]string{
		`data.a + `: "missing at the end", `age > 1`: "write data.age", `now() > 1`: "without brackets", `repeat("a", 9)`: "repeat", `date() == 1`: "date",
		`map(1..10, map(1..10, #))`:                           "inside another",
		`any(data.a, {any(#.b, true)})`:                       "inside another",
		`1` + strings.Repeat(` + 1`, 200):                     "200 parts",
		strings.Repeat("(", 2100) + strings.Repeat(")", 2100): "longer",
		`$env.data`: "$env", `$run`: "$run", `$add($run, 1, 2)`: "$add", `data.x matches data.y`: "pattern", `data.x matches "("`: "pattern",
		`toJSON(data)`: "toJSON", `fromJSON("{}")`: "fromJSON", `data.x.Foo()`: "functions", `groupBy([1], #)`: "groupBy", `lookup('a')`: "lookup",
		`let data = 1; data`: "redeclare", `b"x"`: "not available", `list('none')`: "no list",
	} {
		d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"finish":{"params":{"p":"x"}}}}}`))
		d.Opening.Otherwise.Finish.Params["p"] = "{{" + formula + "}}"
		s, ps := rules.Compile(d, nil, nil, nil)
		if s != nil || len(ps) == 0 || !strings.Contains(ps[0].Message, why) {
			t.Errorf("%.60s: Compile = %+v; want an error that says %q", formula, ps, why)
		}
	}
}

func TestFormulasEndSoon(t *testing.T) {
	rows := make([]any, 10_000)
	for i := range rows {
		rows[i] = "row"
	}
	big := map[string]any{"rows": rows, "text": strings.Repeat("a", 90_000), "more": append(rows, "one")}
	for _, formula := range []string{
		`count(data.rows, ` + strings.Repeat(`sum(data.rows) == 0 or `, 12) + `true)`,
		`count(data.rows, upper(data.text) == "")`,
		`map(data.rows, data.text + "b")`,
		`map(data.rows, replace(data.text, "a", "bbbb"))`,
		`join(map(data.rows, data.text), "")`,
		`let a=[data.rows,data.rows]; let b=[a,a,a,a]; let c=[b,b,b,b]; let d=[c,c,c,c]; let e=[d,d,d,d]; let f=[e,e,e,e]; f`,
		`let a=[data.rows,data.rows]; let b=[a,a,a,a]; let c=[b,b,b,b]; let d=[c,c,c,c]; let e=[d,d,d,d]; let f=[e,e,e,e]; f == f`,
		`let a=concat(data.rows,data.rows); let b=concat(a,a,a); let c=concat(b,b,b); let d=concat(c,c,c); let e=concat(d,d,d); len(concat(e,e))`,
		`map(data.more, #)`,
		`1..100000000`,
		`all(data.rows, data.text matches "(a|aa)+$")`,
		`reduce(data.rows, #acc + #acc, "aaaa")`,
		`count(1..10000, # in data.rows)`,
		`map(data.rows, split(data.text, ""))`,
		`map(data.rows, sort(data.rows))`,
	} {
		s, in := templateSet(t, "{{ "+formula+" }}")
		in.Data = big
		start := time.Now()
		d := s.Next(in, rules.Visit{}, rules.Fallback{})
		if took := time.Since(start); took > 10*time.Second { // unbounded, each would run for minutes
			t.Errorf("%.50s took %s; want it stopped soon", formula, took)
		}
		if len(d.Faults) == 0 || d.Params["p"] != "" {
			t.Errorf("%.50s: faults %v; want one that says it was stopped", formula, d.Faults)
		}
	}
}

// templateSet finishes with the template's value as the param p.
func templateSet(t testing.TB, template string) (*rules.Set, rules.Request) {
	t.Helper()
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"A"}},"screens":{"A":{"otherwise":{"finish":{"params":{"p":"x"}}}}}}`))
	d.Screens["A"].Otherwise.Finish.Params["p"] = template
	s, ps := rules.Compile(d, nil, lists(), time.UTC)
	if s == nil {
		t.Fatalf("Compile(%s) = %+v", template, ps)
	}
	return s, rules.Request{Action: rules.Exchange, Screen: "A", Now: noon}
}

func TestPlaceholders(t *testing.T) {
	var data map[string]any
	if err := json.Unmarshal([]byte(`{"n":5,"t":"text","yes":true,"list":["a","b"],"o":{"k":null,"v":1},"s":"a}}b"}`), &data); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		template string
		want     any
		faults   int
	}{
		{`plain`, "plain", 0},
		{`{{ data.n }}`, 5.0, 0},
		{`{{data.yes}}`, true, 0},
		{`{{ data.list }}`, []any{"a", "b"}, 0},
		{`{{ data.o }}`, map[string]any{"v": 1.0}, 0}, // null is never sent
		{` {{ data.n }}`, " 5", 0},
		{`{{ data.n }}{{ data.n }}`, "55", 0},
		{`a {{ data.t }} b {{ data.list }} c {{ data.o.v }} {{ data.yes }}.`, "a text b a, b c 1 true.", 0},
		{`{{ data.none }}`, "", 0},
		{`x{{ data.none }}y`, "xy", 0},
		{`{{ "}}" }}`, "}}", 0},
		{`{{ {"a": {"b": 1}}.a.b }}`, 1.0, 0},
		{`{{ data.t + '}}' }} and {{ "{{" }}`, "text}} and {{", 0},
		{`{{ "\"}}" }}`, `"}}`, 0},
		{"{{ `}}\\` }}", `}}\`, 0},
		{`single } and { braces }} stay`, "single } and { braces }} stay", 0},
		{`{{ number(data.t) }}`, "", 1},
		{`Cost: {{ upper(data.n) }}`, "Cost: ", 1},
		{`{{ 0.1 + 0.2 }} {{ 40.0 }} {{ 1e21 }} {{ -0.0 }}`, "0.30000000000000004 40 1e+21 0", 0},
		{`{{ date("2026-12-24") }} {{ duration("90m") }}`, "2026-12-24 1h30m0s", 0},
		{`{{ title('t') }}`, "text", 0},
	} {
		s, in := templateSet(t, c.template)
		in.Data = data
		d := s.Next(in, rules.Visit{}, rules.Fallback{})
		if !reflect.DeepEqual(d.Params["p"], c.want) || len(d.Faults) != c.faults {
			t.Errorf("%s = %#v with faults %v; want %#v with %d", c.template, d.Params["p"], d.Faults, c.want, c.faults)
		}
	}
}

func TestPlaceholdersInsideListsAndObjects(t *testing.T) {
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"finish":{"params":{"p":[{"id":"{{ today }}","n":"{{ 1 + 1 }}","none":"{{ nil }}"},"{{ nil }}","x{{ 3 }}",[true,null]]}}}}}`))
	s, ps := rules.Compile(d, nil, nil, nil)
	if s == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	got := s.Next(rules.Request{Action: rules.Init, Now: noon}, rules.Visit{}, rules.Fallback{}).Params["p"]
	want := []any{map[string]any{"id": "2026-11-20", "n": 2.0}, "x3", []any{true}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("p = %#v; want %#v", got, want)
	}
}

func TestCellsOfListsAreTyped(t *testing.T) {
	all := map[string]*rules.List{"l": {Name: "l", Columns: []rules.Column{{Name: "n", Type: "number"}, {Name: "b", Type: "yesno"}, {Name: "t", Type: "text"}},
		Rows: []rules.Row{{ID: "a", Title: "A", Enabled: true, Cells: []string{"1.50", "Yes", "007"}}, {ID: "b", Title: "B", Cells: []string{"many", "no"}}}}}
	d := parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"finish":{"params":{"rows":"{{ list('l') }}","n":"{{ lookup('l','b','n') }}","b":"{{ lookup('l','b','b') }}","t":"{{ lookup('l','b','t') }}"}}}}}`))
	s, ps := rules.Compile(d, nil, all, nil)
	if s == nil {
		t.Fatalf("Compile = %+v", ps)
	}
	got := s.Next(rules.Request{Action: rules.Init, Now: noon}, rules.Visit{}, rules.Fallback{}).Params
	want := map[string]any{"rows": []any{map[string]any{"id": "a", "title": "A", "n": 1.5, "b": true, "t": "007"}}, "n": "", "b": false, "t": ""}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("params = %#v; want %#v", got, want)
	}
}

func TestNoValueOfACustomerStandsInAFault(t *testing.T) {
	s, in := templateSet(t, `{{ int(upper(data.secret)) + duration(data.secret).Hours() }}`)
	in.Data = map[string]any{"secret": "hunter2"}
	d := s.Explain(in, rules.Visit{}, rules.Fallback{})
	if text := fmt.Sprint(d.Faults); len(d.Faults) == 0 || strings.Contains(strings.ToLower(text), "hunter2") {
		t.Errorf("faults = %s; want a reason without the value", text)
	}
}

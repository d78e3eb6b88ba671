package rules_test

import (
	"encoding/json"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

func FuzzCompile(f *testing.F) {
	for _, name := range []string{"appointment", "claim"} {
		f.Add(read(f, "rules/"+name+".json"), read(f, "flows/"+name+".json"), []byte(`{"age":"5","kind":"theft"}`), "data_exchange", "DETAILS")
	}
	f.Add([]byte(smallDoc(nil)), []byte(small), []byte(`{"age":5}`), "BACK", "SECOND")
	f.Add([]byte(`{"switchyard":1,"opening":{"rules":[{"when":{"formula":"let a=1;a in data.x ?? [1]|filter(#>0)"},"then":{"finish":{"params":{"a":"{{[1,2]|map(#+1)}}{{\"}}\"}}"}}}}],"otherwise":{"go":"A"}}}`), []byte(`{}`), []byte(`{}`), "INIT", "")
	f.Fuzz(func(t *testing.T, raw, flowRaw, dataRaw []byte, action, screen string) {
		doc, ps := rules.Parse(raw, counter())
		if rules.HasErrors(ps) {
			return
		}
		fl, _ := flowjson.Parse(flowRaw)
		var data map[string]any
		_ = json.Unmarshal(dataRaw, &data)
		in := rules.Request{Action: rules.Action(action), Screen: screen, Data: data, Now: noon}
		v := rules.Visit{Known: true, Trail: []string{screen, "A"}, Sent: map[string]map[string]any{screen: data}, Answers: map[string]map[string]any{screen: data}}
		for _, with := range []*flowjson.Flow{nil, fl} {
			set, problems := rules.Salvage(doc, with, lists(), nil)
			if strict, _ := rules.Compile(doc, with, lists(), nil); (strict == nil) != rules.HasErrors(problems) {
				t.Fatalf("Compile and Salvage disagree about %+v", problems)
			}
			d := set.Explain(in, v, rules.Fallback{Message: "m"})
			if with == nil || with.RoutingModel == nil || rules.HasErrors(problems) {
				continue
			}
			if why := refused(with, in, v, d); why != "" {
				t.Fatalf("%s: %s", why, pretty(t, d))
			}
		}
	})
}

func FuzzFormula(f *testing.F) {
	for _, formula := range []string{
		`data.a.b[0] + 1 == "x" and not (data.c in [1, "2"])`, `filter(data.list, # > 1 or #.x contains "a") | len()`, `let x = date(data.d); x.Year() - 1 ?? 3`,
		`reduce(1..5, #acc + #, 0) ?: "a"`, `lookup('claim_kinds', data.k, 'limit') / number(data.n)`, `sortBy(list('claim_kinds'), .limit, "desc")[0:2]`,
		`join(split(data.s, ","), "-") | replace("a", "b") | upper()`, `if data.x matches "^[a-z]+$" { {"a": 1}?.b } else { [1,2][-1] }`, `title('answers.A.k') + string(median(data.list)) + duration("1h")`,
		`flatten([concat([1],[2]), keys(data), values(data)]) | sort() | reverse() | first()`, `take(data.list, 2) == fromPairs`, `1 < 2 < 3 and -data.n ** 2 % 3 != 4`,
	} {
		f.Add(formula, []byte(`{"a":{"b":["x"]},"list":[1,"2",null,{"x":"A"}],"d":"2026-12-01","k":"theft","n":"0","s":"a,b","x":"abc"}`))
	}
	f.Fuzz(func(t *testing.T, formula string, raw []byte) {
		doc := rules.Document{Opening: &rules.ScreenRules{Otherwise: &rules.Outcome{Go: "A"}}, Screens: map[string]*rules.ScreenRules{"A": {
			Rules:     []rules.Rule{{ID: "r", When: rules.Condition{Formula: formula}, Then: rules.Outcome{Expire: &rules.Expire{}}}},
			Otherwise: &rules.Outcome{Finish: &rules.Finish{Params: map[string]any{"p": "{{" + formula + "}}", "t": "a{{" + formula + "}}"}}},
		}}}
		set, _ := rules.Compile(doc, nil, lists(), nil)
		if set == nil {
			return
		}
		var data map[string]any
		_ = json.Unmarshal(raw, &data)
		in := rules.Request{Action: rules.Exchange, Screen: "A", Data: data, Now: noon}
		start := time.Now()
		d := set.Next(in, rules.Visit{}, rules.Fallback{})
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("%s took %s", formula, took)
		}
		if why := nulls(d.Params); why != "" {
			t.Fatal(why)
		}
	})
}

package rules_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// asking is a flow whose first screen sends a field of each kind that rules are reasoned about.
const asking = `{"version":"6.0","data_api_version":"3.0","routing_model":{"ASK":["END"],"END":[]},"screens":[
	{"id":"ASK","title":"Ask","layout":{"type":"SingleColumnLayout","children":[
		{"type":"Dropdown","name":"size","label":"Size","data-source":[{"id":"S","title":"Small"},{"id":"M","title":"Middle"},{"id":"L","title":"Large"}]},
		{"type":"TextInput","name":"age","label":"Age","input-type":"number"},
		{"type":"TextInput","name":"code","label":"Code"},
		{"type":"DatePicker","name":"day","label":"Day"},
		{"type":"OptIn","name":"agreed","label":"Agreed"},
		{"type":"CheckboxGroup","name":"extras","label":"Extras","data-source":[{"id":"a","title":"A"},{"id":"b","title":"B"}]},
		{"type":"Footer","label":"Next","on-click-action":{"name":"data_exchange","payload":{"size":"${form.size}","age":"${form.age}","code":"${form.code}",
			"day":"${form.day}","agreed":"${form.agreed}","extras":"${form.extras}"}}}]}},
	{"id":"END","title":"End","terminal":true,"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Done","on-click-action":{"name":"complete","payload":{}}}]}}]}`

// sayable is what a phone may send for each field, densely enough for the constants of askedLeaf.
var sayable = map[string][]any{
	"size":   {nil, "S", "M", "L"},
	"age":    {nil, "", "x", "-1", "16", "17", "17.5", "18", "018", "18 ", "19", "20", "21", "40", "true", "1767225600000"},
	"code":   {nil, "A", "B", "C", "18", "17", "", "true", "false", "2026-01-01"},
	"day":    {nil, "2025-12-31", "2026-01-01", "2026-01-02", "2026-01-15", "2026-02-01", "2026-02-02", "x", "2026-01-01T12:00:00Z", "2026-02-01T00:00:00Z", "1767225600000", "1767139199999"},
	"agreed": {nil, true, false},
	"extras": {nil, []any{}, []any{"a"}, []any{"b"}, []any{"a", "b"}},
}

func askedLeaf(d *rand.Rand) string {
	pick := func(of ...string) string { return of[d.IntN(len(of))] }
	leaf := func(field, op string, value string) string {
		if value == "" {
			return fmt.Sprintf(`{"field":%q,"op":%q}`, field, op)
		}
		return fmt.Sprintf(`{"field":%q,"op":%q,"value":%s}`, field, op, value)
	}
	switch d.IntN(8) {
	case 0:
		return leaf("size", pick("equals", "not_equals"), pick(`"S"`, `"M"`, `"L"`))
	case 1:
		return leaf("size", pick("one_of", "not_one_of"), pick(`["S","M"]`, `["L"]`, `["S","M","L"]`))
	case 2:
		return leaf("age", pick("lt", "lte", "gt", "gte", "equals", "not_equals"), pick(`17`, `18`, `"18"`, `20`))
	case 3:
		return leaf("day", pick("before", "after", "lt", "gte", "equals"), pick(`"2026-01-01"`, `"2026-02-01"`))
	case 4:
		return leaf("agreed", pick("is_true", "is_false"), "")
	case 5:
		return pick(leaf("extras", pick("has_any", "has_all", "has_none"), pick(`["a"]`, `["a","b"]`)), leaf("extras", pick("count_lt", "count_gte"), pick("1", "2")))
	case 6:
		return leaf("code", pick("equals", "not_equals"), pick(`"A"`, `"B"`, `"18"`, `18`))
	}
	return leaf(pick("size", "age", "code", "day", "extras"), pick("is_empty", "is_not_empty"), "")
}

func askedCondition(d *rand.Rand, depth int) string {
	if depth == 0 || d.IntN(3) == 0 {
		return askedLeaf(d)
	}
	var parts []string
	for range 1 + d.IntN(3) {
		parts = append(parts, askedCondition(d, depth-1))
	}
	switch d.IntN(5) {
	case 0:
		return `{"not":` + parts[0] + `}`
	case 1, 2:
		return `{"any":[` + strings.Join(parts, ",") + `]}`
	}
	return `{"all":[` + strings.Join(parts, ",") + `]}`
}

// TestWhichRulesNeverDecideIsFoundExactly holds the reasoning against brute force: all that a phone may send is tried.
func TestWhichRulesNeverDecideIsFoundExactly(t *testing.T) {
	flow, _ := flowjson.Parse([]byte(asking))
	if flow == nil {
		t.Fatal("the flow cannot be read")
	}
	claimed := 0
	for seed := range uint64(150) {
		d := rand.New(rand.NewPCG(seed, 7))
		var all []string
		for i := range 2 + d.IntN(4) {
			all = append(all, fmt.Sprintf(`{"id":"r%d","when":%s,"then":{"stay":{"error":"%d"}}}`, i, askedCondition(d, 2), i))
		}
		doc := `{"switchyard":1,"opening":{"otherwise":{"go":"ASK"}},"screens":{"ASK":{"rules":[` + strings.Join(all, ",") + `],"otherwise":{"go":"END"}}}}`
		set, problems := rules.Compile(parse(t, []byte(doc)), flow, nil, time.UTC)
		if set == nil {
			t.Fatalf("seed %d: Compile(%s) = %+v", seed, doc, problems)
		}
		never := map[string]string{}
		for _, p := range problems {
			if p.Code == "shadowed" || p.Code == "never-true" {
				never[p.RuleID] = p.Message
			}
		}
		decides, whole := deciding(set, doc)
		for i := range len(all) + 1 {
			id := ""
			if i < len(all) {
				id = fmt.Sprintf("r%d", i)
			}
			data, can := decides[id]
			if message := never[id]; message != "" && can {
				t.Errorf("seed %d: %s\n%q: %s; yet it decides %v", seed, doc, id, message, data)
			} else if message == "" && !can && whole {
				t.Errorf("seed %d: %s\n%q never decides and nothing says so", seed, doc, id)
			}
		}
		claimed += len(never)
	}
	if claimed < 40 {
		t.Errorf("%d claims; want many", claimed)
	}
}

// deciding tries every combination of the fields that the document names, or many of them, and returns data with which
// each rule decides; "" is otherwise. whole tells that all were tried.
func deciding(set *rules.Set, doc string) (by map[string]map[string]any, whole bool) {
	by = map[string]map[string]any{}
	for data := range sayings(doc, &whole) {
		id := decided(set, data)
		if _, seen := by[id]; !seen {
			by[id] = data
		}
	}
	return by, whole
}

// sayings are the combinations of what a phone may send for the fields that a document names, or many of them.
func sayings(doc string, whole *bool) iter.Seq[map[string]any] {
	var names []string
	total, step := 1, 1
	for _, name := range []string{"size", "age", "code", "day", "agreed", "extras"} {
		if strings.Contains(doc, `"field":"`+name+`"`) {
			names = append(names, name)
			total *= len(sayable[name])
		}
	}
	*whole = total <= 60_000
	for total/step > 60_000 {
		step += 2 // odd, and no length divides it often
	}
	return func(yield func(map[string]any) bool) {
		for n := 0; n < total; n += step {
			data, rest := map[string]any{}, n
			for _, name := range names {
				values := sayable[name]
				if v := values[rest%len(values)]; v != nil {
					data[name] = v
				}
				rest /= len(values)
			}
			if !yield(data) {
				return
			}
		}
	}
}

func TestARuleThatNeverDecidesNamesThoseThatDoInstead(t *testing.T) {
	for _, c := range []struct{ name, conditions, want string }{
		{"numbers that leave nothing", `{"field":"age","op":"lt","value":18}|{"field":"age","op":"gte","value":18}|{"field":"age","op":"equals","value":30}`, "r2: because rule 2 above it decides every such case"},
		{"all options, one by one", `{"field":"size","op":"equals","value":"S"}|{"field":"size","op":"equals","value":"M"}|{"field":"size","op":"equals","value":"L"}|{"field":"size","op":"is_not_empty"}`, "r3: because rule 1, rule 2 and rule 3 above it together decide every such case"},
		{"a wider one", `{"field":"age","op":"lt","value":21}|{"all":[{"field":"age","op":"lt","value":18},{"field":"code","op":"contains","value":"x"}]}`, "r1: because rule 1 above it decides every such case"},
		{"no value is both", `{"all":[{"field":"age","op":"lt","value":18},{"field":"age","op":"gt","value":20}]}`, "r0: Its condition is never true"},
		{"dates", `{"field":"day","op":"before","value":"2026-02-01"}|{"field":"day","op":"equals","value":"2026-01-15"}`, "r1: because rule 1 above it decides every such case"},
		{"the negation", `{"field":"code","op":"starts_with","value":"A"}|{"not":{"field":"code","op":"starts_with","value":"A"}}|{"all":[]}`, ": because rule 3 above it decides every such case"},
		{"nothing is left", `{"field":"code","op":"is_empty"}|{"field":"code","op":"is_not_empty"}`, ": because rule 1 and rule 2 above it together decide every such case"},
		{"free parts", `{"field":"code","op":"contains","value":"A"}|{"field":"code","op":"contains","value":"AB"}`, ""},
		{"another field", `{"field":"age","op":"lt","value":18}|{"field":"code","op":"equals","value":"17"}`, ""},
		{"a comparison with another field", `{"field":"age","op":"lt","value":{"field":"code"}}|{"field":"age","op":"lt","value":{"field":"code"}}`, "r1: because rule 1 above it decides every such case"},
	} {
		flow, _ := flowjson.Parse([]byte(asking))
		var all []string
		for i, cond := range strings.Split(c.conditions, "|") {
			all = append(all, fmt.Sprintf(`{"id":"r%d","when":%s,"then":{"stay":{}}}`, i, cond))
		}
		doc := `{"switchyard":1,"opening":{"otherwise":{"go":"ASK"}},"screens":{"ASK":{"rules":[` + strings.Join(all, ",") + `],"otherwise":{"go":"END"}}}}`
		_, problems := rules.Compile(parse(t, []byte(doc)), flow, nil, time.UTC)
		var told []string
		for _, p := range problems {
			if p.Code == "shadowed" || p.Code == "never-true" {
				told = append(told, p.RuleID+": "+p.Message)
			}
		}
		id, words, _ := strings.Cut(c.want, ": ")
		if c.want == "" && len(told) > 0 || c.want != "" && !slices.ContainsFunc(told, func(s string) bool { return strings.HasPrefix(s, id+": ") && strings.Contains(s, words) }) {
			t.Errorf("%s: problems = %q; want %q", c.name, told, c.want)
		}
	}
}

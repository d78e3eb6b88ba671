package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// BenchmarkCompileManyRules compiles 100 screens with 40 rules each, as every look at such a flow does: with conditions
// thrown by dice, of which many never decide, and with those that people write.
func BenchmarkCompileManyRules(b *testing.B) {
	d := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name string
		rule func(n int) string
	}{
		{"dice", func(int) string { return fmt.Sprintf(`%s,"then":{"stay":{}}`, askedCondition(d, 3)) }},
		{"plain", func(n int) string {
			return fmt.Sprintf(`{"all":[{"field":"size","op":"equals","value":%q},{"field":"age","op":"between","value":[%d,%d]}]},"then":{"finish":{"params":{"p":"%d"}}}`,
				string("SML"[n%3]), n/3*5, n/3*5+4, n)
		}},
		{"overlapping", func(n int) string {
			return fmt.Sprintf(`{"any":[{"field":"code","op":"equals","value":"C%d"},{"all":[{"field":"age","op":"gte","value":%d},{"field":"agreed","op":"is_true"}]}]},"then":{"finish":{"params":{"p":"%d"}}}`, n, 100-n, n)
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			doc, flow := manyScreens(b, 100, 40, c.rule)
			for b.Loop() {
				if set, ps := rules.Compile(doc, flow, nil, time.UTC); set == nil {
					b.Fatal(ps)
				}
			}
		})
	}
}

// manyScreens is a flow of copies of the first screen of asking, each with so many rules; rule gives the condition of the
// rule at n with what follows it.
func manyScreens(t testing.TB, screens, each int, rule func(n int) string) (rules.Document, *flowjson.Flow) {
	t.Helper()
	one, _, _ := strings.Cut(asking[strings.Index(asking, `{"id":"ASK"`):], `,
	{"id":"END"`)
	var layouts, parts, routes []string
	for i := range screens {
		id := fmt.Sprintf("ASK_%c%c", 'A'+i/26, 'A'+i%26)
		layouts = append(layouts, strings.Replace(one, `"ASK"`, `"`+id+`"`, 1))
		routes = append(routes, fmt.Sprintf(`%q:["END"]`, id))
		var all []string
		for n := range each {
			all = append(all, fmt.Sprintf(`{"id":"r%d_%d","when":%s}`, i, n, rule(n)))
		}
		parts = append(parts, fmt.Sprintf(`%q:{"rules":[%s],"otherwise":{"go":"END"}}`, id, strings.Join(all, ",")))
	}
	head, tail := asking[:strings.Index(asking, `{"id":"ASK"`)], asking[strings.Index(asking, `{"id":"END"`):]
	head = strings.Replace(head, `"ASK":["END"]`, strings.Join(routes, ","), 1)
	flow, ps := flowjson.Parse([]byte(head + strings.Join(layouts, ",") + "," + tail))
	if flow == nil {
		t.Fatal(ps)
	}
	return parse(t, []byte(`{"switchyard":1,"opening":{"otherwise":{"go":"ASK_AA"}},"screens":{`+strings.Join(parts, ",")+`}}`)), flow
}

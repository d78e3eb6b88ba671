package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// manyRules is a flow of screens with ten inputs each, in a row, and its rules, each for values of its own.
func manyRules(screens, each int) (flowJSON, document string) {
	var layouts, routes, parts []string
	for i := range screens {
		id, next := fmt.Sprintf("S_%c%c", 'A'+i/26, 'A'+i%26), fmt.Sprintf("S_%c%c", 'A'+(i+1)/26, 'A'+(i+1)%26)
		if i == screens-1 {
			next = "END"
		}
		var inputs, payload, all []string
		for n := range 10 {
			inputs = append(inputs, fmt.Sprintf(`{"type":"TextInput","name":"input_%d","label":"Question %d","input-type":"number","required":true}`, n, n))
			payload = append(payload, fmt.Sprintf(`"input_%d":"${form.input_%d}"`, n, n))
		}
		layouts = append(layouts, fmt.Sprintf(`{"id":%q,"title":"Screen %d","data":{"text":{"type":"string","__example__":"x"}},"layout":{"type":"SingleColumnLayout","children":[%s,
			{"type":"Footer","label":"Next","on-click-action":{"name":"data_exchange","payload":{%s}}}]}}`, id, i, strings.Join(inputs, ","), strings.Join(payload, ",")))
		routes = append(routes, fmt.Sprintf(`%q:[%q]`, id, next))
		for n := range each {
			all = append(all, fmt.Sprintf(`{"id":"r%d_%d","when":{"all":[{"field":"input_%d","op":"equals","value":%d},{"field":"input_1","op":"gte","value":18}]},"then":{"go":%q,"data":{"text":"Rule %d of {{ data.input_2 }}"}}}`, i, n, n%10, n, next, n))
		}
		parts = append(parts, fmt.Sprintf(`%q:{"rules":[%s],"otherwise":{"go":%q}}`, id, strings.Join(all, ","), next))
	}
	end := `{"id":"END","title":"End","terminal":true,"data":{"text":{"type":"string","__example__":"x"}},"layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Done","on-click-action":{"name":"complete","payload":{}}}]}}`
	flowJSON = fmt.Sprintf(`{"version":"7.3","data_api_version":"3.0","routing_model":{%s,"END":[]},"screens":[%s,%s]}`, strings.Join(routes, ","), strings.Join(layouts, ","), end)
	return flowJSON, `{"switchyard":1,"opening":{"otherwise":{"go":"S_AA"}},"screens":{` + strings.Join(parts, ",") + `}}`
}

// BenchmarkRuleForm is what the server does for the form of a rule in a flow of 100 screens with 40 rules each: showing
// it, one change of it, and saving it. Each takes less than 100 ms (performance.md §2).
func BenchmarkRuleForm(b *testing.B) {
	s := openSite(b).addUsers(b)
	raw, document := manyRules(100, 40)
	f := s.addFlow(b, "appointment", "691244242662581")
	if _, err := s.DB().SaveFlowJSON(b.Context(), f.ID, []byte(raw), tester); err != nil {
		b.Fatal(err)
	}
	s.publish(b, f, []byte(document))
	const path = "/flows/appointment/rules/S_CV/r73_20"
	form := func() url.Values {
		got := s.send(b, scenario{as: "operator", path: path})
		if got.status != 200 {
			b.Fatalf("GET %s = %d", path, got.status)
		}
		return formValues(b, got.body, "#rule-form")
	}
	shown := form()
	post := func(b *testing.B, do string, want int) {
		shown.Set("do", do)
		req := scenario{as: "operator", method: "POST", path: path, form: shown, header: map[string]string{"HX-Request": "true"}}
		if got := s.send(b, req); got.status != want {
			b.Fatalf("POST %s = %d; want %d\n%s", do, got.status, want, got.body)
		}
	}
	b.Run("show", func(b *testing.B) {
		for b.Loop() {
			if got := s.send(b, scenario{as: "operator", path: path}); got.status != 200 {
				b.Fatalf("GET = %d", got.status)
			}
		}
	})
	b.Run("change", func(b *testing.B) {
		for b.Loop() {
			post(b, "add", 200)
		}
	})
	b.Run("save", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			shown = form()
			shown.Set("name", fmt.Sprint("Rule ", n))
			b.StartTimer()
			post(b, "save", 204)
		}
	})
}

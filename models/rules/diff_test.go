package rules_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// detailsDoc is a document with the given rules on DETAILS.
func detailsDoc(t *testing.T, rs string) rules.Document {
	t.Helper()
	return parseDoc(t, `{"switchyard":1,"opening":{"otherwise":{"go":"APPOINTMENT"}},"screens":{"DETAILS":{"rules":[`+rs+`],"otherwise":{"go":"SUMMARY","data":{"fee":"10"}}}}}`)
}

func parseDoc(t *testing.T, raw string) rules.Document {
	t.Helper()
	d, problems := rules.Parse([]byte(raw), nil)
	if rules.HasErrors(problems) {
		t.Fatalf("Parse(%s) = %v", raw, problems)
	}
	return d
}

func rule(id, name, when, then string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q,"when":%s,"then":%s}`, id, name, when, then)
}

func TestDiffReadsAsSentences(t *testing.T) {
	const stay, adult = `{"stay":{"error":"Ask a parent."}}`, `{"field":"age","op":"gte","value":18}`
	country := func(v string) string { return `{"field":"email","op":"contains","value":"` + v + `"}` }
	one := rule("a", "Adults", adult, stay)
	two := rule("b", "", country("x"), `{"expire":{}}`)
	three := rule("c", "", country("z"), `{"expire":{}}`)
	when := func(w string) string { return rule("a", "", w, stay) }
	then := func(o string) string { return rule("a", "", adult, o) }
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"nothing", one, one, nil},
		{"value", one, rule("a", "Adults", `{"field":"age","op":"gte","value":21}`, stay), []string{"Rule 1 “Adults” on Your details: Age “is at least 18” became “is at least 21”"}},
		{"operator", one, rule("a", "Adults", `{"field":"age","op":"gt","value":18}`, stay), []string{"Rule 1 “Adults” on Your details: Age “is at least 18” became “is greater than 18”"}},
		{"type of value", when(`{"field":"age","op":"equals","value":18}`), when(`{"field":"age","op":"equals","value":"18"}`), []string{`Rule 1 on Your details: Age “is 18 (18)” became “is 18 ("18")”`}},
		{"another field", when(adult), when(country("x")), []string{"Rule 1 on Your details: the condition “Age is at least 18” became “E-mail contains x”"}},
		{"condition added", when(adult), when(`{"all":[` + adult + `,` + country("x") + `]}`), []string{"Rule 1 on Your details: condition added: “E-mail contains x” in the group “all of”"}},
		{"condition removed", when(`{"any":[` + adult + `,` + country("x") + `]}`), when(`{"any":[` + adult + `]}`), []string{"Rule 1 on Your details: condition removed: “E-mail contains x” in the group “any of”"}},
		{"condition moved", when(`{"all":[` + adult + `,` + country("x") + `]}`), when(`{"all":[` + country("x") + `,` + adult + `]}`), []string{"condition moved"}},
		{"only grouped", when(adult), when(`{"all":[` + adult + `]}`), []string{"Rule 1 on Your details: “Age is at least 18” now stands in a group"}},
		{"connector", when(`{"any":[` + adult + `,` + country("x") + `]}`), when(`{"all":[` + adult + `,` + country("x") + `]}`), []string{"“any of” became “all of” for the conditions “Age is at least 18 and E-mail contains x”"}},
		{"deep", when(`{"all":[{"any":[` + adult + `,{"not":` + country("x") + `}]}]}`), when(`{"all":[{"any":[` + adult + `,{"not":` + country("y") + `}]}]}`), []string{"Rule 1 on Your details: E-mail “contains x” became “contains y” under “not”"}},
		{"formula", when(`{"formula":"data.age > 1"}`), when(`{"formula":"data.age > 2"}`), []string{"the formula “data.age > 1” became “data.age > 2”"}},
		{"name", one, rule("a", "Grown up", adult, stay), []string{"Rule 1 “Grown up” on Your details: name “Adults” became “Grown up”"}},
		{"added", one, one + "," + two, []string{"Rule 2 on Your details: added at position 2: when E-mail contains x, then end the link"}},
		{"removed", one + "," + two, two, []string{"Rule 1 “Adults” on Your details: removed: when Age is at least 18, then stay and say “Ask a parent.”"}},
		{"moved", one + "," + two + "," + three, two + "," + three + "," + one, []string{"Rule 3 “Adults” on Your details: moved from position 1 to 3"}},
		{"error", then(stay), then(`{"stay":{"error":"No.","errors":{"age":"Too young"}}}`), []string{"error message “Ask a parent.” became “No.”", "error at Age added: “Too young”"}},
		{"target", then(`{"go":"SUMMARY"}`), then(`{"go":"DETAILS"}`), []string{"goes to “Your details” instead of “Summary”"}},
		{"data", then(`{"go":"SUMMARY","data":{"fee":"10","x":"1"}}`), then(`{"go":"SUMMARY","data":{"fee":"20","y":"2"}}`), []string{"data “fee” “10” became “20”", "data “x” removed: “1”", "data “y” added: “2”"}},
		{"another outcome", then(stay), then(`{"finish":{"params":{"plan":"gold"}}}`), []string{"“stay and say “Ask a parent.”” became “finish with plan “gold””"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := rules.Diff(detailsDoc(t, c.before), detailsDoc(t, c.after), flow(t, "appointment"))
			ok := len(got) == len(c.want)
			for i := range min(len(got), len(c.want)) {
				ok = ok && strings.Contains(got[i].String(), c.want[i])
			}
			if !ok {
				t.Errorf("Diff = %q; want %q", got, c.want)
			}
		})
	}
}

func TestDiffOfTheDocumentItself(t *testing.T) {
	before := detailsDoc(t, "")
	after := before.Clone()
	after.Timezone = "Europe/Berlin"
	after.Screens["DETAILS"].Otherwise.Data["fee"] = "20"
	after.Screens["DETAILS"].Back = &rules.Outcome{Go: "APPOINTMENT"}
	after.Opening.Otherwise.Go = "DETAILS"
	got := fmt.Sprintf("%s", rules.Diff(before, after, flow(t, "appointment")))
	want := "[Time zone: added: “Europe/Berlin” Otherwise of the opening: goes to “Your details” instead of “Book an appointment” " +
		"Otherwise on Your details: data “fee” “10” became “20” Going back from Your details: added: go to Book an appointment]"
	if got != want {
		t.Errorf("Diff = %s\nwant %s", got, want)
	}
}

// TestDiffKnowsEveryFieldOfADocument fails when a field is added that Diff and Merge do not look at yet.
func TestDiffKnowsEveryFieldOfADocument(t *testing.T) {
	for _, c := range []struct {
		of    any
		known string
	}{
		{rules.Document{}, "Switchyard Timezone Opening Screens"}, {rules.ScreenRules{}, "Rules Otherwise Back"},
		{rules.Rule{}, "ID Name Off When Then"}, {rules.Condition{}, "All Any Not Field Op Value Formula"},
		{rules.Outcome{}, "Go Data Stay Finish Expire"}, {rules.Stay{}, "Error Errors Data"}, {rules.Finish{}, "Params"}, {rules.Expire{}, "Message"},
	} {
		var names []string
		for f := range reflect.TypeOf(c.of).Fields() {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.known {
			t.Errorf("%T has the fields %s; Diff and Merge look at %s", c.of, got, c.known)
		}
	}
}

func TestOneChangeIsOneSentenceThatNamesItsPlace(t *testing.T) {
	flows := map[string]*flowjson.Flow{"appointment": flow(t, "appointment"), "claim": flow(t, "claim")}
	tried := map[string]int{}
	for seed := range uint64(300) {
		for name, f := range flows {
			d := dice{rand.New(rand.NewPCG(seed, 11)), f}
			before := settledDoc(t, d.document())
			after := before.Clone()
			what, screen, id := d.change(after)
			after = settledDoc(t, after)
			if what == "" || string(before.Encode()) == string(after.Encode()) {
				continue
			}
			tried[what]++
			got := rules.Diff(before, after, f)
			subject := rules.RuleSubject(after, screen, id, f)
			if subject == "" {
				subject = rules.RuleSubject(before, screen, id, f)
			}
			if id == "" {
				subject = map[string]string{"otherwise": "Otherwise on ", "back": "Going back from "}[what]
			}
			if len(got) != 1 || got[0].Screen != screen || got[0].RuleID != id && what != "move" || what != "move" && !strings.Contains(got[0].String(), subject) {
				t.Fatalf("%s, seed %d, %s of %s on %s: Diff = %q; want one sentence about %q\nbefore %s\nafter %s", name, seed, what, id, screen, got, subject, before.Encode(), after.Encode())
			}
			if same := rules.Diff(after, after.Clone(), f); len(same) != 0 {
				t.Fatalf("Diff of a document with itself = %q", same)
			}
		}
	}
	for what, n := range tried {
		if n < 5 {
			t.Errorf("%s was tried %d times only", what, n)
		}
	}
	if len(tried) < len(changes) {
		t.Errorf("tried %v; want each of %d kinds", tried, len(changes))
	}
}

// settledDoc is the document as it is read again, so that numbers and empty lists have one form.
func settledDoc(t *testing.T, d rules.Document) rules.Document {
	t.Helper()
	read, problems := rules.Parse(d.Encode(), nil)
	if i := slices.IndexFunc(problems, func(p rules.Problem) bool { return p.Severity == rules.Error }); i >= 0 {
		t.Fatalf("%s\n%s", problems[i].Message, d.Encode())
	}
	return read
}

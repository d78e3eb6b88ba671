package rules_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"switchyard/models/rules"
)

// usesOf are the uses of one rule on screen A whose condition and outcome are these, without those of otherwise.
func usesOf(t *testing.T, when, then string) []string {
	t.Helper()
	raw := `{"switchyard":1,"opening":{"rules":[],"otherwise":{"expire":{}}},"screens":{"A":{"rules":[{"id":"r1","when":` + when + `,"then":` + then + `}],"otherwise":{"expire":{}}}}}`
	doc, problems := rules.Parse([]byte(raw), nil)
	if rules.HasErrors(problems) {
		t.Fatalf("Parse(%s) = %+v", raw, problems)
	}
	var all []string
	for _, u := range rules.Uses(doc) {
		if u.Place != "A" || u.RuleID != "r1" || u.Rule != "rule 1" {
			t.Errorf("Uses(%s, %s) names %+v; want rule 1 of screen A", when, then, u)
		}
		all = append(all, fmt.Sprint(u.Kind, " ", u.Screen, ":", u.Name, ":", u.Column))
	}
	return all
}

func TestUsesAreFoundInTheSyntaxTreeAndNotInTheText(t *testing.T) {
	const always, end = `{"all":[]}`, `{"expire":{}}`
	for _, c := range []struct {
		when, then string
		want       []string
	}{
		{always, end, nil},
		{always, `{"expire":{"message":"list('plans') is just a text, 'plans' too"}}`, nil},
		{always, `{"expire":{"message":"{{ \"list('plans')\" }}"}}`, nil},
		{always, `{"expire":{"message":"{{ data.list('plans') }}"}}`, []string{"field A:list:"}},
		{always, `{"expire":{"message":"{{ /* list('plans') */ 1 }}"}}`, nil},
		{always, `{"expire":{"message":"{{ list('plans')[0].title }}"}}`, []string{"list :plans:", "column :plans:title"}},
		{always, `{"expire":{"message":"{{ (list('plans') | filter(.fee > 3 and # != nil) | first())?.place }}{{ find(list('plans'), .id == data.plan).price }}{{ data.fee }}{{ map(data.rows, .own) }}"}}`,
			[]string{"list :plans:", "column :plans:fee", "column :plans:place", "column :plans:id", "column :plans:price", "field A:plan:", "field A:fee:", "field A:rows:"}},
		{always, `{"go":"B","data":{"k":"{{ take(list('plans'), 3) }}","n":"{{ len(list('plans')) }}","t":"x {{ list('plans') }}"}}`,
			[]string{"screen B::", "key B:k:", "key B:n:", "key B:t:", "rows B:plans:k", "list :plans:"}},
		{always, `{"expire":{"message":"{{ list( \"plans\" ) | len() }}"}}`, []string{"list :plans:"}},
		{always, `{"finish":{"params":{"p":[{"x":"a {{ lookup('plans', data.plan, 'price') }}"}]}}}`, []string{"list :plans:", "column :plans:price", "field A:plan:"}},
		{`{"formula":"any(list('plans'), #.id == answers.B.plan)"}`, end, []string{"list :plans:", "column :plans:id", "field B:plan:"}},
		{`{"formula":"len(list(data.which)) > 0"}`, end, []string{"list ::", "field A:which:"}},
		{`{"formula":"list("}`, end, nil},
		{`{"not":{"any":[{"field":"answers.B.plan","op":"one_of","value":["g","s"]},{"field":"data.age","op":"gt","value":{"field":"limit"}},{"field":"today","op":"is_empty"}]}}`, end,
			[]string{"field B:plan:", "option B:plan:g", "option B:plan:s", "field A:age:", "field A:limit:"}},
		{always, `{"go":"B","data":{"k":"{{ title('plan') }}","error_message":"no"}}`, []string{"screen B::", "key B:k:", "field A:plan:"}},
		{always, `{"stay":{"error":"{{ list('a') }}","errors":{"x":"{{ list('b') }}"},"data":{"k":"{{ list('a') }}"}}}`, []string{"list :a:", "list :b:", "key A:k:", "rows A:a:k", "field A:x:"}},
	} {
		if got := usesOf(t, c.when, c.then); !sameUses(got, c.want) {
			t.Errorf("Uses(%s, %s) = %q; want %q", c.when, c.then, got, c.want)
		}
	}
}

// sameUses compares without order.
func sameUses(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestUsesOfADocumentNameTheRule(t *testing.T) {
	raw, err := os.ReadFile("testdata/rules/claim.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := rules.Parse(raw, nil)
	var got []string
	for _, u := range rules.Uses(doc) {
		if strings.HasPrefix(string(u.Kind), "list") || u.Kind == rules.UsesColumn {
			got = append(got, fmt.Sprint(u.Kind, " ", u.Name, ".", u.Column, " by ", u.Rule, " on ", u.Place))
		}
	}
	want := strings.Count(string(raw), "list('")
	if len(got) == 0 || len(got) < want {
		t.Errorf("Uses(claim) = %q; want at least %d lists", got, want)
	}
}

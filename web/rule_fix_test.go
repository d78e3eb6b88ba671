package web_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"switchyard/models/rules"
)

// broken makes a draft of appointment whose rules have an error, a rule that never decides and two that overlap.
func (s *site) broken(t *testing.T) {
	t.Helper()
	doc, set := s.document(t, "appointment")
	details := doc.Screens["DETAILS"]
	leaf := func(field string, op rules.Op, value any) rules.Condition {
		return rules.Condition{Field: field, Op: op, Value: value}
	}
	details.Rules = append(details.Rules,
		rules.Rule{ID: "misspelt", Name: "<b>Old</b>", When: leaf("agee", rules.Gt, 90), Then: rules.Outcome{Stay: &rules.Stay{Error: "Call us."}}},
		rules.Rule{ID: "young", When: leaf("age", rules.Lt, 12), Then: rules.Outcome{Stay: &rules.Stay{Error: "Too young."}}},
		rules.Rule{ID: "over", When: leaf("terms", rules.IsFalse, nil), Then: rules.Outcome{Stay: &rules.Stay{Error: "Agree first."}}})
	doc.Screens["APPOINTMENT"].Otherwise.Go = "SUMMARY"
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err == nil {
		_, err = s.DB().SaveDraft(t.Context(), f.ID, doc.Encode(), set.Edit, tester)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fixForm is what the browser posts for the first button with that label; ok is false when there is none.
func fixForm(t testing.TB, body, label string) (form url.Values, ok bool) {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	button := page.Find(".problem-fixes button").FilterFunction(func(_ int, b *goquery.Selection) bool { return b.Text() == label }).First()
	if button.Length() == 0 {
		return nil, false
	}
	form = url.Values{"fix": {button.AttrOr("value", "")}}
	button.Parent().Find("input").Each(func(_ int, in *goquery.Selection) { form.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	return form, true
}

func TestProblemsAreMendedByAButton(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.broken(t)
	const path, fix = "/flows/appointment/rules", "/flows/appointment/rules/fix"
	page := func(as string) string {
		sc := scenario{as: as, path: path, status: 200, absent: []string{"<b>Old"}}
		got := s.send(t, sc)
		got.check(t, sc)
		return got.body
	}
	first := page("operator")
	for _, want := range []string{`id="problems"`, "2 errors", "INVALID_SCREEN_TRANSITION", `href="#rule-misspelt"`, "Open condition", `href="#rule-young"`, "See “"} {
		if !strings.Contains(first, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if body := page("viewer"); strings.Contains(body, "problem-fixes") || !strings.Contains(body, "2 errors") {
		t.Error("a viewer is offered a fix, or not told of the errors")
	}
	stale, _ := fixForm(t, first, "Go to DETAILS instead")
	for _, label := range []string{"Use age", "Go to DETAILS instead", "Remove the rule"} {
		form, ok := fixForm(t, page("operator"), label)
		if !ok {
			t.Fatalf("no button %q", label)
		}
		sc := scenario{as: "operator", method: "POST", path: fix, form: form, status: 303, to: path + "#problems"}
		s.send(t, sc).check(t, sc)
	}
	doc, set := s.document(t, "appointment")
	details := doc.Screens["DETAILS"].Rules
	if to := doc.Screens["APPOINTMENT"].Otherwise.Go; to != "DETAILS" {
		t.Errorf("otherwise goes to %s; want DETAILS", to)
	}
	for _, r := range details {
		if r.ID == "young" || r.ID == "misspelt" && r.When.Field != "age" {
			t.Errorf("rule %s is there with %+v; want it gone, and age in the other", r.ID, r.When)
		}
	}
	if body := page("operator"); strings.Contains(body, "Errors stop publishing") {
		t.Error("errors are left after all were mended")
	}
	gone := url.Values{"problem": stale["problem"], "fix": stale["fix"], "edit": {strconv.Itoa(set.Edit)}}
	s.run(t, []scenario{
		{name: "of an older draft", as: "operator", method: "POST", path: fix, form: stale, status: 409, contains: []string{"This is the newest one"}},
		{name: "of a problem that is gone", as: "operator", method: "POST", path: fix, form: gone, status: 409, contains: []string{"not there any more"}},
		{name: "not for viewers", as: "viewer", method: "POST", path: fix, form: gone, status: 403},
		{name: "no such flow", as: "operator", method: "POST", path: "/flows/nothing/rules/fix", form: gone, status: 404},
		{name: "what is mended is published", as: "operator", method: "POST", path: path + "/publish", form: pairs("edit", strconv.Itoa(set.Edit), "warnings", "yes"), status: 303, to: path},
	})
}

// TestLinkOfAProblemOpensTheFormAtIt follows the links of problems to the part of the form that each is about.
func TestLinkOfAProblemOpensTheFormAtIt(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, set := s.document(t, "appointment")
	leaf := func(field string) rules.Condition { return rules.Condition{Field: field, Op: rules.Equals, Value: "1"} }
	not := rules.Condition{Not: &rules.Condition{Any: &[]rules.Condition{leaf("name"), leaf("in_none")}}}
	bare := rules.Condition{Not: &rules.Condition{Field: "in_not", Op: rules.IsEmpty}}
	doc.Screens["DETAILS"].Rules = append(doc.Screens["DETAILS"].Rules,
		rules.Rule{ID: "deep", When: rules.Condition{All: &[]rules.Condition{leaf("in_row"), not, bare}}, Then: rules.Outcome{Stay: &rules.Stay{Error: "No."}}},
		rules.Rule{ID: "lone", When: leaf("in_whole"), Then: rules.Outcome{Finish: &rules.Finish{Params: map[string]any{"a": "1", "b": "{{ data.in_param }}"}}}})
	doc.Screens["APPOINTMENT"].Otherwise.Go = "SUMMARY"
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err == nil {
		_, err = s.DB().SaveDraft(t.Context(), f.ID, doc.Encode(), set.Edit, tester)
	}
	if err != nil {
		t.Fatal(err)
	}
	body := s.send(t, scenario{as: "operator", path: "/flows/appointment/rules"}).body
	for name, holds := range map[string]string{"in_row": "#field-1", "in_none": "#field-4", "in_not": "#field-6", "in_whole": "#field-1", "in_param": "[id='pfrom.1']", "INVALID_SCREEN_TRANSITION": ""} {
		link := parsed(t, body).Find("#problems li").FilterFunction(func(_ int, li *goquery.Selection) bool { return strings.Contains(li.Text(), name) }).Find(".problem-links a").First()
		href, _ := link.Attr("href")
		page := parsed(t, s.send(t, scenario{as: "operator", path: href}).body)
		if said := page.Find("#problem-here").Text(); !strings.Contains(said, name) {
			t.Errorf("%s (%s) says %q; want %s in it", href, link.Text(), said, name)
		}
		marked := page.Find("[data-marked][autofocus]")
		switch {
		case holds == "" && marked.Length() > 0:
			t.Errorf("%s marks a part; want none", href)
		case holds != "" && (marked.Length() != 1 || marked.Find(holds).Length() != 1):
			t.Errorf("%s marks %d parts, %q; want the one with %s", href, marked.Length(), marked.AttrOr("id", ""), holds)
		}
	}
	sc := scenario{as: "operator", path: "/flows/appointment/rules/DETAILS/deep?problem=gone", status: 200, absent: []string{"problem-here", "data-marked"}}
	s.send(t, sc).check(t, sc)
}

// TestNewRuleNeverTakesTheIDOfAnother sends the form of a new rule with the id of a rule of another screen: a document with
// an id twice cannot be read.
func TestNewRuleNeverTakesTheIDOfAnother(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	taken := doc.Screens["DETAILS"].Rules[0].ID
	const path = "/flows/appointment/rules/APPOINTMENT/new"
	form := formValues(t, s.send(t, scenario{as: "operator", path: path}).body, "#rule-form")
	for name, value := range map[string]string{"id": taken, "do": "save", "kind": "finish", "join": "all"} {
		form.Set(name, value)
	}
	for _, name := range []string{"field.0", "op.0", "part.0", "depth.0", "made.0", "asked.0"} {
		form.Del(name)
	}
	if got := s.send(t, scenario{as: "operator", method: "POST", path: path, form: form}); got.status != 303 {
		t.Fatalf("POST %s = %d; want 303", path, got.status)
	}
	_, set := s.document(t, "appointment")
	if after, problems := rules.Parse(set.Document, nil); rules.HasErrors(problems) || len(after.Screens["APPOINTMENT"].Rules) != len(doc.Screens["APPOINTMENT"].Rules)+1 {
		t.Errorf("the draft has %d rules on the screen, and problems %v", len(after.Screens["APPOINTMENT"].Rules), problems)
	}
}

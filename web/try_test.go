package web_test

import (
	"net/url"
	"strings"
	"testing"

	"switchyard/models"
)

const tryPath = "/flows/appointment/try"

// press fills the form of a try with changes and presses a button.
func (s *site) press(t *testing.T, page, do string, changes ...string) answer {
	t.Helper()
	form := formValues(t, page, "#try")
	for name, values := range pairs(changes...) {
		form[name] = values
	}
	form.Set("do", do)
	return s.send(t, scenario{as: "operator", method: "POST", path: tryPath, form: form})
}

func wants(t *testing.T, got answer, status int, contains ...string) {
	t.Helper()
	if got.status != status {
		t.Fatalf("status = %d; want %d", got.status, status)
	}
	for _, want := range contains {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

// TestRulesAreTriedWithoutScriptsAndWithoutATrace plays a customer, first with the draft, then with what is published.
func TestRulesAreTriedWithoutScriptsAndWithoutATrace(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	rule := doc.Screens["DETAILS"].Rules[0].ID
	form := s.shown(t, "/flows/appointment/rules/DETAILS/"+rule)
	form.Set("value.0", "40")
	form.Set("do", "save")
	s.send(t, scenario{as: "operator", method: "POST", path: "/flows/appointment/rules/DETAILS/" + rule, form: form})

	start := s.send(t, scenario{as: "operator", path: tryPath})
	wants(t, start, 200, "The draft", "Version 1, which customers get", "Open the form")
	open := s.press(t, start.body, "open", "day", "2026-12-24")
	wants(t, open, 200, "Shows Book an appointment", "Decided by Otherwise", `value="send-1"`, "as on 2026-12-24", `&#34;min_date&#34;: &#34;2026-12-24&#34;`)
	details := s.press(t, open.body, "send-1", "in.department", "dental", "in.date", "2026-12-28", "in.time", "10:30")
	wants(t, details, 200, "Shows Your details", "Department is Cardiology: does not hold", "(it is dental)", "graph-taken")
	stays := s.press(t, details.body, "send-0", "in.age", "39", "in.name", `<b>"=1+1"`)
	wants(t, stays, 200, "Decided by rule 1 “Minors need a parent”.", "Age is less than 40: holds", "(it is 39)", "The customer reads: “Please ask a parent to book.”",
		`#rule-`+rule, `&lt;b&gt;\&#34;=1+1\&#34;`)
	if strings.Contains(stays.body, "<b>") {
		t.Error("what was entered stands in the page as HTML")
	}
	wants(t, s.press(t, stays.body, "back"), 200, "Back from Your details", "Shows Book an appointment")
	again := s.press(t, stays.body, "cut-2")
	wants(t, again, 200, "Shows Your details", `name="in.age"`)
	if strings.Contains(again.body, "The customer reads: “Please ask a parent") {
		t.Error("the step that was taken back is still told")
	}
	summary := s.press(t, again.body, "send-0", "in.age", "40")
	wants(t, summary, 200, "Shows Summary")
	wants(t, s.press(t, summary.body, "send-0"), 200, "Finishes the flow", "The flow has ended.", "extension_message_response", "flow_token")

	published := s.press(t, start.body, "open", "rules", "published", "screen", "DETAILS")
	wants(t, published, 200, "The phone shows Your details", "Version 1.")
	wants(t, s.press(t, published.body, "send-0", "in.age", "39"), 200, "Age is less than 18: does not hold", "Shows Summary")
	hits, err := s.DB().FixedHits(t.Context(), 1, models.Time{})
	must(t, err)
	visits, err := s.DB().Visits(t.Context(), models.VisitFilter{FlowID: 1, Tests: true})
	must(t, err)
	if len(hits.Otherwise) > 0 || len(visits.Rows) > 0 {
		t.Errorf("trying leaves %v decisions and %d visits; want none", hits.Otherwise, len(visits.Rows))
	}
}

func TestATryThatCannotBeReadBeginsAnew(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	_, err := s.DB().CreateFlow(t.Context(), models.Flow{Name: "Bare", Slug: "bare", Mode: models.Encrypted}, tester)
	must(t, err)
	post := func(name, path string, form url.Values, status int, contains ...string) scenario {
		return scenario{name: name, as: "operator", method: "POST", path: path, form: form, status: status, contains: contains}
	}
	many := "[" + strings.Repeat(`{"do":"open"},`, 60) + `{"do":"open"}]`
	s.run(t, []scenario{
		{name: "no Flow JSON", as: "operator", path: "/flows/bare/try", status: 200, contains: []string{"Import the Flow JSON first"}},
		post("a move without a Flow JSON", "/flows/bare/try", pairs("do", "open"), 200, "Import the Flow JSON first"),
		{name: "no such flow", as: "operator", path: "/flows/nothing/try", status: 404},
		post("no moves at all", tryPath, pairs("moves", "{", "do", "back"), 422, "Begin anew"),
		post("moves of no kind", tryPath, pairs("moves", `[{"do":"explode"}]`, "do", "back"), 422, "Begin anew"),
		post("too many moves", tryPath, pairs("moves", many, "do", "back"), 422, "Begin anew"),
		post("a screen that is none", tryPath, pairs("do", "open", "screen", "<b>"), 422, "Choose a screen of the list."),
		post("a button of another screen", tryPath, pairs("moves", `[{"do":"open"}]`, "do", "send-99"), 200, "Shows Book an appointment"),
		post("steps that are not there", tryPath, pairs("moves", `[{"do":"open"}]`, "do", "cut-9"), 200, "Shows Book an appointment"),
		post("moves on a screen that is none", tryPath, pairs("moves", `[{"do":"send","screen":"NOWHERE","data":{"a":[null,{"b":1e999}]}}]`, "do", "send-0"), 200, "Fallback on"),
		post("a day that is none", tryPath, pairs("do", "open", "day", "2026-13-45"), 200, "Shows Book an appointment"),
	})
}

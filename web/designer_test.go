package web_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

// upload is a form with a file, as a browser posts it.
func upload(t *testing.T, field, name string, raw []byte, values map[string]string) scenario {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range values {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return scenario{method: "POST", body: b.String(), header: map[string]string{"Content-Type": w.FormDataContentType()}}
}

// pairs is a form written in one line.
func pairs(kv ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		v.Add(kv[i], kv[i+1])
	}
	return v
}

// document is the draft of the flow as it stands.
func (s *site) document(t *testing.T, slug string) (rules.Document, models.RuleSet) {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	set, err := s.DB().DraftRules(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := rules.Parse(set.Document, func() string { return "new" })
	return doc, set
}

// shown is what the operator's browser posts when the form of a rule is saved as it stands.
func (s *site) shown(t *testing.T, path string) url.Values {
	t.Helper()
	got := s.send(t, scenario{as: "operator", path: path})
	if got.status != 200 {
		t.Fatalf("GET %s = %d", path, got.status)
	}
	form := formValues(t, got.body, "#rule-form")
	form.Set("do", "save")
	return form
}

func TestAFlowIsAddedAndItsJSONImported(t *testing.T) {
	s := openSite(t).addUsers(t)
	good := upload(t, "file", "flow.json", fixture(t, "flows", "appointment.json"), nil)
	good.as, good.path, good.status, good.to = "operator", "/flows/appointment/json", 200, ""
	faulty := upload(t, "file", "flow.json", fixture(t, "flows", "invalid.json"), nil)
	faulty.as, faulty.path, faulty.status, faulty.to = "operator", "/flows/appointment/json", 303, "/flows/appointment#flow-json"
	none := upload(t, "file", "flow.json", []byte(`{"screens": 7}`), nil)
	none.as, none.path, none.status, none.contains = "operator", "/flows/appointment/json", 422, []string{`data-error-summary`}
	huge := upload(t, "file", "flow.json", bytes.Repeat([]byte(" "), 16<<20), nil)
	huge.as, huge.path, huge.status = "operator", "/flows/appointment/json", 413
	add := func(kv ...string) scenario {
		return scenario{as: "operator", method: "POST", path: "/flows", form: pairs(append(kv, "mode", "encrypted")...), status: 422}
	}
	bad := add("name", "<b>x</b>", "slug", "Not A Slug")
	bad.contains, bad.absent = []string{`href="#slug"`, "&lt;b&gt;x"}, []string{"<b>x"}
	digits := add("name", "x", "slug", "123")
	reserved := add("name", "x", "slug", "test")
	reserved.contains = []string{`href="#slug"`}
	ok := add("name", "Book", "slug", "appointment", "meta_id", "691244242662581")
	ok.status, ok.to = 303, "/flows/appointment#flow-json"
	again := add("name", "Book", "slug", "appointment")
	again.contains = []string{`href="#slug"`}
	for _, c := range []struct {
		name string
		sc   scenario
	}{
		{"a slug that is none", bad}, {"a slug of digits", digits}, {"a slug that tests use", reserved}, {"added", ok}, {"the same slug again", again},
		{"no Flow JSON", none}, {"a file over the limit", huge}, {"a faulty Flow JSON is kept", faulty},
		{"its faults are listed", scenario{as: "viewer", path: "/flows/appointment/screens", status: 200, contains: []string{"INVALID_ROUTING_MODEL"}}},
		{"are counted on the flow's page", scenario{as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"9 problems"}}},
		{"a good one is looked at", good},
	} {
		t.Run(c.name, func(t *testing.T) { s.send(t, c.sc).check(t, c.sc) })
	}
	save := pairs("carried", field(t, s.send(t, good), "carried"))
	for _, c := range []struct {
		name string
		sc   scenario
	}{
		{"and saved", scenario{as: "operator", method: "POST", path: "/flows/appointment/json", form: save, status: 303, to: "/flows/appointment/json/2"}},
		{"screens are known", scenario{as: "viewer", path: "/flows/appointment", status: 200, contains: []string{"Book an appointment", "Symptoms", "Join the waiting list"}, absent: []string{"problems"}}},
		{"by Meta's id too", scenario{as: "viewer", path: "/flows/691244242662581", status: 200, contains: []string{"Book an appointment"}}},
		{"no such flow", scenario{as: "viewer", path: "/flows/nothing", status: 404}},
	} {
		t.Run(c.name, func(t *testing.T) { s.send(t, c.sc).check(t, c.sc) })
	}
}

func TestARuleIsBuiltByTheForm(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	_, set := s.document(t, "appointment")
	if set.Version != 0 {
		t.Fatalf("a published flow has a draft %d already", set.Version)
	}
	edit := strconv.Itoa(set.Edit)
	const form = "/flows/appointment/rules/DETAILS/new"
	base := []string{"edit", edit, "id", "newrule1", "name", "Minors <b>", "join", "any", "asked.0", "age", "field.0", "age", "op.0", "lt", "value.0", "18",
		"asked.1", "symptoms", "field.1", "symptoms", "op.1", "has_any", "value.1", "0_pain", "value.1", "2_swelling", "kind", "stay", "error", "Ask a parent."}
	s.run(t, []scenario{
		{name: "the empty form", as: "operator", path: form, status: 200, contains: []string{"Choose a field", "Go to a screen"}},
		{name: "another row", as: "operator", method: "POST", path: form, form: pairs(append(base, "do", "add")...), status: 200, contains: []string{`name="field.2"`, "Minors &lt;b&gt;"}},
		{name: "one row less", as: "operator", method: "POST", path: form, form: pairs(append(base, "do", "remove-0")...), status: 200, contains: []string{`name="field.0"`}, absent: []string{`name="field.1"`}},
		{name: "another field", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "asked.0", "age", "field.0", "terms", "op.0", "lt", "value.0", "18", "kind", "stay", "do", "refresh"), status: 200, contains: []string{"is yes"}, absent: []string{`value="18"`}},
		{name: "another outcome", as: "operator", method: "POST", path: form, form: pairs(append(base, "do", "refresh", "screen", "SUMMARY")...), status: 200, contains: []string{"Error message"}},
		{name: "the data of a screen", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "kind", "go", "screen", "SUMMARY", "do", "refresh"), status: 200, contains: []string{`value="summary"`, `value="fee"`}},
		{name: "no value", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "field.0", "age", "op.0", "lt", "value.0", "", "kind", "stay", "do", "save"), status: 422, contains: []string{"Enter a value."}},
		{name: "a range that nothing is in", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "field.0", "age", "op.0", "between", "value.0", "70", "value.0", "60", "kind", "stay", "do", "save"), status: 422, contains: []string{"The first value must not be larger than the second."}},
		{name: "days that nothing is in", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "field.0", "today", "op.0", "between", "value.0", "2026-12-02", "value.0", "2026-12-01", "kind", "stay", "do", "save"), status: 422, contains: []string{"The first value must not be larger than the second."}},
		{name: "no number", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "field.0", "age", "op.0", "lt", "value.0", "many", "kind", "stay", "do", "save"), status: 422, contains: []string{"is not a number"}},
		{name: "no screen", as: "operator", method: "POST", path: form, form: pairs("edit", edit, "field.0", "age", "op.0", "is_empty", "kind", "go", "do", "save"), status: 422, contains: []string{"Choose the screen"}},
		{name: "saved", as: "operator", method: "POST", path: form, form: pairs(append(base, "do", "save")...), status: 303, to: "/flows/appointment/rules#rule-newrule1"},
		{name: "sent twice", as: "operator", method: "POST", path: form, form: pairs(append(base, "do", "save")...), status: 303, to: "/flows/appointment/rules#rule-newrule1"},
		{name: "reads as a sentence", as: "viewer", path: "/flows/appointment/rules", status: 200, contains: []string{"Age is less than 18 or Symptoms has any of Pain, Swelling", "Minors &lt;b&gt;", "Draft."}, absent: []string{"Minors <b>"}},
		{name: "no screen of that name", as: "operator", path: "/flows/appointment/rules/NOWHERE/new", status: 404},
		{name: "no rule of that id", as: "operator", path: "/flows/appointment/rules/DETAILS/nothing", status: 404},
	})
	doc, _ := s.document(t, "appointment")
	all := doc.Screens["DETAILS"].Rules
	got, err := json.Marshal(all[len(all)-1])
	if err != nil {
		t.Fatal(err)
	}
	want := `"when":{"any":[{"field":"age","op":"lt","value":18},{"field":"symptoms","op":"has_any","value":["0_pain","2_swelling"]}]},"then":{"stay":{"error":"Ask a parent."}}`
	if !strings.Contains(string(got), want) || len(all) != 4 {
		t.Errorf("last of %d rules = %s; want 4 and %s", len(all), got, want)
	}
}

func TestRulesAreMovedSwitchedAndPublished(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	first, second := doc.Screens["DETAILS"].Rules[0].ID, doc.Screens["DETAILS"].Rules[1].ID
	const here = "/flows/appointment/rules"
	for _, step := range []struct {
		name, id, do string
		stale        int // how many edits the form is behind
		status       int
		to           string
	}{
		{"down", first, "down", 0, 303, here + "#rule-" + first},
		{"by a page that is old", first, "down", 1, 409, ""},
		{"up again", first, "up", 0, 303, here + "#rule-" + first},
		{"up beyond the top", first, "up", 0, 422, ""},
		{"off", second, "off", 0, 303, here + "#rule-" + second},
		{"a button that is none", second, "explode", 0, 422, ""},
		{"deleted", second, "delete", 0, 303, here + "#screen-DETAILS"},
		{"gone", second, "off", 0, 404, ""},
	} {
		t.Run(step.name, func(t *testing.T) {
			_, set := s.document(t, "appointment")
			sc := scenario{as: "operator", method: "POST", path: here + "/DETAILS/" + step.id + "/act", form: pairs("do", step.do, "edit", strconv.Itoa(set.Edit-step.stale)), status: step.status, to: step.to}
			s.send(t, sc).check(t, sc)
		})
	}
	doc, set := s.document(t, "appointment")
	if n := len(doc.Screens["DETAILS"].Rules); n != 2 || doc.Screens["DETAILS"].Rules[0].ID != first {
		t.Errorf("DETAILS has %d rules; want 2 with %s first", n, first)
	}
	edit := strconv.Itoa(set.Edit)
	s.run(t, []scenario{
		{name: "published", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", edit, "note", "fewer rules"), status: 303, to: here},
		{name: "runs", as: "viewer", path: here, status: 200, contains: []string{"Version 2 is published"}},
		{name: "versions", as: "viewer", path: "/flows/appointment/versions", status: 200, contains: []string{"fewer rules", "Person operator", "What changed in version 2"}, absent: []string{"Restore…"}},
		{name: "nothing to publish", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", edit), status: 409},
	})
}

func TestRulesWithErrorsAreNotPublished(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	const otherwise = "/flows/appointment/rules/SUMMARY/otherwise"
	_, set := s.document(t, "appointment")
	s.run(t, []scenario{
		{name: "a way that the routing model forbids", as: "operator", method: "POST", path: otherwise, form: pairs("edit", strconv.Itoa(set.Edit), "kind", "go", "screen", "APPOINTMENT", "do", "save"), status: 303, to: "/flows/appointment/rules#otherwise-SUMMARY"},
		{name: "is an error", as: "operator", path: "/flows/appointment/rules", status: 200, contains: []string{"Errors stop publishing."}},
	})
	_, set = s.document(t, "appointment")
	s.run(t, []scenario{
		{name: "refused", as: "operator", method: "POST", path: "/flows/appointment/rules/publish", form: pairs("edit", strconv.Itoa(set.Edit)), status: 422, contains: []string{"The draft has errors."}},
		{name: "the draft is there still", as: "viewer", path: "/flows/appointment/rules", status: 200, contains: []string{"Draft. Customers get version 1"}},
		{name: "the button names the draft that it discards", as: "operator", path: "/flows/appointment/rules", status: 200, contains: []string{`action="/flows/appointment/rules/discard"><input type="hidden" name="edit" value="` + strconv.Itoa(set.Edit) + `">`}},
		{name: "an older draft is not discarded", as: "operator", method: "POST", path: "/flows/appointment/rules/discard", form: pairs("edit", strconv.Itoa(set.Edit-1)), status: 409, contains: []string{"This is the newest one", "Draft."}},
		{name: "discarded", as: "operator", method: "POST", path: "/flows/appointment/rules/discard", form: pairs("edit", strconv.Itoa(set.Edit)), status: 303, to: "/flows/appointment/rules"},
		{name: "discarded twice", as: "operator", method: "POST", path: "/flows/appointment/rules/discard", form: pairs("edit", strconv.Itoa(set.Edit)), status: 409, contains: []string{"There is no draft any more", "Version 1 is published"}},
		{name: "back to what runs", as: "viewer", path: "/flows/appointment/rules", status: 200, contains: []string{"Version 1 is published"}, absent: []string{"Draft."}},
	})
}

func TestListsComeAndGoAsCSV(t *testing.T) {
	s := openSite(t).addUsers(t)
	up := func(name, csv string, status int, contains ...string) scenario {
		sc := upload(t, "file", "l.csv", []byte(csv), map[string]string{"name": name})
		sc.as, sc.path, sc.status, sc.contains = "operator", "/lists", status, contains
		return sc
	}
	made := up("kinds", "id,title,limit:number\na,A,5\n", 303)
	made.to = "/lists/kinds"
	for _, sc := range []scenario{
		up("Not a name", "id,title\na,A\n", 422, `href="#name"`),
		up("kinds", "id,title\na,A\na,B\n", 422, "data-error-summary"),
		up("kinds", "", 422, "Choose a CSV file"),
		made,
		{as: "viewer", path: "/lists/kinds", status: 403},
		{as: "operator", path: "/lists/kinds", status: 200, contains: []string{"limit", "No rule uses it."}},
		{as: "operator", path: "/lists/kinds/export", status: 200, contains: []string{"id,title,description,enabled,limit:number\na,A,,yes,5\n"}},
		{as: "operator", method: "POST", path: "/lists/kinds/delete", form: pairs(), status: 303, to: "/lists"},
		{as: "operator", path: "/lists/kinds", status: 404},
	} {
		s.send(t, sc).check(t, sc)
	}
}

func TestAFlowOfAnotherAppHasItsOwnSecret(t *testing.T) {
	s := openSite(t).addUsers(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	const path, secret = "/flows/appointment/app-secret", "another-app-secret-0123456789"
	s.run(t, []scenario{
		{name: "not for operators", as: "operator", method: "POST", path: path, form: pairs("app_secret", secret), status: 403},
		{name: "too short", as: "admin", method: "POST", path: path, form: pairs("app_secret", "short"), status: 422, absent: []string{"short\""}},
		{name: "kept", as: "admin", method: "POST", path: path, form: pairs("app_secret", secret), status: 303, to: "/flows/appointment"},
		{name: "never shown", as: "admin", path: "/flows/appointment", status: 200, contains: []string{"app secret of its own"}, absent: []string{secret}},
	})
	refused := false
	for end := time.Now().Add(5 * time.Second); !refused && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		status, _ := s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","action":"ping"}`)) // signed with the global one
		refused = status == 432
	}
	if !refused {
		t.Error("a request signed by the first app is still answered after 5 s; want 432")
	}
	s.run(t, []scenario{{name: "removed", as: "admin", method: "POST", path: path, form: pairs("app_secret", ""), status: 303, to: "/flows/appointment"}})
	s.ready(t, pub)
}

func TestAListThatRulesNeedIsMissedOnTheFlowsPage(t *testing.T) {
	s := openSite(t).addUsers(t)
	pub := s.addSamples(t)
	s.ready(t, pub)
	gone := scenario{as: "operator", method: "POST", path: "/lists/claim_kinds/delete", form: pairs(), status: 303, to: "/lists"}
	s.send(t, scenario{as: "operator", path: "/lists/claim_kinds"}).check(t, scenario{status: 200, contains: []string{"Flow claim", "until the server starts again", "will offer nothing"}})
	s.send(t, gone).check(t, gone)
	const told = "The published rules cannot run as they are."
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got := s.send(t, scenario{as: "viewer", path: "/flows/claim"})
		if strings.Contains(got.body, told) && strings.Contains(got.body, "claim_kinds") && strings.Contains(got.body, "the rules that ran before, until the server starts again") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the page of claim does not say %q within 5 s", told)
		}
	}
	if status, got := s.exchange(t, pub, "claim", []byte(`{"version":"3.0","action":"INIT","flow_token":"claim.9"}`)); status != 200 || got["screen"] != "POLICY" {
		t.Errorf("INIT without the list = %d %v; want the rules that ran before", status, got)
	}
}

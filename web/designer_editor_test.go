package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// An editor is the form of a rule as it goes back and forth without scripts.
type editor struct {
	*site
	*testing.T
	path, page string
	form       url.Values
}

func (s *site) edit(t *testing.T, path string) *editor {
	t.Helper()
	e := &editor{site: s, T: t, path: path}
	got := s.send(t, scenario{as: "operator", path: path})
	e.take(got.status, 200, got.body)
	return e
}

func (e *editor) take(status, want int, page string) {
	e.Helper()
	if status != want {
		e.Fatalf("%s = %d; want %d\n%s", e.path, status, want, page)
	}
	e.page, e.form = page, formValues(e.T, page, "#rule-form")
}

// press posts the form with what was entered, by the button of that value.
func (e *editor) press(do string, kv ...string) {
	e.Helper()
	for i := 0; i < len(kv); i += 2 {
		e.form.Set(kv[i], kv[i+1])
	}
	e.form.Set("do", do)
	got := e.send(e.T, scenario{as: "operator", method: "POST", path: e.path, form: e.form})
	e.take(got.status, 200, got.body)
}

// says fails the test when the form does not tell that, or the focus is elsewhere.
func (e *editor) says(said, focus string) {
	e.Helper()
	doc := parsed(e.T, e.page)
	if got := strings.TrimSpace(doc.Find("#said").Text()); got != said {
		e.Errorf("the form says %q; want %q", got, said)
	}
	if got := doc.Find("#rule-form [autofocus]").AttrOr("id", ""); got != focus {
		e.Errorf("the focus is on %q; want %q", got, focus)
	}
}

func (e *editor) holds(texts ...string) {
	e.Helper()
	for _, text := range texts {
		if !strings.Contains(e.page, text) {
			e.Errorf("the form does not hold %q:\n%s", text, parsed(e.T, e.page).Find("#rule-form").Text())
		}
	}
}

// save saves, and returns the newest rule of the screen as JSON.
func (e *editor) save(screen string) string {
	e.Helper()
	e.form.Set("do", "save")
	got := e.send(e.T, scenario{as: "operator", method: "POST", path: e.path, form: e.form})
	if got.status != 303 {
		e.Fatalf("saving %s = %d; want 303\n%s", e.path, got.status, parsed(e.T, got.body).Find("[data-error-summary]").Text())
	}
	doc, _ := e.document(e.T, "appointment")
	all := doc.Screens[screen].Rules
	r := all[len(all)-1]
	r.ID = ""
	return jsonOf(e.T, r)
}

func TestGroupsAreBuiltWithoutScripts(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	e := s.edit(t, "/flows/appointment/rules/DETAILS/new")
	e.holds(">When<", ">Age<", "E-mail (email)", `label="Earlier answers: Book an appointment"`, "Department (APPOINTMENT.department)", "Visit and date")
	if this, earlier, date := strings.Index(e.page, `label="This screen"`), strings.Index(e.page, `label="Earlier answers`), strings.Index(e.page, `label="Visit and date"`); this < 0 || this > earlier || earlier > date {
		t.Errorf("the fields stand at %d, %d, %d; want this screen's, then earlier ones, then the visit's", this, earlier, date)
	}
	e.press("refresh", "field.0", "age")
	e.holds("is at least (≥)", "is greater than (&gt;)")
	e.press("group", "op.0", "gte", "value.0", "18")
	e.says("Group 2 added.", "field-3")
	e.press("refresh", "field.2", "symptoms")
	e.form["value.2"] = []string{"0_pain", "2_swelling"}
	e.press("add-1", "group.1", "none")
	e.says("Condition 2.2 added.", "field-4")
	e.press("refresh", "field.3", "answers.APPOINTMENT.department")
	e.holds("Cardiology (cardiology)", "or another id")
	e.press("formula", "op.3", "equals", "typed.3", "radiology")
	e.says("Condition 3 added.", "formula-5")
	e.press("check", "formula.4", "data.age > and 3")
	e.holds("<mark>and</mark>", "“and” is not expected here.")
	e.press("up-4", "formula.4", "data.age > 3")
	e.says("Condition 3 moved up. It is condition 2.3 now.", "up-5")
	e.press("duplicate-0")
	e.says("Condition 1 duplicated as condition 2.", "field-6")
	e.press("refresh", "op.1", "is_empty")
	e.press("remove-1")
	e.says("Condition 2 removed.", "remove-2")
	e.press("wrap-0")
	e.says("The condition is in group 1 now. Add others to it.", "")
	e.press("ungroup-0")
	e.says("Group 1 dissolved: 1 condition stands in the group around it.", "field-1")
	e.press("refresh", "kind", "expire")
	e.form.Set("name", "By buttons alone")
	const want = `{"name":"By buttons alone","when":{"all":[{"field":"age","op":"gte","value":18},{"not":{"any":[{"field":"symptoms","op":"has_any","value":["0_pain","2_swelling"]},` +
		`{"field":"answers.APPOINTMENT.department","op":"equals","value":"radiology"},{"formula":"data.age > 3"}]}}]},"then":{"expire":{}}}`
	if got := e.save("DETAILS"); got != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}

func TestAFormulaWithAnErrorIsNotSaved(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	e := s.edit(t, "/flows/appointment/rules/DETAILS/new")
	e.press("formula")
	e.press("remove-0")
	e.form.Set("formula.0", "data.agee > 3")
	e.form.Set("kind", "expire")
	e.form.Set("do", "save")
	got := e.send(t, scenario{as: "operator", method: "POST", path: e.path, form: e.form})
	e.take(got.status, 422, got.body)
	e.holds("<mark>agee</mark>", "does not send the field “agee”", `href="#formula-2"`)
}

func TestWhatTheFormCannotShowIsLocked(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	path := s.only(t, `{"when":{"all":[{"field":"age","op":"is_unheard_of","value":{"deep":[1,{"x":null}]}},{"field":"age","op":"lt","value":18}]},"then":{"go":"SUMMARY","data":{"summary":{"odd":[null]},"fee":1}}}`)
	e := s.edit(t, path)
	e.holds("Kept as it is", "is_unheard_of", "{&#34;odd&#34;:[null]}")
	e.press("down-0")
	e.says("Condition 1 moved down. It is condition 2 now.", "up-1")
	const want = `{"when":{"all":[{"field":"age","op":"lt","value":18},{"field":"age","op":"is_unheard_of","value":{"deep":[1,{"x":null}]}}]},"then":{"go":"SUMMARY","data":{"fee":1,"summary":{"odd":[null]}}}}`
	if got := e.save("DETAILS"); got != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}

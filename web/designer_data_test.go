package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	must(t, enc.Encode(v))
	return strings.TrimSuffix(b.String(), "\n")
}

// number is the number that a data key has in the form.
func (e *editor) number(key string) string {
	e.Helper()
	for i := 0; e.form.Has(fmt.Sprint("key.", i)); i++ {
		if e.form.Get(fmt.Sprint("key.", i)) == key {
			return fmt.Sprint(i)
		}
	}
	e.Fatalf("the form has no data key %s", key)
	return ""
}

func TestDataOfAScreenAreFilledWithoutJSON(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	e := s.edit(t, "/flows/appointment/rules/opening/new")
	e.press("refresh", "kind", "go", "screen", "APPOINTMENT")
	e.holds("options, required", "Example: Dental care, Cardiology, Something else", "Sent instead: what this visit last got for it, else an empty list.")
	departments, times, first, show := "from."+e.number("departments"), e.number("times"), e.number("min_date"), e.number("show_times")
	e.press("refresh", departments, "list:claim_kinds", "from."+times, "rows", "from."+first, "field", "from."+show, "true")
	e.press("row-"+times, "pick."+first, "today")
	e.says("Row added.", "cell."+times+".1.0")
	e.form["cell."+times] = []string{"10:30", "Half past ten", "11", "Eleven"}
	e.press("refresh")
	e.holds("With sample answers")
	e.press("remove-0")
	const want = `"then":{"go":"APPOINTMENT","data":{"departments":"{{ list('claim_kinds') }}","min_date":"{{ today }}","show_times":true,"times":[{"id":"10:30","title":"Half past ten"},{"id":"11","title":"Eleven"}]}}`
	e.form.Set("do", "save")
	got := e.send(t, scenario{as: "operator", method: "POST", path: e.path, form: e.form})
	if got.status != 303 {
		t.Fatalf("saving = %d; want 303\n%s", got.status, parsed(t, got.body).Find("[data-error-summary]").Text())
	}
	doc, _ := s.document(t, "appointment")
	r := doc.Opening.Rules[len(doc.Opening.Rules)-1]
	r.ID = ""
	if got := jsonOf(t, r); got != `{"when":{"all":[]},`+want+`}` {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}

func TestTextsAreLookedUpAndPreviewed(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	e := s.edit(t, "/flows/appointment/rules/DETAILS/new")
	e.press("remove-0")
	e.press("refresh", "kind", "go", "screen", "SUMMARY")
	summary, fee := e.number("summary"), e.number("fee")
	e.press("refresh", "from."+summary, "template", "from."+fee, "lookup")
	e.press("refresh", "data."+summary, "For {{ data.agee }}", "table."+fee, "claim_kinds")
	e.holds("<mark>agee</mark>", "Choose a column…")
	e.press("refresh", "data."+summary, "{{ title('answers.APPOINTMENT.department') }}, {{ data.age }}", "column."+fee, "limit", "pick."+fee, "answers.APPOINTMENT.department")
	e.holds("<output>Dental care, 42</output>", "<output>0</output>")
	want := `{"when":{"all":[]},"then":{"go":"SUMMARY","data":{"fee":"{{ lookup('claim_kinds', answers.APPOINTMENT.department, 'limit') }}","summary":"{{ title('answers.APPOINTMENT.department') }}, {{ data.age }}"}}}`
	if got := e.save("DETAILS"); got != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
	e = s.edit(t, "/flows/appointment/rules/DETAILS/new")
	e.press("remove-0")
	e.press("refresh", "kind", "finish")
	e.press("param")
	e.says("Answer added.", "param.0")
	e.press("refresh", "param.0", "department", "pfrom.0", "field")
	e.press("refresh", "ppick.0", "answers.APPOINTMENT.department")
	e.holds("<output>dental</output>")
	e.press("param")
	e.press("unparam-1")
	e.says("Answer 2 removed.", "add-param")
	want = `{"when":{"all":[]},"then":{"finish":{"params":{"department":"{{ answers.APPOINTMENT.department }}"}}}}`
	if got := e.save("DETAILS"); got != want {
		t.Errorf("saved rule = %s; want %s", got, want)
	}
}

func TestAFieldFilledFromAListOffersItsRows(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	s.publish(t, f, []byte(`{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"APPOINTMENT","data":{"departments":"{{ list('claim_kinds') }}"}}},"screens":{}}`))
	list, err := s.DB().List(t.Context(), "claim_kinds")
	must(t, err)
	e := s.edit(t, "/flows/appointment/rules/APPOINTMENT/new")
	e.press("refresh", "field.0", "department")
	e.holds(`value="` + list.Rows[0].ID + `"`)
	e.press("refresh", "op.0", "one_of")
	e.holds(`type="checkbox" name="value.0" value="` + list.Rows[1].ID + `"`)
}

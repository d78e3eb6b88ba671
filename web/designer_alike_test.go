package web_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
)

// TestARuleTakesTheDataOfAnother: what another outcome gives to the same screen need not be entered again.
func TestARuleTakesTheDataOfAnother(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	const path = "/flows/appointment/rules/DETAILS/new"
	page := s.send(t, scenario{as: "operator", path: path}).body
	press := func(do string, status int, changes ...string) {
		t.Helper()
		form := formValues(t, page, "#rule-form")
		for name, values := range pairs(changes...) {
			form[name] = values
		}
		form.Set("do", do)
		got := s.send(t, scenario{as: "operator", method: "POST", path: path, form: url.Values(form)})
		if got.status != status {
			t.Fatalf("do=%s = %d %s; want %d", do, got.status, parsed(t, got.body).Find("[data-error-summary]").Text(), status)
		}
		page = got.body
	}
	press("refresh", 200, "kind", "go", "screen", "SUMMARY", "field.0", "age", "op.0", "is_empty")
	if !strings.Contains(page, "Otherwise on Your details") || strings.Contains(page, `value="WAITLIST/`) {
		t.Error("the form does not offer the outcomes that give data to the screen, and only those")
	}
	press("take", 200, "like", "NOWHERE/otherwise", "op.0", "is_empty")
	press("take", 200, "like", "DETAILS/otherwise")
	if !strings.Contains(page, "Data taken from Otherwise on Your details") {
		t.Error("the form does not say what was done")
	}
	press("save", 303)
	want := doc.Screens["DETAILS"].Otherwise.Data
	after, _ := s.document(t, "appointment")
	all := after.Screens["DETAILS"].Rules
	if got := all[len(all)-1].Then; got.Go != "SUMMARY" || len(want) == 0 || !reflect.DeepEqual(got.Data, want) {
		t.Errorf("the rule gives %v to %q; want %v to SUMMARY", got.Data, got.Go, want)
	}
}

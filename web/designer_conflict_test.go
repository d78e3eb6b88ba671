package web_test

import (
	"net/url"
	"strconv"
	"testing"
)

func TestARulePublishedMeanwhileIsNotUndone(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	path := "/flows/appointment/rules/DETAILS/" + doc.Screens["DETAILS"].Rules[0].ID
	form := func() url.Values { return s.shown(t, path) }
	mine, theirs := form(), form()
	theirs.Set("name", "Theirs")
	mine.Set("name", "Mine")
	s.run(t, []scenario{{name: "they save", as: "admin", method: "POST", path: path, form: theirs, status: 303, to: "/flows/appointment/rules#rule-" + doc.Screens["DETAILS"].Rules[0].ID}})
	_, set := s.document(t, "appointment")
	s.run(t, []scenario{
		{name: "and publish", as: "admin", method: "POST", path: "/flows/appointment/rules/publish", form: pairs("edit", strconv.Itoa(set.Edit)), status: 303, to: "/flows/appointment/rules"},
		{name: "so mine is kept in the form", as: "operator", method: "POST", path: path, form: mine, status: 409, contains: []string{"saved this meanwhile", `value="Mine"`, "name “Minors need a parent” became “Theirs”", "name “Minors need a parent” became “Mine”", "Keep mine", "Keep theirs"}},
	})
	if doc, set := s.document(t, "appointment"); set.Version != 0 || doc.Screens["DETAILS"].Rules[0].Name != "Theirs" {
		t.Errorf("rule of draft %d is named %q; want Theirs, published, and no draft", set.Version, doc.Screens["DETAILS"].Rules[0].Name)
	}
}

func TestARuleDeletedMeanwhileIsAddedAnew(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, set := s.document(t, "appointment")
	id := doc.Screens["DETAILS"].Rules[1].ID
	const here, screen = "/flows/appointment/rules", "/flows/appointment/rules/DETAILS/"
	s.run(t, []scenario{{name: "off", as: "admin", method: "POST", path: screen + id + "/act", form: pairs("do", "off", "edit", strconv.Itoa(set.Edit)), status: 303, to: here + "#rule-" + id}})
	form := s.shown(t, screen+id)
	form.Set("name", "What I entered")
	s.run(t, []scenario{{name: "deleted", as: "admin", method: "POST", path: screen + id + "/act", form: pairs("do", "delete", "edit", strconv.Itoa(set.Edit+1)), status: 303, to: here + "#screen-DETAILS"}})
	before, _ := s.document(t, "appointment")
	save := scenario{as: "operator", method: "POST", path: screen + id, form: form, status: 409, contains: []string{"Somebody else deleted this rule", `value="What I entered"`, `action="` + screen + `new"`}}
	got := s.send(t, save)
	got.check(t, save)
	if doc, _ := s.document(t, "appointment"); string(doc.Encode()) != string(before.Encode()) {
		t.Error("the conflict itself changes the draft")
	}
	again := formValues(t, got.body, "#rule-form")
	again.Set("do", "save")
	s.run(t, []scenario{{name: "saved again", as: "operator", method: "POST", path: screen + "new", form: again, status: 303, to: here + "#rule-" + again.Get("id")}})
	after, _ := s.document(t, "appointment")
	all := after.Screens["DETAILS"].Rules
	if r := all[len(all)-1]; len(all) != len(doc.Screens["DETAILS"].Rules) || r.Name != "What I entered" || r.ID == id || !r.Off {
		t.Errorf("last of %d rules = %+v; want what was entered, switched off as it was, with another id", len(all), r)
	}
}

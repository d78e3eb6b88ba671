package web_test

import (
	"strconv"
	"strings"
	"testing"
)

// act presses a button of a rule on DETAILS as somebody who sees the newest draft, or one of so many edits ago.
func (s *site) act(t *testing.T, who, id, do string, ago int, status int) answer {
	t.Helper()
	_, set := s.document(t, "appointment")
	sc := scenario{as: who, method: "POST", path: "/flows/appointment/rules/DETAILS/" + id + "/act", form: pairs("do", do, "edit", strconv.Itoa(set.Edit-ago)), status: status}
	got := s.send(t, sc)
	if got.status != status {
		t.Fatalf("%s %s by %s, %d edits behind = %d; want %d", do, id, who, ago, got.status, status)
	}
	return got
}

func TestTwoPeopleChangeDifferentRulesOfOneDraft(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	rs := doc.Screens["DETAILS"].Rules
	path := func(i int) string { return "/flows/appointment/rules/DETAILS/" + rs[i].ID }
	theirs, mine := s.shown(t, path(0)), s.shown(t, path(1))
	theirs.Set("name", "Theirs")
	mine.Set("name", "Mine")
	const here = "/flows/appointment/rules"
	saved := func(i int) string { return here + "#rule-" + rs[i].ID }
	s.run(t, []scenario{
		{name: "they save one", as: "admin", method: "POST", path: path(0), form: theirs, status: 303, to: saved(0)},
		{name: "I save another", as: "operator", method: "POST", path: path(1), form: mine, status: 303, to: saved(1)},
		{name: "a form as it was shown changes nothing", as: "operator", method: "POST", path: path(2), form: s.shown(t, path(2)), status: 303, to: saved(2)},
		{name: "both are there", as: "viewer", path: here, status: 200, contains: []string{"Theirs", "Mine", "2 changes in this draft", "Person admin: Rule 1 “Theirs” on Your details: name"}, absent: []string{"Undo"}},
		{name: "undo names the other person", as: "admin", path: here, status: 200, contains: []string{"Take back what Person operator did?", "Rule 2 “Mine” on Your details"}},
	})
	_, set := s.document(t, "appointment")
	edit := strconv.Itoa(set.Edit)
	s.run(t, []scenario{
		{name: "undone by an old page", as: "admin", method: "POST", path: here + "/undo", form: pairs("edit", "1"), status: 409, contains: []string{"This is the newest one"}},
		{name: "undone", as: "admin", method: "POST", path: here + "/undo", form: pairs("edit", edit), status: 303, to: here},
		{name: "told", as: "admin", path: here, status: 200, contains: []string{"Undone: Person operator: Rule 2", "Bring back what Person operator did?", "Person admin: took back: Rule 2"}},
		{name: "redone", as: "operator", method: "POST", path: here + "/redo", form: pairs("edit", strconv.Itoa(set.Edit+1)), status: 303, to: here},
		{name: "nothing to redo", as: "operator", method: "POST", path: here + "/redo", form: pairs("edit", strconv.Itoa(set.Edit+2)), status: 409, contains: []string{"There is nothing to redo."}},
	})
	if doc, _ := s.document(t, "appointment"); doc.Screens["DETAILS"].Rules[0].Name != "Theirs" || doc.Screens["DETAILS"].Rules[1].Name != "Mine" {
		t.Errorf("after all that the rules are %q and %q; want Theirs and Mine", doc.Screens["DETAILS"].Rules[0].Name, doc.Screens["DETAILS"].Rules[1].Name)
	}
}

func TestAButtonOnARuleThatSomebodyChangedShowsBothTexts(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	id := doc.Screens["DETAILS"].Rules[0].ID
	s.act(t, "admin", id, "off", 0, 303)
	got := s.act(t, "operator", id, "delete", 1, 409)
	for _, want := range []string{"Person admin saved this meanwhile", "switched off", "Deleted", "Keep mine", "Keep theirs"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page of the clash has no %q", want)
		}
	}
	form := formValues(t, got.body, "form.actions")
	keep := scenario{as: "operator", method: "POST", path: "/flows/appointment/rules/DETAILS/" + id + "/act", form: form, status: 303, to: "/flows/appointment/rules#screen-DETAILS"}
	s.send(t, keep).check(t, keep)
	if doc, _ := s.document(t, "appointment"); len(doc.Screens["DETAILS"].Rules) != 2 {
		t.Errorf("keeping mine leaves %d rules; want 2", len(doc.Screens["DETAILS"].Rules))
	}
	first, _ := s.document(t, "appointment")
	id = first.Screens["DETAILS"].Rules[0].ID
	s.act(t, "operator", id, "duplicate", 0, 303)
	s.act(t, "operator", id, "duplicate", 1, 303)
	if doc, _ := s.document(t, "appointment"); len(doc.Screens["DETAILS"].Rules) != 3 {
		t.Errorf("a duplicate that was sent twice leaves %d rules; want 3", len(doc.Screens["DETAILS"].Rules))
	}
}

func TestPublishingSaysWhatChangesAndAsksAboutWarnings(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	id := doc.Screens["DETAILS"].Rules[0].ID
	const here = "/flows/appointment/rules"
	s.run(t, []scenario{{name: "no draft", as: "operator", path: here + "/publish", status: 200, contains: []string{"There is no draft"}, absent: []string{"Note"}}})
	form := s.shown(t, here+"/DETAILS/"+id)
	form.Set("value.0", "21")
	s.run(t, []scenario{{name: "a rule is changed", as: "operator", method: "POST", path: here + "/DETAILS/" + id, form: form, status: 303, to: here + "#rule-" + id}})
	s.act(t, "operator", id, "duplicate", 0, 303) // never decides: a warning
	_, set := s.document(t, "appointment")
	edit := strconv.Itoa(set.Edit)
	s.run(t, []scenario{
		{name: "the page", as: "operator", path: here + "/publish", status: 200, contains: []string{"Since version 1", "Age “is less than 18” became “is less than 21”", "added at position 2", "New since the published version", "Publish with 1 warning"}},
		{name: "not accepted", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", edit, "note", "Of age at 21"), status: 422, contains: []string{"Confirm that you publish with warnings.", `value="Of age at 21"`}},
		{name: "a note that is too long", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", edit, "accepted", "1", "note", strings.Repeat("x", 501)), status: 422, contains: []string{`href="#note"`}},
		{name: "an older draft", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", "1", "accepted", "1", "note", "kept"), status: 409, contains: []string{"what publishing would change now", `value="kept"`}},
		{name: "published", as: "operator", method: "POST", path: here + "/publish", form: pairs("edit", edit, "accepted", "1", "note", "Of age at 21"), status: 303, to: here},
		{name: "compared", as: "viewer", path: "/flows/appointment/versions/compare?from=2&to=1", status: 200, contains: []string{"Age “is less than 21” became “is less than 18”", "removed:", "2 differences"}},
		{name: "compared with itself", as: "viewer", path: "/flows/appointment/versions/compare?from=1&to=1", status: 200, contains: []string{"Both versions have the same rules."}},
		{name: "the last two compared", as: "viewer", path: "/flows/appointment/versions/compare", status: 200, contains: []string{"From version 1 to version 2"}},
		{name: "compared with none", as: "viewer", path: "/flows/appointment/versions/compare?from=1&to=9", status: 404},
		{name: "to read", as: "operator", path: "/flows/appointment/versions/1", status: 200, contains: []string{"Age is less than 18", "Restore version 1?"}, absent: []string{"Add rule", "Move down"}},
		{name: "no such version", as: "viewer", path: "/flows/appointment/versions/new", status: 404},
		{name: "restored over what was not seen", as: "operator", method: "POST", path: "/flows/appointment/versions/1/restore", form: pairs("edit", edit), status: 409, contains: []string{"restore again"}},
		{name: "restored", as: "operator", method: "POST", path: "/flows/appointment/versions/1/restore", form: pairs("edit", strconv.Itoa(set.Edit+1)), status: 303, to: here},
		{name: "a draft", as: "operator", path: here, status: 200, contains: []string{"Draft. Customers get version 2", "Version 1 was restored", "Age is less than 18"}},
		{name: "the draft is named", as: "operator", path: "/flows/appointment/versions", status: 200, contains: []string{"Restored from version 1", "replace the draft that Person operator saved last"}},
	})
}

func TestWhoHasTheRulesOpenIsShown(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, set := s.document(t, "appointment")
	id := doc.Screens["DETAILS"].Rules[0].ID
	const here = "/flows/appointment/rules"
	now := here + "/here?edit=" + strconv.Itoa(set.Edit)
	s.run(t, []scenario{
		{name: "alone", as: "operator", path: here, status: 200, absent: []string{"Also here"}},
		{name: "somebody opens a rule", as: "admin", path: here + "/DETAILS/" + id, status: 200, contains: []string{"Also here", "Person operator"}},
		{name: "which the first sees", as: "operator", path: now, status: 200, contains: []string{"Person admin", "(Rule 1 “Minors need a parent” on Your details)"}, absent: []string{"Person operator", "<html"}},
		{name: "hostile words stay words", as: "viewer", path: now + "&screen=A&rule=x&doing=%3Cb%3Ex", status: 200},
		{name: "for others too", as: "operator", path: now, status: 200, contains: []string{"Person viewer", "&lt;b&gt;x"}, absent: []string{"<b>x"}},
	})
	s.act(t, "admin", id, "off", 0, 303)
	s.run(t, []scenario{
		{name: "a change is told", as: "operator", path: now, status: 200, contains: []string{"Person admin: Rule 1", "switched off", "Show it"}},
		{name: "but not to who shows it", as: "operator", path: here + "/here?edit=" + strconv.Itoa(set.Edit+1), status: 200, absent: []string{"Show it"}},
	})
}

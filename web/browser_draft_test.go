package web_test

import "testing"

func TestBrowserTwoPeopleWorkOnOneDraft(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	doc, _ := s.document(t, "appointment")
	const here = "/flows/appointment/rules"
	first, second := here+"/DETAILS/"+doc.Screens["DETAILS"].Rules[0].ID, here+"/DETAILS/"+doc.Screens["DETAILS"].Rules[1].ID
	ada, ben := signedIn(t, s, "admin"), signedIn(t, s, "operator")

	ada.open(here)
	ben.open(first)
	ada.seesIn("#here", "Also here: Person operator (Rule 1 “Minors need a parent” on Your details)")
	ben.fill("#name", "Ben's")
	ada.open(second)
	ada.fill("#name", "Ada's")
	ada.leave("Save to draft")
	ben.seesIn("#here", "Person admin: Rule 2 “Ada's” on Your details: name")
	if got := ben.value("#name"); got != "Ben's" {
		t.Errorf("the notice changes what is typed to %q", got)
	}
	ben.leave("Save to draft")
	ben.sees("2 changes in this draft", "Ada's", "Ben's")

	ada.open(first)
	ben.open(first)
	ada.fill("#name", "Ada's too")
	ada.leave("Save to draft")
	ben.fill("#name", "Ben's again")
	ben.allow("409")
	ben.click("Save to draft")
	ben.seesIn(".clash", "Person admin saved this meanwhile", "name “Ben's” became “Ada's too”", "name “Ben's” became “Ben's again”")
	ben.until("the clash has the focus", `document.activeElement.classList.contains("clash")`)
	if got := ben.value("#name"); got != "Ben's again" {
		t.Errorf("after the clash the form has the name %q; want what was typed", got)
	}
	ben.leave("Keep mine")
	ben.sees("Ben's again")

	ada.open(here)
	ada.click("Undo…")
	ada.seesIn(".draft-bar .confirm-box", "Take back what Person operator did?")
	ada.leaveIn(".draft-bar .confirm-box", "Undo")
	ada.sees("Undone: Person operator", "Ada's too")
	ada.leave("Publish…")
	ada.sees("name “Minors need a parent” became “Ada's too”")
	ada.fill("#note", "Ours")
	ada.leave("Publish")
	ada.sees("Version 2 is published")
	ada.leave("Versions")
	ada.leave("What changed in version 2")
	ada.sees("2 differences", "Rule 1 “Ada's too” on Your details:")
	ada.leave("Versions")
	ada.click("Restore…")
	ada.leave("Restore version 1")
	ada.sees("Draft. Customers get version 2", "Minors need a parent")
	ben.seesIn("#here", "Person admin: Version 1 was restored")
}

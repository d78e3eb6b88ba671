package web_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A person edits a list, moves a row by keyboard, uploads a CSV after looking at what it changes, and takes it all back.
func TestBrowserEditsAListAndTakesItBack(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	file := filepath.Join(t.TempDir(), "kinds.csv")
	must(t, os.WriteFile(file, []byte("id,title,limit:number\nhail,Hail,50\n"), 0o600))
	b := signedIn(t, s, "operator")
	b.open("/lists/claim_kinds")
	b.fill(`[name="title.0"]`, "Burglary")
	b.click("Save rows")
	b.sees("Saved as version 2")
	if got := b.value(`[name="title.0"]`); got != "Burglary" {
		t.Errorf("the first title is %q after saving; want Burglary", got)
	}
	ask[any](b, `document.querySelector("[aria-label='Move down: Burglary']").focus(), 1`)
	b.press("\r")
	b.sees("“Burglary” moved to position 2.")
	b.until("the focus goes along", `document.activeElement.getAttribute("aria-label") === "Move down: Burglary"`)
	b.fill(`[name="title.new"]`, "Storm")
	b.click("Add")
	b.sees("Saved as version 4")
	b.until("the next row can be typed", `document.activeElement.id === "id-new"`)
	if _, got := s.listSaid(t, "claim_kinds"); got != "damage=Damage 250, theft=Burglary 500, water=Water 1000, (fire=Fire 5000), storm=Storm" {
		t.Errorf("the list is %s; want Burglary second and Storm last", got)
	}
	b.upload("#file", file)
	b.leave("See what it changes") // which asks nothing: all is saved
	b.sees("1 added, 5 removed", "Hail", "Storm")
	b.leave("Save the upload")
	b.sees("Saved as version 5")
	b.leave("Versions")
	b.open("/lists/claim_kinds/versions/1")
	b.leave("Restore version 1")
	b.sees("Version 1 is restored as version 6.")
	if _, got := s.listSaid(t, "claim_kinds"); got != "theft=Theft 500, damage=Damage 250, water=Water 1000, (fire=Fire 5000)" {
		t.Errorf("the list is %s; want it as at first", got)
	}
}

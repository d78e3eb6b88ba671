package web_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestBrowserSavesARuleAsItWas does what TestARuleThatIsSavedUnchangedStaysAsItWas does, with what a browser makes of
// the controls, and with a row that was added and removed again.
func TestBrowserSavesARuleAsItWas(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	tab := signedIn(t, s, "operator")
	all := bag{rand.New(rand.NewPCG(20, 26))}.rules()
	for _, i := range []int{0, 1, 2, 6, 7, 9, 10, 11, 12, 13, 14, 15} {
		b := tab.within(t)
		path := s.only(t, all[i])
		before, _ := s.document(t, "appointment")
		b.open(path)
		rows := ask[int](b, `document.querySelectorAll(".condition").length`)
		if rows > 0 { // removing the only row makes “any of none” “all of none”
			b.click("Add condition")
			b.until("another row", fmt.Sprint(rows)+` + 1 === document.querySelectorAll(".condition").length`)
			b.clickIn(".condition:last-child", "Remove condition")
			b.until("the row is gone", fmt.Sprint(rows)+` === document.querySelectorAll(".condition").length`)
			b.settled()
		}
		b.leave("Save to draft")
		after, _ := s.document(t, "appointment")
		if a, was := string(after.Encode()), string(before.Encode()); a != was {
			t.Errorf("saving %s changes the document:\n%s\nwas\n%s", path, difference(a, was), difference(was, a))
		}
	}
}

package web_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestBrowserMendsAProblemInPlace presses fixes with the keyboard: the page stays, the focus goes to what is left, what was
// done is said, and the link of a problem leads to the row that it is about.
func TestBrowserMendsAProblemInPlace(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.broken(t)
	b := signedIn(t, s, "operator")
	b.open("/flows/appointment/rules")
	focus := func(css string) { ask[any](b, "document.querySelector("+js(css)+").focus(), 1") }
	b.stays(func() {
		focus(`#problems li button[value="go:DETAILS"]`)
		b.key(kb.Enter)
		b.until("the list has the focus and says what is left", `document.activeElement.id === "problems" && document.querySelector("#problems-title").textContent.startsWith("1 error")`)
		b.until("a message says what was done", `document.querySelector("#toasts").textContent.includes("Mended: Go to DETAILS instead.")`)
		focus(`#rule-young button[value="remove"]`)
		b.key(kb.Enter)
		b.until("the rule is gone and its screen has the focus", `!document.querySelector("#rule-young") && document.activeElement.id === "screen-DETAILS"`)
	})
	focus(`#problems .problem-links a`)
	b.key(kb.Enter)
	b.until("the row is marked and has the focus", `document.activeElement.matches("li.condition[data-marked=error]") && document.activeElement.contains(document.querySelector("#field-1"))`)
	b.sees("agee")
}

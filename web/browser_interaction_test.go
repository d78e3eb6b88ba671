package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// signedIn is a tab of the person of that role.
func signedIn(t *testing.T, s *site, role string) *tab {
	t.Helper()
	b := openTab(t, s.server.URL, look{})
	b.signIn(role)
	return b
}

// stays marks the document, and fails the test when act loads another one.
func (b *tab) stays(act func()) {
	b.Helper()
	ask[any](b, "window.same = true, 1")
	act()
	if !ask[bool](b, "window.same === true") {
		b.Errorf("%s was loaded anew; want the same document", b.path())
	}
}

func TestBrowserInteraction(t *testing.T) {
	t.Parallel()
	s := lived(t)
	for _, c := range []struct {
		name, as string
		do       func(b *tab)
	}{
		{"acknowledging in the list changes the row and the counts in place", "support", acknowledgeInPlace},
		{"searching keeps the focus and the address follows", "viewer", searchAsYouType},
		{"Back returns to the filter and the place", "viewer", backToTheFilter},
		{"the theme is remembered", "viewer", rememberTheme},
		{"shortcuts work, not while typing, and can be switched off", "viewer", useShortcuts},
		{"unsaved changes of a rule are guarded", "operator", guardChanges},
		{"rows that come or go are guarded too, and the words between them follow the join", "operator", guardRows},
		{"a form refused in place shows its errors", "operator", focusErrors},
		{"a refused form leads to its errors", "operator", linkErrors},
		{"two people: the second learns who has the alert", "support", func(b *tab) { takenAlert(s, b) }},
	} {
		b := signedIn(t, s, c.as)
		t.Run(c.name, func(t *testing.T) { c.do(b.within(t)) })
	}
}

func acknowledgeInPlace(b *tab) {
	b.open("/alerts")
	count := func() string {
		return ask[string](b, `document.querySelector("#alert-count .nav-count")?.textContent ?? "0"`)
	}
	before := count()
	row := "#" + ask[string](b, `document.querySelector(".alert-row").id`)
	b.stays(func() {
		b.clickIn(row, "Acknowledge")
		b.seesIn(row, "Acknowledged", "by Person support", "Undo")
		if got := count(); got == before {
			b.Errorf("the count beside Alerts stays %s; want one less", got)
		}
		b.seesIn("#alert-tabs", "New "+count())
		b.clickIn(row, "Undo")
		b.seesIn(row, "Active")
		if got := count(); got != before {
			b.Errorf("after Undo the count is %s; want %s", got, before)
		}
	})
	b.at("/alerts")
}

func searchAsYouType(b *tab) {
	b.allow("htmx:sendAbort") // a newer request replaces the one before, which htmx tells
	b.allow("htmx:afterRequest")
	b.open("/responses")
	b.stays(func() {
		b.do("focus", chromedp.Focus(chromedp.CSS("#q")))
		for _, letter := range "Priya" {
			b.press(string(letter))
		}
		b.until("the address has the search", `new URLSearchParams(location.search).get("q") === "Priya"`)
		b.settled()
		b.seesIn("#results", "Priya")
		if got := ask[int](b, `document.querySelectorAll(".response-row").length`); got != 1 {
			b.Errorf("searching Priya shows %d rows; want 1", got)
		}
		b.sees("1 response", "Clear filters")
		if b.focused() != "q" || b.value("#q") != "Priya" {
			b.Errorf("focus is in %q, which holds %q; want q with Priya", b.focused(), b.value("#q"))
		}
		b.choose("#flow", "claim")
		b.until("the address has the flow", `new URLSearchParams(location.search).get("flow") === "claim"`)
		b.seesIn("#results", "No responses match")
	})
	search := ask[string](b, "location.search")
	b.open("/responses" + search)
	if b.value("#q") != "Priya" || b.value("#flow") != "claim" {
		b.Errorf("%s opened anew shows %q and %q; want the same filter", search, b.value("#q"), b.value("#flow"))
	}
}

func backToTheFilter(b *tab) {
	b.open("/responses")
	b.choose("#flow", "appointment")
	b.until("filtered", `location.search.includes("flow=appointment")`)
	want, rows := b.path(), ask[int](b, `document.querySelectorAll(".response-row").length`)
	ask[any](b, "window.before = true, scrollTo(0, 120), 1")
	top := ask[float64](b, "scrollY")
	b.opensBeside(".response-row:last-child")
	b.leaveIn("#response-panel", "Open page")
	b.do("back", chromedp.NavigateBack())
	b.settled()
	b.at(want)
	if got := ask[int](b, `document.querySelectorAll(".response-row").length`); got != rows || b.value("#flow") != "appointment" {
		b.Errorf("after Back: %d rows, flow %q; want %d of appointment", got, b.value("#flow"), rows)
	}
	if got := ask[float64](b, "scrollY"); got < top-50 || got > top+50 {
		b.Errorf("after Back the page is scrolled to %v; want about %v", got, top)
	}
	b.do("back to before the filter", chromedp.NavigateBack())
	b.settled()
	b.at("/responses")
	if b.value("#flow") != "" || ask[int](b, `document.querySelectorAll(".response-row").length`) <= rows {
		b.Errorf("Back to before the filter shows flow %q; want all", b.value("#flow"))
	}
}

func rememberTheme(b *tab) {
	dark := func() bool { return ask[bool](b, `document.documentElement.classList.contains("dark")`) }
	b.open("/")
	b.click("Dark theme")
	if !dark() {
		b.Error("the switch does not make it dark")
	}
	b.open("/flows")
	if !dark() || ask[string](b, `document.querySelector("[data-theme-toggle]").getAttribute("aria-pressed")`) != "true" {
		b.Error("the next page is not dark, or its switch does not say so")
	}
	b.click("Dark theme")
	b.open("/alerts")
	if dark() {
		b.Error("switched back, the next page is dark")
	}
}

func useShortcuts(b *tab) {
	b.open("/")
	b.press("gr")
	b.until("responses", `location.pathname === "/responses" && document.readyState === "complete"`)
	b.settled()
	b.press("/")
	if b.focused() != "q" {
		b.Errorf("after / the focus is in %q; want q", b.focused())
	}
	b.fill("#q", "?gr") // typing
	if got := b.value("#q"); got != "?gr" {
		b.Errorf("typing ?gr in the search box leaves %q", got)
	}
	if ask[bool](b, `document.querySelector("#shortcuts").open`) {
		b.Error("? opens the help while typing")
	}
	b.open("/alerts")
	b.press("?")
	b.until("the help", `document.querySelector("#shortcuts").open`)
	b.do("switch off", chromedp.Click(chromedp.CSS("#shortcuts-on")))
	b.press(kb.Escape)
	b.until("closed", `!document.querySelector("#shortcuts").open`)
	b.press("?gr")
	if ask[bool](b, `document.querySelector("#shortcuts").open`) {
		b.Error("? opens the help although shortcuts are switched off")
	}
	b.at("/alerts")
	b.click("Keyboard shortcuts")
	b.do("switch on", chromedp.Click(chromedp.CSS("#shortcuts-on")))
	b.press(kb.Escape)
	b.press("ga")
	b.at("/alerts")
}

package web_test

import "testing"

// TestBrowserABarFiltersTheListBesideIt: the address, the rows, the chip and the other bars follow; again, and Back, take
// it off.
func TestBrowserABarFiltersTheListBesideIt(t *testing.T) {
	t.Parallel()
	s := finding(t)
	b := openTab(t, s.server.URL, look{})
	b.allow("htmx:sendAbort")
	b.allow("htmx:afterRequest")
	b.signIn("support")
	b.open("/responses?flow=appointment")
	b.leave("Distribution")
	b.until("it came after the list", `document.querySelector("#distribution-of")?.textContent === "All 60 responses."`)
	const bar = `[...document.querySelectorAll("#distribution a.spread-label")].find(a => a.textContent.includes("Dental care"))`
	b.accessible()
	ask[any](b, bar+".click(), 1")
	b.until("its rows", `document.querySelector("#page-place")?.textContent === "1–20 of 20"`)
	b.at("/responses?flow=appointment&show=distribution&w=department~is~dental")
	b.until("the bars follow", `document.querySelector("#distribution-of")?.textContent === "All 20 responses." && `+bar+`?.ariaCurrent === "true"`)
	b.seesIn("#condition-chips", "Department is Dental care")
	b.seesIn("#filter-box", "Filter (1)")
	b.accessible()
	ask[any](b, `history.back(), 1`)
	b.until("all rows again", `document.querySelector("#page-place")?.textContent === "1–50 of 60" && !document.querySelector("#condition-chips")`)
	b.until("and all bars", `document.querySelector("#distribution-of")?.textContent === "All 60 responses."`)
	ask[any](b, bar+".click(), 1")
	b.until("filtered once more", `document.querySelector("#distribution-of")?.textContent === "All 20 responses."`)
	ask[any](b, bar+".click(), 1")
	b.until("the bar takes it off", `document.querySelector("#distribution-of")?.textContent === "All 60 responses." && !document.querySelector("#condition-chips")`)
	b.at("/responses?flow=appointment&show=distribution")
	b.open("/responses?flow=appointment&show=distribution&w=department~is~dental")
	b.leaveIn("#condition-chips", "")
	b.at("/responses?flow=appointment&show=distribution")
	b.fits(390)
}

package web_test

import "testing"

// TestBrowserFollowsResponsesUp beside the list: opens one, goes to the next, takes it, tags it, writes a note; then changes
// several at once and takes that back.
func TestBrowserFollowsResponsesUp(t *testing.T) {
	t.Parallel()
	s := finding(t)
	b := openTab(t, s.server.URL, look{width: 1600})
	b.allow("htmx:sendAbort")
	b.allow("htmx:afterRequest")
	b.signIn("support")
	b.open("/responses?flow=appointment")
	ask[any](b, `document.querySelector(".response-row a[data-panel]").click(), 1`)
	b.until("the first beside the list", `document.querySelector("#response-panel #panel-title") === document.activeElement`)
	b.seesIn("#response-panel", "Person 59")
	b.until("it is read", `document.querySelectorAll(".response-row[data-unread]").length === 49`)
	b.press("j")
	b.until("the next", `document.querySelector("#panel-title")?.closest("#response-panel").textContent.includes("Person 58")`)
	b.clickIn("#follow-up", "Assign to me")
	b.until("it is mine", `document.querySelector("#story")?.textContent.includes("Assigned to Person support")`)
	b.until("the list says so", `document.querySelectorAll(".response-row")[1].textContent.includes("Person support")`)
	b.fill("#note", "@operator please call")
	b.clickIn("#follow-up", "Add note")
	b.until("the note", `document.querySelector(".note-list .mention")?.textContent === "@operator"`)
	b.accessible()
	ask[any](b, `document.querySelector("[data-close-panel]").click(), 1`)
	b.until("closed", `document.querySelector("#response-panel") === null`)
	b.click("Change several")
	ask[any](b, `document.querySelector("#pick-all").click(), 1`)
	b.seesIn("#bulk", "Change 50 selected")
	b.choose("#bulk-status", "done")
	b.leave("Change the selected ones")
	b.sees("50 responses were changed.")
	b.until("all done", `document.querySelectorAll('.response-row [data-state="done"]').length === 50`)
	b.leave("Undo")
	b.until("none done", `document.querySelectorAll('.response-row [data-state="done"]').length === 0`)
}

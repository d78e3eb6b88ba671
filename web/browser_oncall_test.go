package web_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestTheOnCallDayInABrowser: an alert arrives by itself, also after the connection was lost; the keyboard leads to it; its
// page explains it; it is acknowledged with a note, gets worse, is active again, and recovers, all without a reload; the overview hears of the next one.
func TestTheOnCallDayInABrowser(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	b := signedIn(t, s, "support")
	b.allow("ERR_INCOMPLETE_CHUNKED_ENCODING") // the connection that is lost
	b.allow("ERR_CONNECTION_RESET")
	b.allow("htmx:afterRequest") // the list that cannot be fetched
	b.allow("htmx:sendError")
	b.open("/alerts")
	b.sees("No alert so far")
	rows := func(n int) { b.until("rows", fmt.Sprintf(`document.querySelectorAll(".alert-row").length === %d`, n)) }
	b.stays(func() {
		s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
		rows(1)
		b.until("the title counts", `document.title.startsWith("(1) ")`)
		b.until("it is announced", `document.querySelector("#live").textContent.startsWith("New alert. Endpoint latency of ")`)
		b.seesIn(".alert-row", "High", "p90 8 s, threshold 7 s")
		s.server.CloseClientConnections()
		s.server.Client().CloseIdleConnections()
		ask[any](b, `{ const send = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function () {
			XMLHttpRequest.prototype.send = send; setTimeout(() => this.dispatchEvent(new ProgressEvent("error"))); }; } 1`) // the list cannot be fetched at once
		s.deliverAll(t, []string{"alert-endpoint-error-rate-activated.json"})
		rows(2)
		b.until("the title counts both", `document.title.startsWith("(2) ")`)
		b.seesIn("#alert-tabs", "New 2")
	})
	b.press("j")
	b.press("a")
	b.seesIn(".alert-row:first-of-type", "Acknowledged", "Undo")
	b.until("one is left", `document.title.startsWith("(1) ")`)
	b.clickIn(".alert-row:first-of-type", "Undo")
	b.until("both are new", `document.title.startsWith("(2) ")`)

	b.open("/alerts?kind=ENDPOINT_ERROR_RATE")
	rows(1)
	b.seesIn("#alert-tabs", "New 1")
	b.press("j")
	b.press(kb.Enter)
	b.until("its page", `document.querySelector("h1").textContent.includes("Endpoint error rate")`)
	b.sees("Evidence", "Slowest steps", "What to do", "10 messages an hour")
	b.seesIn("#figures", "Meta's threshold 10%", "Activated")
	b.fill("#acknowledge-note", "Looking at the database")
	b.leave("Acknowledge")
	b.seesIn("#alert-owner", "Person support acknowledged it", "Looking at the database")
	b.stays(func() {
		s.deliverAll(t, []string{"alert-endpoint-error-rate-50-activated.json"})
		b.seesIn("#alert-owner", "It got worse after Person support had acknowledged it.")
		s.deliverAll(t, []string{"alert-endpoint-error-rate-deactivated.json"})
		b.until("the timeline grew", `document.querySelector("#alert-now").textContent.includes("Below the threshold again") || document.querySelector("#alert-now").textContent.includes("below the threshold again")`)
		b.seesIn("#alert-owner", "Resolved; nobody needs to act.")
	})
	b.accessible()

	b.open("/")
	b.stays(func() {
		s.deliverAll(t, []string{"alert-client-error-rate-activated.json"})
		b.seesIn("#overview-alerts", "Client error rate")
		b.seesIn("#overview-figures", "Nobody has acknowledged them yet")
	})
}

// TestSeveralAlertsAreAcknowledgedAndTakenBackAtOnce ticks boxes as a person does.
func TestSeveralAlertsAreAcknowledgedAndTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json", "alert-endpoint-error-rate-activated.json", "alert-client-error-rate-activated.json"})
	b := signedIn(t, s, "support")
	b.open("/alerts")
	ask[any](b, `document.querySelectorAll(".alert-pick input").forEach((box, i) => { if (i < 2) box.click(); }), 1`)
	b.seesIn("#alert-picks", "2 selected")
	b.leave("Acknowledge selected")
	b.sees("2 of 2 changed.", "2 alerts are acknowledged by you.")
	b.seesIn("#alert-tabs", "New 1", "Acknowledged 2")
	b.leave("Undo all")
	ask[any](b, `document.querySelector("[data-alerts-all]").click(), 1`)
	b.seesIn("#alert-picks", "3 selected")
	b.click("Assign or resolve selected")
	b.fill("#picks-note", "the proxy was restarted")
	b.leave("Resolve selected")
	b.sees("3 of 3 changed.", "3 alerts are resolved.")
	b.leave("Undo all")
	b.sees("3 of 3 changed.")
	b.seesIn("#alert-tabs", "New 3", "Acknowledged 0")
}

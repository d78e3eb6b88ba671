package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

func guardChanges(b *tab) {
	b.open("/flows/appointment/rules/DETAILS/new")
	b.fill("#name", "Not saved yet")
	b.staysWhenAsked("#sidebar a[href='/flows']")
	b.at("/flows/appointment/rules/DETAILS/new")
	if got := b.value("#name"); got != "Not saved yet" {
		b.Errorf("after staying the name is %q; want what was typed", got)
	}
	b.choose(`[name="field.0"]`, "age")
	b.choose(`[name="op.0"]`, "lt")
	b.fill(`[name="value.0"]`, "12")
	b.choose("#kind", "stay")
	b.fill("#error", "Please ask a parent.")
	b.leave("Save to draft") // which asks nothing
	b.sees("Not saved yet")
}

// staysWhenAsked follows a link and stays, because the page asks. It fails the test when nothing is asked.
func (b *tab) staysWhenAsked(link string) {
	b.Helper()
	asked := make(chan bool, 1)
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	dialogs := chromedp.Events(ctx, page.JavascriptDialogOpening)
	go func() {
		for d, err := range dialogs {
			if err == nil && d.Type == page.DialogTypeBeforeunload {
				_, err = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
			}
			asked <- err == nil
			return
		}
	}()
	b.do("leave", chromedp.Click(chromedp.CSS(link)))
	if !<-asked {
		b.Fatal("leaving a changed form asks nothing")
	}
}

// guardRows changes nothing but the number of rows, and the join.
func guardRows(b *tab) {
	const path = "/flows/appointment/rules/DETAILS/new"
	b.open(path)
	b.click("Add condition")
	b.until("another row", `document.querySelectorAll(".condition").length === 2`)
	b.staysWhenAsked("#sidebar a[href='/flows']")
	b.at(path)
	b.seesIn(".condition-join", "and")
	b.choose("#join", "any")
	b.seesIn(".condition-join", "or")
}

func focusErrors(b *tab) {
	b.allow("status of 422")
	b.allow("Response Status Error Code 422")
	b.open("/flows/appointment/rules/DETAILS/new")
	b.stays(func() {
		b.fill("#name", "Half a rule")
		b.click("Save to draft")
		b.sees("There is a problem")
		b.until("the summary has the focus", `document.activeElement.hasAttribute("data-error-summary")`)
		if got := b.value("#name"); got != "Half a rule" {
			b.Errorf("after the refusal the name is %q; want what was typed", got)
		}
	})
}

func linkErrors(b *tab) {
	b.allow("status of 422")
	b.open("/flows/new")
	b.fill("#name", "Twice")
	b.fill("#slug", "appointment")
	b.leave("Add flow")
	b.until("the summary has the focus", `document.activeElement.hasAttribute("data-error-summary")`)
	link := ask[string](b, `document.activeElement.querySelector("a").hash`)
	b.clickIn("[data-error-summary]", "")
	b.until("the link leads to the field", fmt.Sprintf(`document.activeElement === document.querySelector(%s)`, js(link)))
	words := ask[string](b, fmt.Sprintf(`document.getElementById(document.querySelector(%s).getAttribute("aria-describedby").split(" ").find(id => id.endsWith("-error"))).innerText.trim()`, js(link)))
	if summary := ask[string](b, `document.querySelector("[data-error-summary] a").innerText.trim()`); summary != words {
		b.Errorf("summary says %q, the field %q; want the same words", summary, words)
	}
}

func takenAlert(s *site, b *tab) {
	b.allow("status of 409")
	b.allow("Response Status Error Code 409")
	b.open("/alerts")
	id := strings.TrimPrefix(ask[string](b, `document.querySelector(".alert-row").id`), "alert-")
	ask[any](b, `document.querySelector("#alert-list-refresh").remove(), 1`) // the second person presses before the news comes
	if got := s.send(b.T, scenario{as: "operator", method: "POST", path: "/alerts/" + id + "/acknowledge"}); got.status != 303 {
		b.Fatalf("the first person = %d; want 303", got.status)
	}
	b.clickIn("#alert-"+id, "Acknowledge")
	b.seesIn("#alert-"+id, "Acknowledged", "by Person operator")
}

func TestBrowserWithoutScripts(t *testing.T) {
	t.Parallel()
	s := lived(t)
	b := openTab(t, s.server.URL, look{noScripts: true})
	b.signIn("operator")
	b.at("/")
	b.open("/responses")
	b.fill("#q", "Priya")
	b.leave("Filter")
	b.sees("1 response")
	b.leaveIn(".response-row", "")
	b.sees("Business-scoped id")
	b.open("/alerts")
	row := "#" + ask[string](b, `document.querySelector(".alert-row").id`)
	b.leaveIn(row, "Acknowledge")
	b.sees("Acknowledged. A worse threshold makes it active again.")
	b.open("/alerts?state=acknowledged")
	b.seesIn(row, "by Person operator")
	b.leaveIn(row, "Undo")
	b.sees("The acknowledgement is taken back.")
	b.open("/flows/appointment/rules/DETAILS/new")
	b.fill("#name", "Without scripts")
	b.choose(`[name="field.0"]`, "age")
	b.leave("Show fields for these choices")
	b.choose(`[name="op.0"]`, "lt")
	b.fill(`[name="value.0"]`, "12")
	b.choose("#kind", "stay")
	b.leave("Show fields for these choices")
	b.fill("#error", "Please ask a parent.")
	b.leave("Save to draft")
	b.until("back at what was saved", `document.querySelector(":target")?.textContent.includes("Without scripts")`)
	b.seesIn("#screen-DETAILS", "Without scripts", "Please ask a parent.")
	b.wear(look{noScripts: true, width: 390})
	b.click("Menu")
	b.leaveIn("#sidebar", "Flows")
	b.at("/flows")
}

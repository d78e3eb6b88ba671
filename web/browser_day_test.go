package web_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"
)

// older is the filter of the day: whoever agreed and is older than 45.
const older = "/responses?flow=appointment&w=all(terms~yes,age~gt~45)"

// TestBrowserDoesASupportAgentsDay with 60 responses: finds one by a word, filters on two answers, walks through what was
// found, takes one and writes about it, tags all and takes that back, keeps the filter, shows it to a colleague, gives the
// columns their widths, and exports what is on the page.
func TestBrowserDoesASupportAgentsDay(t *testing.T) {
	t.Parallel()
	s := finding(t)
	b := openTab(t, s.server.URL, look{})
	b.allow("htmx:sendAbort")
	b.allow("htmx:afterRequest")
	b.signIn("support")
	folder := t.TempDir()
	b.takes(folder)
	b.findsByWord()
	b.filtersOnTwoAnswers()
	b.walksThroughTheFilter()
	b.takesOneAndWrites()
	b.tagsAllAndTakesItBack()
	b.keepsAndShares()
	colleague := openTab(t, s.server.URL, look{dark: true})
	colleague.signIn("operator")
	colleague.opensTheLink()
	b.sizesColumns()
	b.waitsCalmly()
	b.exportsThePage(folder)
}

func (b *tab) findsByWord() {
	b.open("/responses")
	b.key("/")
	if got := b.focused(); got != "q" {
		b.Fatalf("/ leads to %q; want the search", got)
	}
	b.fill("#q", "person 17")
	b.until("found by a word", `document.querySelectorAll(".response-row").length === 1`)
	b.seesIn("#results", "Person 17")
	if got := b.focused(); got != "q" {
		b.Errorf("after searching the focus is on %q; want it still in the search", got)
	}
	b.at("/responses?q=person%2017")
}

func (b *tab) filtersOnTwoAnswers() {
	b.open("/responses?flow=appointment")
	b.seesIn("#page-place", "1–50 of 60")
	b.leave("Next")
	b.seesIn("#page-place", "51–60 of 60")
	ask[any](b, "history.back(), 1")
	b.until("the first page again", `document.querySelector("#page-place")?.textContent === "1–50 of 60"`)
	b.settled()
	b.click("Filter")
	b.choose(`[id="field.0"]`, "terms")
	b.until("its operators", `document.getElementById("op.0") !== null`)
	b.click("Add condition")
	b.until("one more row", `document.getElementById("field.1") !== null`)
	b.choose(`[id="field.1"]`, "age")
	b.until("its operators", `document.getElementById("op.1")?.value === "eq"`)
	b.choose(`[id="op.1"]`, "gt")
	b.settled()
	b.fill(`[id="value.1"]`, "45")
	b.accessible()
	b.leave("Apply filter")
	b.at(older)
	b.seesIn("#page-place", "1–7 of 7")
	b.seesIn("#filter-box", "Filter (2)")
}

// walksThroughTheFilter beside the list, and page by page.
func (b *tab) walksThroughTheFilter() {
	b.opensBeside(".response-row")
	b.seesIn("#response-panel", "Person 38")
	b.press("j")
	b.seesIn("#response-panel", "Person 36")
	b.leaveIn("#response-panel", "Open page")
	b.leave("Next response")
	b.seesIn(".answers", "Person 34")
	b.leave("Next response")
	b.seesIn(".answers", "Person 32")
	b.leave("Previous response")
	b.seesIn(".answers", "Person 34")
}

func (b *tab) takesOneAndWrites() {
	b.clickIn("#follow-up", "Assign to me")
	b.seesIn("#story", "Assigned to Person support")
	b.fill("#note", "@operator please call")
	b.clickIn("#follow-up", "Add note")
	b.seesIn(".note-list .mention", "@operator")
	b.leave("Filtered list")
	b.at(older)
}

func (b *tab) tagsAllAndTakesItBack() {
	tagged := `[...document.querySelectorAll(".response-row")].filter(r => r.textContent.includes("Call back")).length`
	b.click("Change several")
	b.fill("#bulk-tag", "Call back")
	b.leave("Change all 7 that match…")
	b.sees("Change 7 responses", "Call back")
	b.leave("Change 7 responses")
	b.sees("7 responses were changed.")
	b.until("all are tagged", tagged+" === 7")
	b.leave("Undo")
	b.until("none is tagged", tagged+" === 0")
}

func (b *tab) keepsAndShares() {
	b.open(older)
	b.click("Save view")
	b.fill("#view-name", "Older, agreed")
	b.do("share it", chromedp.Click(chromedp.CSS("#view-shared")))
	b.leaveIn("#save-view", "Save")
	b.until("the sidebar counts it", `document.querySelector("#nav-views li:last-child .nav-view-count")?.textContent === "7"`)
	b.open("/alerts")
	b.leaveIn("#nav-views li:last-child", "")
	b.at(older)
	b.seesIn("#page-place", "1–7 of 7")
	b.accessible()
	b.fits(390)
	b.wear(look{})
}

// opensTheLink of a colleague, and finds the view and the mention without it.
func (b *tab) opensTheLink() {
	b.open(older)
	b.seesIn("#page-place", "1–7 of 7")
	b.until("the view is shared", `document.querySelector("#nav-views li:last-child").innerText.replace(/\s+/g, " ").includes("Older, agreed 7")`)
	b.leaveIn("#nav-views", "Mentions")
	b.seesIn("#page-place", "1 of 1")
	b.opensBeside(".response-row")
	b.seesIn("#response-panel", "Person 34", "please call")
}

// sizesColumns by the mouse and by keys.
func (b *tab) sizesColumns() {
	const edge = `[data-column="age"]`
	width := `document.querySelector('` + edge + `').closest("th").offsetWidth`
	at := ask[[2]float64](b, `(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('`+edge+`').getBoundingClientRect())`)
	was := ask[int](b, width)
	for i, kind := range []input.DispatchMouseEventType{chromedp.MousePressed, chromedp.MouseMoved, chromedp.MouseReleased} {
		b.do("drag", chromedp.MouseEvent(kind, at[0]+float64(min(i, 1)*60), at[1], chromedp.Button("left"), chromedp.ClickCount(1)))
	}
	b.until("the width is kept", `document.querySelector('`+edge+`').dataset.kept !== undefined`)
	b.open(older)
	if now := ask[int](b, width); now != was+60 {
		b.Errorf("after dragging by 60 the column is %d wide; want %d", now, was+60)
	}
	b.do("the edge", chromedp.Focus(chromedp.CSS(edge)))
	b.key(kb.ArrowRight)
	b.key(kb.ArrowRight)
	b.until("the width is kept", `document.querySelector('`+edge+`').dataset.kept !== undefined`)
	b.open(older)
	if now := ask[int](b, width); now != was+92 {
		b.Errorf("two presses later it is %d wide; want %d", now, was+92)
	}
	b.accessible()
}

// waitsCalmly sees nothing happen at once, and rows as bars after a while.
func (b *tab) waitsCalmly() {
	const words = `getComputedStyle(document.querySelector(".response-row .cell-name")).visibility`
	if got := ask[string](b, `document.querySelector("#results").setAttribute("aria-busy", "true"), `+words); got != "visible" {
		b.Errorf("as soon as the list is fetched its words are %s", got)
	}
	b.until("bars", words+` === "hidden"`)
	ask[any](b, `document.querySelector("#results").removeAttribute("aria-busy"), 1`)
	b.until("words again", words+` === "visible"`)
}

// exportsThePage as CSV and as a workbook, and compares both with the rows on the page.
func (b *tab) exportsThePage(folder string) {
	heads := []string{"Department", "Name", "Age", "Symptoms"}
	want := ask[[][]string](b, `(heads => {
		const cells = row => [...row.cells].map(c => [...c.querySelectorAll(".chip")].map(e => e.innerText.trim()).join("; ") || c.innerText.trim());
		const all = cells(document.querySelector("#results thead tr"));
		return [...document.querySelectorAll(".response-row")].map(row => heads.map(h => cells(row)[all.indexOf(h)]));
	})(`+`["Department", "Name", "Age", "Symptoms"])`)
	if len(want) != 7 || want[0][1] != "Person 38" {
		b.Fatalf("the page shows %v; want 7 rows", want)
	}
	file := func(kind string) []byte {
		name := filepath.Join(folder, "responses-appointment-"+time.Now().UTC().Format(time.DateOnly)+"."+kind)
		b.open(older)
		b.leaveIn("#responses-head", "Export")
		b.sees("Filtered as the list was (7)")
		b.choose("#format", kind)
		b.leaveIn("#export-form", "Export")
		b.sees(filepath.Base(name))
		var raw []byte
		eventually(b.T, "downloaded "+name, func() bool { raw, _ = os.ReadFile(name); return len(raw) > 0 })
		b.seesIn("#progress", "7 responses")
		return raw
	}
	if got := taken(records(b.T, string(file("csv")), ','), heads); !slices.EqualFunc(got, want, slices.Equal) {
		b.Errorf("the CSV has %v; want what the page shows: %v", got, want)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file("xlsx")))
	if err != nil {
		b.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Responses")
	if got := taken(rows, heads); err != nil || !slices.EqualFunc(got, want, slices.Equal) {
		b.Errorf("the workbook has %v, %v; want what the page shows: %v", got, err, want)
	}
}

// taken are some columns of a table by their heads, without the head.
func taken(rows [][]string, heads []string) (some [][]string) {
	for _, row := range rows[1:] {
		var cells []string
		for _, h := range heads {
			cells = append(cells, strings.TrimSpace(row[slices.Index(rows[0], h)]))
		}
		some = append(some, cells)
	}
	return some
}

package web_test

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A hand is how a person works with a page: with the mouse, or with the keyboard alone.
type hand interface {
	push(part, name string)   // a button or link within a part of the page
	follow(part, name string) // one that leads to another page
	write(css, text string)   // types over what stands in a field
	paste(css, text string)
	pick(css, label string) // takes the option whose words begin so
	tick(css string)
	day(css string, year, month, day int)
}

// mouse points and clicks; it types where it clicked.
type mouse struct{ *tab }

func (m mouse) push(part, name string)   { m.Helper(); m.clickIn(part, name) }
func (m mouse) follow(part, name string) { m.Helper(); m.leaveIn(part, name) }
func (m mouse) write(css, text string)   { m.Helper(); m.fill(css, text) }

func (m mouse) paste(css, text string) {
	m.Helper()
	m.tick(css)
	m.do("paste", command(input.InsertText, input.InsertTextParams{Text: text}))
}

func (m mouse) pick(css, label string) {
	m.Helper()
	m.until(css+" offers "+label, fmt.Sprintf("(%s)(document.querySelector(%s), %s) >= 0", offeredAs, js(css), js(label)))
	m.choose(css, ask[string](m.tab, fmt.Sprintf("(s => s.options[(%s)(s, %s)].value)(document.querySelector(%s))", offeredAs, js(label), js(css))))
}

func (m mouse) tick(css string) {
	m.Helper()
	m.do("click "+css, chromedp.Click(chromedp.CSS(css)))
	m.settled()
}

func (m mouse) day(css string, year, month, day int) {
	m.Helper()
	m.set(css, fmt.Sprintf("%04d-%02d-%02d", year, month, day))
}

// offeredAs is the place of the option of a select that is called so: in full, or by how it begins, or by its id in brackets.
const offeredAs = `(s, label) => {
	const texts = s === null || s.disabled ? [] : [...s.options].map(o => o.text.trim());
	const exact = texts.indexOf(label);
	return exact >= 0 ? exact : texts.findIndex(t => t.startsWith(label) || label.startsWith("(") && t.includes(label));
}`

// keyboard goes by Tab and presses Enter, Space and arrows; nothing is clicked, nothing focused by a script.
type keyboard struct{ *tab }

// farthest is how many presses of Tab are too many for any control.
const farthest = 250

// reach presses Tab until what has the focus is as said; is says so of the element e.
func (k keyboard) reach(what, is string) {
	k.Helper()
	at := fmt.Sprintf("(e => %s)(document.activeElement)", is)
	for range farthest {
		if ask[bool](k.tab, at) {
			return
		}
		k.press(kb.Tab)
		if ask[bool](k.tab, `document.querySelector(".htmx-request") !== null`) {
			k.settled() // the form goes on where it was left
		}
	}
	k.Fatalf("%d presses of Tab on %s do not lead to %s; the focus is at %s", farthest, k.path(), what, ask[string](k.tab, "document.activeElement.outerHTML.slice(0, 300)"))
}

func (k keyboard) reachNamed(part, name string) {
	k.Helper()
	k.reach(name, fmt.Sprintf("e.closest(%s) !== null && (%s)(e.closest(%s), %s) === e", js(part), named, js(part), js(name)))
}

func (k keyboard) reachField(css string) {
	k.Helper()
	k.reach(css, fmt.Sprintf("e.matches(%s)", js(css)))
}

func (k keyboard) push(part, name string) {
	k.Helper()
	k.reachNamed(part, name)
	k.press(kb.Enter)
	k.settled()
}

func (k keyboard) follow(part, name string) {
	k.Helper()
	k.reachNamed(part, name)
	k.leaves(kb.Enter)
}

// leaves presses keys that lead to another page.
func (k keyboard) leaves(keys string) {
	k.Helper()
	ask[any](k.tab, "window.before = true, 1")
	k.press(keys)
	k.until("another page", `window.before === undefined && document.readyState === "complete"`)
	k.settled()
}

// write types; Tab has selected what stood in a line.
func (k keyboard) write(css, text string) {
	k.Helper()
	k.reachField(css)
	k.press(text)
	if got := k.value(css); got != text {
		k.Errorf("typing %q leaves %q in %s", text, got, css)
	}
}

func (k keyboard) paste(css, text string) {
	k.Helper()
	k.reachField(css)
	k.do("paste", command(input.InsertText, input.InsertTextParams{Text: text}))
}

// pick goes to the option by arrows. Other options are passed by on the way.
func (k keyboard) pick(css, label string) {
	k.Helper()
	k.reachField(css)
	steps := ask[int](k.tab, fmt.Sprintf("(s => (%s)(s, %s) - s.selectedIndex)(document.activeElement)", offeredAs, js(label)))
	key := kb.ArrowDown
	if steps < 0 {
		key, steps = kb.ArrowUp, -steps
	}
	k.press(strings.Repeat(key, steps))
	if got := ask[string](k.tab, "document.activeElement.selectedOptions?.[0]?.text.trim()"); !strings.HasPrefix(got, label) && !strings.HasSuffix(got, label) {
		k.Fatalf("%d arrows in %s lead to %q; want %q of %s", steps, css, got, label, ask[string](k.tab, `[...document.activeElement.options ?? []].map(o => o.text.trim()).join(" | ")`))
	}
}

func (k keyboard) tick(css string) {
	k.Helper()
	k.reachField(css)
	k.press(" ")
	k.settled()
}

// day types a date as a browser in English takes it.
func (k keyboard) day(css string, year, month, day int) {
	k.Helper()
	k.reachField(css)
	k.press(fmt.Sprintf("%02d%02d%04d", month, day, year))
}

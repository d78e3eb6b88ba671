package web_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// open goes to an address of the site, as if it were typed.
func (b *tab) open(path string) {
	b.Helper()
	b.do("open "+path, chromedp.Navigate(b.origin+path))
	b.settled()
}

// signIn enters as the person of that role.
func (b *tab) signIn(role string) {
	b.Helper()
	b.open("/sign-in")
	b.fill("#email", email(role))
	b.fill("#password", password)
	b.leave("Sign in")
}

// path is the address without its origin.
func (b *tab) path() string {
	b.Helper()
	return ask[string](b, "location.pathname + location.search + location.hash")
}

// at fails the test when the address is another.
func (b *tab) at(want string) {
	b.Helper()
	if got := b.path(); got != want {
		b.Fatalf("the page is %s; want %s", got, want)
	}
}

// fill replaces the text of a field by typing.
func (b *tab) fill(css, text string) {
	b.Helper()
	b.do("empty "+css, chromedp.Focus(chromedp.CSS(css)))
	ask[any](b, fmt.Sprintf("document.querySelector(%s).select(), 1", js(css)))
	b.do("fill "+css, chromedp.SendKeys(chromedp.CSS(css), text))
}

// choose takes the option with that value.
func (b *tab) choose(css, value string) {
	b.Helper()
	b.until(css+" offers "+value, fmt.Sprintf("[...document.querySelector(%s).options].some(o => o.value === %s)", js(css), js(value)))
	b.do("focus "+css, chromedp.Focus(chromedp.CSS(css)))
	ask[any](b, fmt.Sprintf(`(s => { s.value = %s; for (const e of ["input", "change"]) s.dispatchEvent(new Event(e, {bubbles: true})); return 1 })(document.querySelector(%s))`, js(value), js(css)))
	b.settled()
}

// set gives a field its value at once, as the browser's own picker does.
func (b *tab) set(css, value string) {
	b.Helper()
	b.until(css+" is there", fmt.Sprintf("document.querySelector(%s) !== null", js(css)))
	ask[any](b, fmt.Sprintf(`(f => { f.value = %s; for (const e of ["input", "change"]) f.dispatchEvent(new Event(e, {bubbles: true})); return 1 })(document.querySelector(%s))`, js(value), js(css)))
}

// upload chooses a file.
func (b *tab) upload(css, path string) {
	b.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		b.Fatal(err)
	}
	b.do("upload "+path, chromedp.SetUploadFiles(chromedp.CSS(css), []string{abs}))
}

// click presses what is called so: a button, a link, the head of something folded.
func (b *tab) click(name string) {
	b.Helper()
	b.clickIn("body", name)
}

// clickIn presses what is called so within a part of the page.
func (b *tab) clickIn(css, name string) {
	b.Helper()
	where := fmt.Sprintf("document.querySelector(%s)", js(css))
	b.until(name+" can be pressed", fmt.Sprintf("(%s)(%s, %s) !== null", named, where, js(name)))
	b.do("click "+name, chromedp.Click(chromedp.JSPath(fmt.Sprintf("(%s)(%s, %s)", named, where, js(name)))))
	b.settled()
}

// named finds what a person would press, by its accessible name or the start of it.
const named = `(part, name) => {
	const words = e => (e.getAttribute("aria-label") || e.textContent.trim() || e.title).replace(/\s+/g, " ").trim();
	const all = part === null ? [] : [...part.querySelectorAll("a, button, summary")].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.classList.contains("sr-only"));
	return all.find(e => words(e) === name) || all.find(e => words(e).startsWith(name)) || null;
}`

// leave presses what leads to another page, and waits for that.
func (b *tab) leave(name string) {
	b.Helper()
	b.leaveIn("body", name)
}

func (b *tab) leaveIn(css, name string) {
	b.Helper()
	ask[any](b, "window.before = true, 1")
	b.clickIn(css, name)
	b.until("another page after "+name, `window.before === undefined && document.readyState === "complete"`)
	b.settled()
}

// opensBeside clicks a response, which a wide window shows beside the list.
func (b *tab) opensBeside(css string) {
	b.Helper()
	b.clickIn(css, "")
	b.until("the response beside the list", `document.querySelector("#response-panel #panel-title") === document.activeElement`)
}

// settled waits until htmx has nothing under way.
func (b *tab) settled() {
	b.Helper()
	b.until("settled", `document.readyState === "complete" && document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy=true], [data-waits]") === null`)
}

// press types keys wherever the focus is.
func (b *tab) press(keys string) {
	b.Helper()
	b.do("press "+keys, chromedp.KeyEvent(keys))
}

// sees waits for text that a person can read.
func (b *tab) sees(texts ...string) {
	b.Helper()
	b.seesIn("body", texts...)
}

func (b *tab) seesIn(css string, texts ...string) {
	b.Helper()
	for _, text := range texts {
		b.until(fmt.Sprintf("%q in %s of %s", text, css, b.path()), fmt.Sprintf("(document.querySelector(%s)?.innerText ?? '').replace(/\\s+/g, ' ').includes(%s)", js(css), js(text)))
	}
}

// seesNot fails the test when the text stands on the page.
func (b *tab) seesNot(texts ...string) {
	b.Helper()
	body := ask[string](b, "document.body.innerText")
	for _, text := range texts {
		if strings.Contains(body, text) {
			b.Errorf("%s shows %q; want it not there", b.path(), text)
		}
	}
}

// value is what stands in a field.
func (b *tab) value(css string) string {
	b.Helper()
	return ask[string](b, fmt.Sprintf("document.querySelector(%s).value", js(css)))
}

// focused is the id of what has the focus.
func (b *tab) focused() string {
	b.Helper()
	return ask[string](b, `document.activeElement?.id ?? ""`)
}

// js writes a text as JavaScript does.
func js(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

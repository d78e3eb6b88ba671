package web_test

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// readAxe reads axe-core once.
var readAxe = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("testdata/axe/axe.min.js") })

// runAxe runs what was given through the protocol, so that the policy of the page does not block it.
const runAxe = `(async () => {
	const r = await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]});
	return JSON.stringify(r.violations.flatMap(v => v.nodes.slice(0, 4).map(n => v.id + ": " + n.target.join(" ") + "\n\t" + n.html.slice(0, 160) +
		"\n\t" + [...n.any, ...n.all, ...n.none].map(c => c.message).join("; "))));
})()`

// accessible fails the test for each violation that axe finds, in light and in dark.
func (b *tab) accessible() {
	b.Helper()
	axe, err := readAxe()
	if err != nil {
		b.Fatal(err)
	}
	ask[any](b, string(axe)+";1")
	for _, dark := range []bool{false, true} {
		l := b.look
		l.dark = dark
		b.wear(l)
		b.until("in its colours", fmt.Sprintf(`document.documentElement.classList.contains("dark") === %t`, dark))
		var found []string
		if err := json.Unmarshal([]byte(ask[string](b, runAxe)), &found); err != nil {
			b.Fatal(err)
		}
		for _, v := range found {
			b.Errorf("axe at %s, dark %t: %s", b.path(), dark, v)
		}
	}
}

// tooWide lists what sticks out of the window to the right, unless it lies in a box that scrolls by itself.
const tooWide = `(async () => {
	await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); // scripts have heard of the new width
	const root = document.documentElement, wide = innerWidth;
	if (root.scrollWidth <= wide) return "";
	const boxed = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return true; return false };
	const out = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > wide + 0.5 && !boxed(e));
	return root.scrollWidth + " px: " + out.slice(0, 3).map(e => e.outerHTML.slice(0, 140)).join(" … ");
})()`

// fits fails the test when the page must be scrolled sideways in windows of these widths.
func (b *tab) fits(widths ...int64) {
	b.Helper()
	for _, w := range widths {
		l := b.look
		l.width = w
		b.wear(l)
		b.until("the new width", fmt.Sprintf("innerWidth === %d", w))
		if wide := ask[string](b, tooWide); wide != "" {
			b.Errorf("%s in a window of %d px is wider: %s", b.path(), w, wide)
		}
	}
}

package web_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestBrowserPictureOfTheRules goes through all that the picture does, as a person would.
func TestBrowserPictureOfTheRules(t *testing.T) {
	t.Parallel()
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	b := signedIn(t, s, "operator")
	const here = "/flows/appointment/rules"
	b.open(here)
	for _, c := range []struct {
		name string
		do   func(b *tab)
	}{
		{"a click on a card leads to its rules", pressCard},
		{"the keyboard goes from the picture to a rule", walkPicture},
		{"the list has the same screens and targets", comparePicture},
		{"moving a rule redraws it in place, and the focus stays", movePicturedRule},
		{"its size and folding are remembered", sizePicture},
		{"what leads to the same card lights up together", lightPicture},
		{"it is printed as lines, on one page", printPicture},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := b.within(t)
			b.open(here)
			c.do(b)
		})
	}
}

func pressCard(b *tab) {
	b.stays(func() {
		b.do("click the card", chromedp.Click(chromedp.CSS(`.graph-head[href="#screen-DETAILS"] .graph-name`)))
		b.at("/flows/appointment/rules#screen-DETAILS")
	})
	b.until("the rules of the screen have the focus", `document.activeElement.id === "screen-DETAILS"`)
}

func walkPicture(b *tab) {
	ask[any](b, `document.querySelector(".picture-box").focus(), 1`)
	for _, want := range []string{"#screen-opening", "#otherwise-opening", "#screen-APPOINTMENT", "#rule-"} {
		b.press(kb.Tab)
		if got := ask[string](b, `document.activeElement.getAttribute("href")`); !strings.HasPrefix(got, want) {
			b.Fatalf("Tab came to %s; want %s", got, want)
		}
		if !ask[bool](b, `getComputedStyle(document.activeElement.querySelector(".graph-box, .graph-bar")).strokeWidth === "2.5px"`) {
			b.Errorf("nothing shows that %s has the focus", want)
		}
	}
	rule := ask[string](b, `document.activeElement.getAttribute("href").slice(1)`)
	b.press(kb.Enter)
	b.until("the rule has the focus", `document.activeElement.id === `+js(rule))
}

func comparePicture(b *tab) {
	b.click("As a list")
	drawn := ask[[]string](b, `[...document.querySelectorAll(".picture-box a")].map(a => a.getAttribute("href") + " " + a.querySelector("title").textContent.replace(/^Rules of /, ""))`)
	listed := ask[[]string](b, `[...document.querySelectorAll(".picture-list a")].map(a => {
		const target = a.closest("ul") ? ": " + a.nextElementSibling.textContent : "";
		return a.getAttribute("href") + " " + a.textContent + target;
	})`)
	if len(listed) < 12 || len(drawn) != len(listed) {
		b.Fatalf("the picture has %d links and the list %d; want the same, and at least 12:\n%q\n%q", len(drawn), len(listed), drawn, listed)
	}
	for i := range listed {
		if !strings.HasPrefix(drawn[i], listed[i]) {
			b.Errorf("the picture says %q where the list says %q", drawn[i], listed[i])
		}
	}
	if ends := ask[string](b, `[...document.querySelectorAll(".picture-list ol strong")].map(e => e.textContent).join()`); ends != "Finish" {
		b.Errorf("ends in the list are %q; want Finish", ends)
	}
}

const picturedRules = `[...document.querySelectorAll('.graph-row[href^="#rule-"]')].map(a => a.getAttribute("href"))`

func movePicturedRule(b *tab) {
	before := ask[[]string](b, picturedRules)
	id := ask[string](b, `document.querySelector('#screen-DETAILS [name="do"][value="down"]').id`)
	b.stays(func() {
		ask[any](b, fmt.Sprintf(`document.getElementById(%s).focus(), 1`, js(id)))
		b.press(kb.Enter)
		b.sees("Rule moved to position 2.")
	})
	i := slices.Index(before, "#rule-"+strings.TrimPrefix(id, "down-"))
	if i < 0 {
		b.Fatalf("%s is not in the picture: %q", id, before)
	}
	before[i], before[i+1] = before[i+1], before[i]
	b.until("the rules stand in the new order in the picture", fmt.Sprintf(`%s.join() === %s`, picturedRules, js(strings.Join(before, ","))))
	b.until("the button keeps the focus", `document.activeElement.id === `+js(id))
}

func sizePicture(b *tab) {
	const width = `document.querySelector(".picture-box svg").getBoundingClientRect().width`
	whole := ask[float64](b, `Number(document.querySelector(".picture-box").dataset.width)`)
	b.stays(func() { b.clickIn("#picture", "150 %") })
	b.open("/flows/appointment/rules")
	if got := ask[float64](b, width); got < 1.49*whole || got > 1.51*whole {
		b.Errorf("at 150 %% the picture is %v wide; want 1.5 times %v", got, whole)
	}
	b.clickIn("#picture", "Fit")
	if !ask[bool](b, `(box => box.scrollWidth <= box.clientWidth)(document.querySelector(".picture-box"))`) {
		b.Errorf("the picture that is to fit does not: it is %v wide", ask[float64](b, width))
	}
	b.clickIn("#picture", "Picture")
	b.open("/flows/claim/rules")
	if ask[bool](b, `document.querySelector("#picture > details").open`) {
		b.Errorf("the picture that was folded away is back")
	}
	b.clickIn("#picture", "Picture")
}

func lightPicture(b *tab) {
	ask[any](b, `document.querySelector('.graph-row[href^="#rule-"]:has([data-to])').focus(), 1`)
	to := ask[string](b, `document.activeElement.querySelector(".graph-line").dataset.to`)
	lit := ask[[]string](b, `[...document.querySelectorAll(".graph > .graph-line[data-lit]")].map(l => l.dataset.to)`)
	if len(lit) == 0 || slices.ContainsFunc(lit, func(l string) bool { return l != to }) {
		b.Errorf("lines to %q light up; want those to %s", lit, to)
	}
}

func printPicture(b *tab) {
	shapes := ask[int](b, `document.querySelectorAll(".picture-box rect").length`)
	b.open("/flows/appointment/rules/picture")
	pages, curves, images := printed(b)
	if pages != 1 || curves < 4*shapes || images > 0 { // a rounded rectangle has four curves
		b.Errorf("the picture is printed with %d curves and %d images on %d pages; want at least %d curves and no image on 1 page", curves, images, pages, 4*shapes)
	}
	b.open("/flows/appointment/rules")
	_, with, _ := printed(b)
	ask[any](b, `document.querySelector("#picture").remove(), 1`)
	if _, without, _ := printed(b); with-without < 4*shapes {
		b.Errorf("the rules are printed with %d curves, and %d without the picture; want it to have at least %d", with, without, 4*shapes)
	}
}

// printed counts what a PDF of the page holds.
func printed(b *tab) (pages, curves, images int) {
	b.Helper()
	var pdf []byte
	b.do("print", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		r, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: new(true)})
		pdf = r.Data
		return err
	}))
	curve := regexp.MustCompile(`(?m) c$`)
	for rest := pdf; ; {
		_, after, found := bytes.Cut(rest, []byte("stream\n"))
		if !found {
			break
		}
		rest = after
		if z, err := zlib.NewReader(bytes.NewReader(after)); err == nil {
			text, _ := io.ReadAll(z)
			curves += len(curve.FindAll(text, -1))
		}
	}
	return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1)), curves, bytes.Count(pdf, []byte("/Subtype /Image"))
}

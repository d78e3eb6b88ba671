package web_test

import (
	"fmt"
	"strings"
	"testing"

	"switchyard/models"
)

// harm is what a text must never become.
const harm = `[window.evil === undefined ? "" : "a script ran", ...[...document.querySelectorAll("script:not([src]), [onerror], [onmouseover], [onload], main svg[onload], img[src=x], a[href^='javascript:']")].map(e => e.outerHTML.slice(0, 80))].filter(Boolean).join(" ")`

// TestBrowserShowsHostileTextAsText opens each page of responses where all words are hostile: they are read as they are
// written, nothing runs, and nothing is wider than the window.
func TestBrowserShowsHostileTextAsText(t *testing.T) {
	t.Parallel()
	s, _ := spoil(t)
	b := openTab(t, s.server.URL, look{})
	b.signIn("support")
	page, err := s.DB().Responses(t.Context(), models.ResponseFilter{Limit: len(evil)})
	must(t, err)
	paths := []string{"/responses", "/responses?flow=evil", "/responses?flow=evil&tag=" + "%3Cscript%3Ewindow.evil%3D1%3C%2Fscript%3E", "/responses/columns?flow=evil", "/responses/export?flow=evil", "/views", "/triage"}
	for i, r := range page.Rows {
		if i%3 == 1 || len(r.Contact.Name) > 5000 {
			paths = append(paths, fmt.Sprintf("/responses/%d?flow=evil", r.ID))
		}
	}
	for _, path := range paths {
		b.open(path)
		if bad := ask[string](b, harm); bad != "" {
			b.Errorf("%s: a text became %s", path, bad)
		}
		if twice := ask[string](b, sharedIDs); twice != "" {
			b.Errorf("%s has more than one element with the id %s", path, twice)
		}
		b.fits(390, 1400)
	}
	b.open("/responses?flow=evil")
	seen := plainWords(ask[string](b, "document.body.innerText"))
	for _, text := range evil {
		if want := plainWords(text); len(want) < 80 && !strings.Contains(seen, want) {
			b.Errorf("the list does not show %q as it was written", want)
		}
	}
	b.click("Filter")
	b.choose(`[id="field.0"]`, "choice")
	b.until("its options", `document.querySelectorAll("#filter-form .chip-choice").length === `+fmt.Sprint(len(evil)))
	b.opensBeside(".response-row")
	if bad := ask[string](b, harm); bad != "" {
		b.Errorf("beside the list a text became %s", bad)
	}
	b.accessible()
}

// plainWords is a text without what a page may show otherwise: blanks, and what cannot be seen.
func plainWords(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\x00", "", "␀", "", "\u00a0", " ").Replace(s)), " ")
}

package web_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// TestEveryLinkOfEveryPageLeadsSomewhere walks all pages of an administrator from the overview: each link, form and
// hx address must be a route, links must answer, and each anchor must be on its page.
func TestEveryLinkOfEveryPageLeadsSomewhere(t *testing.T) {
	s, _ := samples(t, webhooks(t))
	s.addUsers(t)
	w := walker{site: s, seen: map[string]bool{}, shapes: map[string]int{}, routes: map[string][]string{}}
	for _, r := range s.Routes() {
		w.routes[r.Method] = append(w.routes[r.Method], r.Path)
	}
	w.visit(t, "/", "the start")
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.visit(t, next[0], next[1])
	}
	if len(w.seen) < 40 {
		t.Errorf("%d pages were walked; want at least 40", len(w.seen))
	}
}

type walker struct {
	*site
	seen   map[string]bool
	shapes map[string]int // how often an address with such parameters was visited
	queue  [][2]string    // address, and the page that leads there
	routes map[string][]string
}

func (w *walker) visit(t *testing.T, path, from string) {
	t.Helper()
	if w.seen[path] || !w.another(path) {
		return
	}
	w.seen[path] = true
	got := w.send(t, scenario{as: "admin", path: path})
	for got.status == 429 { // a person is not that quick
		time.Sleep(100 * time.Millisecond)
		got = w.send(t, scenario{as: "admin", path: path})
	}
	if got.status != 200 {
		t.Errorf("%s, linked from %s, answers %d", path, from, got.status)
		return
	}
	if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		return
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		t.Errorf("%s has %d h1; want 1", path, n)
	}
	doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) { w.follow(t, doc, a.AttrOr("href", ""), path) })
	doc.Find("form[action]").Each(func(_ int, f *goquery.Selection) {
		w.known(t, strings.ToUpper(f.AttrOr("method", "get")), f.AttrOr("action", ""), path)
	})
	for attr, method := range map[string]string{"hx-get": "GET", "hx-post": "POST", "sse-connect": "GET"} {
		doc.Find("[" + attr + "]").Each(func(_ int, e *goquery.Selection) { w.known(t, method, e.AttrOr(attr, ""), path) })
	}
}

// another tells whether a page is worth a visit: filters lead to each other without end, so those of the same parameters
// are visited once, and none that has more than three.
func (w *walker) another(path string) bool {
	bare, query, asks := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if !asks || err != nil {
		return true
	}
	shape := bare + "?" + strings.Join(slices.Sorted(maps.Keys(values)), "&")
	w.shapes[shape]++
	return w.shapes[shape] == 1 && len(values) <= 3
}

func (w *walker) follow(t *testing.T, doc *goquery.Document, href, from string) {
	t.Helper()
	u, err := url.Parse(href)
	if err != nil {
		t.Errorf("%s links to %q: %v", from, href, err)
		return
	}
	if u.Host != "" {
		if u.Scheme != "https" || u.Host != "wa.me" {
			t.Errorf("%s links to another host: %s", from, href)
		}
		return
	}
	if u.Path == "" && u.RawQuery == "" {
		if u.Fragment != "" && doc.Find(`[id="`+u.Fragment+`"]`).Length() == 0 {
			t.Errorf("%s links to #%s, which is not there", from, u.Fragment)
		}
		return
	}
	w.known(t, "GET", href, from)
	if narrowed(t, from) {
		return
	}
	u.Fragment = ""
	w.queue = append(w.queue, [2]string{u.String(), from})
}

// narrowed tells whether a page is about responses that a bar of their distribution picked: it has as many bars again, and
// each of them leads to as many more.
func narrowed(t *testing.T, page string) bool {
	t.Helper()
	u, err := url.Parse(page)
	must(t, err)
	q := u.Query()
	return strings.HasPrefix(u.Path, "/responses") && slices.ContainsFunc([]string{"w", "from", "outcome", "state", "show", "last"}, q.Has)
}

// known tells whether an address is one of the routes.
func (w *walker) known(t *testing.T, method, address, from string) {
	t.Helper()
	path, _, _ := strings.Cut(address, "?")
	path, _, _ = strings.Cut(path, "#")
	for _, r := range w.routes[method] {
		if matches(r, path) {
			return
		}
	}
	t.Errorf("%s has %s %s, which is no route", from, method, address)
}

func matches(route, path string) bool {
	if prefix, ok := strings.CutSuffix(route, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], ":") {
			return false
		}
	}
	return true
}

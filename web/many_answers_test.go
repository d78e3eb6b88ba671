package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestAResponseWithTooManyAnswersStopsNoPage delivers one with 80,000 answers: pages show the first and say how many
// more there are, and what the flow asks keeps its column.
func TestAResponseWithTooManyAnswersStopsNoPage(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	answers := map[string]any{"flow_token": "appointment.1", "name": "Ana Lopes", "list": make([]int, 3000), "word": strings.Repeat("w", 100_000)}
	for i := range 80_000 {
		answers[fmt.Sprintf("k%05d", i)] = "v"
	}
	s.response(t, "5511987650017", strings.Repeat("Ana ", 1250), answers)
	detail := fmt.Sprintf("/responses/%d", s.newest(t).ID)
	began := time.Now()
	for _, c := range []struct {
		as, path string
		contains []string
	}{
		{"support", "/", []string{"Ana Lopes"}},
		{"support", "/responses", []string{"Ana Lopes"}},
		{"support", "/responses?flow=appointment", []string{"Ana Lopes", "The first 200 answers of this flow have a column here.", "are on the pages of the responses"}},
		{"viewer", "/responses?flow=appointment", []string{"Ana Lopes", "are on the pages of the responses"}},
		{"support", detail, []string{"Ana Lopes", "And 79,803 more answers.", "The first 64 KiB of "}},
		{"viewer", detail, []string{"Ana Lopes", "And 79,803 more answers.", "The first 64 KiB of ", "Written anew from the answers"}},
	} {
		got := s.send(t, scenario{as: c.as, path: c.path})
		got.check(t, scenario{path: c.path, as: c.as, status: 200})
		for _, part := range c.contains {
			if !strings.Contains(got.body, part) {
				t.Errorf("GET %s as %s does not say %q", c.path, c.as, part)
			}
		}
		doc := parsed(t, got.body)
		if heads, rows := doc.Find("th").Length(), doc.Find(".answers dt").Length(); heads > 220 || rows > 200 || len(got.body) > 600_000 {
			t.Errorf("GET %s as %s = %d column heads, %d answers, %d bytes; want a page that is bounded", c.path, c.as, heads, rows, len(got.body))
		}
		if name := []rune(doc.Find(".cell-name").First().Text()); len(name) > 60 {
			t.Errorf("GET %s as %s shows a name of %d characters; want it shortened", c.path, c.as, len(name))
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("six pages took %v; want each far from the limit of 10 s", took)
	}
}

func TestASearchThatIsTooLongIsToldBesideItsBox(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	long := url.Values{"q": {strings.Repeat("ä", 300)}, "flow": {"claim"}, "from": {"2026-01-02"}}.Encode()
	got := s.send(t, scenario{as: "support", path: "/responses?" + long})
	got.check(t, scenario{as: "support", path: "/responses?…", status: 422, contains: []string{`href="#q"`, `id="q-error"`, "Search for at most 20 words and 500 characters."}})
	if form := formValues(t, got.body, "form.filters"); form.Get("flow") != "claim" || form.Get("from") != "2026-01-02" || len(form.Get("q")) != 600 {
		t.Errorf("the filter is %v; want it as it was", form)
	}
	if max := parsed(t, got.body).Find("#q").AttrOr("maxlength", ""); max != "500" {
		t.Errorf("maxlength of the search = %q; want 500", max)
	}
	s.run(t, []scenario{{name: "nor is it exported", as: "support", path: "/responses/export?" + long, status: 422}})
}

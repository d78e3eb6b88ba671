package web_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

// file fills in the page of an export of a list's filter, and fetches the file as a browser does.
func (s *site) file(t *testing.T, as, list string, change url.Values) answer {
	t.Helper()
	form := url.Values{"list": {list}, "scope": {"filtered"}, "format": {"csv"}, "bom": {"1"}, "columns": {"all"}, "do": {"export"}}
	maps.Copy(form, change)
	begun := s.send(t, scenario{as: as, method: "POST", path: "/exports", form: form})
	to := begun.header.Get("Location")
	if begun.status != 303 {
		return begun
	}
	page := s.send(t, scenario{as: as, path: to})
	if page.header.Get("Refresh") != "0; url="+to+"/file" {
		t.Fatalf("GET %s = %d, Refresh %q; want it to lead to the file", to, page.status, page.header.Get("Refresh"))
	}
	return s.send(t, scenario{as: as, path: to + "/file"})
}

// exported is the column of that name of the page's export with a query.
func (s *site) exported(t *testing.T, query, column string) (cells []string) {
	t.Helper()
	got := s.file(t, "support", strings.TrimPrefix(query, "?"), nil)
	if got.status != 200 || got.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("GET /responses/export%s = %d, %s", query, got.status, got.header.Get("Content-Type"))
	}
	text, ok := strings.CutPrefix(got.body, "\ufeff")
	if !ok || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Errorf("GET /responses/export%s starts with %.20q; want a byte order mark, and CRLF for spreadsheets", query, got.body)
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	must(t, err)
	at := -1
	for i, name := range records[0] {
		if name == column {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("GET /responses/export%s has no column %s: %v", query, column, records[0])
	}
	for _, r := range records[1:] {
		cells = append(cells, r[at])
	}
	return cells
}

func TestThePageExportsWhatItsFilterShowsAndAllOfIt(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	s.response(t, "5511987650001", "Ana", map[string]any{"flow_token": "appointment.1"})
	s.response(t, "5511987650002", "Bia", map[string]any{"flow_token": "claim.1"})
	s.response(t, "5511987650003", "Caio", map[string]any{"topping": "olives"})
	must(t, s.DB().StoreDeliveries(t.Context(), []models.Delivery{{Source: "meta", ReceivedAt: models.Time{Time: time.Now().AddDate(0, 0, -9)},
		Body: reply("OLD", "5511987650004", "Davi", map[string]any{"flow_token": "appointment.2", "name": "=1+1"})}}))
	eventually(t, "decoded", func() bool {
		n, err := s.DB().CountResponses(t.Context(), models.ResponseFilter{})
		return err == nil && n == 4
	})
	newest := s.newest(t).ID
	for query, want := range map[string]string{
		"":                                     "Caio Bia Ana Davi",
		"?flow=appointment":                    "Ana Davi",
		"?state=unmatched":                     "Caio",
		"?state=unreadable":                    "",
		"?flow=appointment&state=complete":     "Ana Davi",
		"?q=bia":                               "Bia",
		"?q=olives":                            "Caio",
		"?from=" + day(-1):                     "Caio Bia Ana",
		"?to=" + day(-5):                       "Davi",
		"?from=" + day(-12) + "&to=" + day(-1): "Davi",
		"?from=" + day(2):                      "",
		fmt.Sprintf("?before=%d", newest):      "Caio Bia Ana Davi", // a page of the list is no filter
		fmt.Sprintf("?after=%d", newest-1):     "Caio Bia Ana Davi",
	} {
		if got := strings.Join(s.exported(t, query, "name"), " "); got != want {
			t.Errorf("GET /responses/export%s = %q; want %q", query, got, want)
		}
	}
	if got := s.exported(t, "?flow=appointment&q=davi", "answers.name"); len(got) != 1 || got[0] != "'=1+1" {
		t.Errorf("a formula is exported as %q; want it guarded", got)
	}
}

func TestACharacterThatCannotBeSeenIsShown(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.response(t, "5511987650005", "E\x00va", map[string]any{"flow_token": "appointment.3", "notes": "before\x00after"})
	for path, want := range map[string]string{
		"/responses": "E␀va", fmt.Sprintf("/responses/%d", s.newest(t).ID): "before␀after", "/exports": "before␀after",
	} {
		got := s.send(t, scenario{as: "support", path: path})
		if path == "/exports" {
			got = s.file(t, "support", "", nil)
		}
		if got.status != 200 || !strings.Contains(got.body, want) || strings.Contains(got.body, "\x00") {
			t.Errorf("GET %s = %d; want %q in it and no U+0000\n%s", path, got.status, want, got.body)
		}
	}
}

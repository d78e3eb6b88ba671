package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// TestAFaultIsToldWithWhatToDoAndWhere: each kind of fault of the endpoint on the flow's page, with a link to what is to be
// mended.
func TestAFaultIsToldWithWhatToDoAndWhere(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	f, err := s.DB().Flow(t.Context(), "claim")
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t, f, bytes.Replace(fixture(t, "rules", "claim.json"), []byte(`"needs_call": false`), []byte(`"needs_call": "{{ data.amount }}"`), 1))
	pub := s.addKey(t) // who knows the key knows what was published before it
	s.ready(t, pub)
	for i, c := range []struct{ slug, plain, what, advice, href string }{
		{"appointment", `"action":"data_exchange","screen":"DETAILS","data":{"error":"payload-schema-error","error_message":"<b>fee</b>"}`,
			"payload-schema-error: <b>fee</b>", "Import the newest Flow JSON", "/flows/appointment/rules#screen-DETAILS"},
		{"appointment", `"action":"INIT","data":{"error_key":"invalid-screen-transition"}`,
			"invalid-screen-transition", "Correct the rule, or the routing model", "/flows/appointment/rules#screen-opening"},
		{"appointment", `"action":"data_exchange","screen":"GONE","data":{}`, "names a screen that has no rules", "Import the Flow JSON that is live", ""},
		{"appointment", `"action":"BACK","screen":"APPOINTMENT"`, "The screen before is not known", "Say in the rules", "/flows/appointment/rules#screen-APPOINTMENT"},
		{"appointment", `"action":"data_exchange","screen":"SUMMARY","data":[]`, "data is not a JSON object", "Look for what changes it", "/flows/appointment/rules#screen-SUMMARY"},
		{"claim", `"action":"data_exchange","screen":"INCIDENT","data":{"kind":"water","amount":"5"}`, "“needs_call” of REVIEW is not of its type boolean", "Correct the value", "/flows/claim/rules#otherwise-INCIDENT"},
		{"survey", `"action":"INIT"`, "has no endpoint", "Import the one that is live", "/flows/survey#flow-json"},
	} {
		token := fmt.Sprintf("%s.fault%d", c.slug, i)
		if status, got := s.exchange(t, pub, c.slug, fmt.Appendf(nil, `{"version":"3.0","flow_token":%q,%s}`, token, c.plain)); status != http.StatusOK {
			t.Fatalf("%s = %d %v", c.plain, status, got)
		}
		row := s.newestFault(t, c.slug, c.what)
		if text := row.Text(); !strings.Contains(text, c.what) || !strings.Contains(text, c.advice) {
			t.Errorf("%s is told as %q; want %q and %q", c.plain, strings.Join(strings.Fields(text), " "), c.what, c.advice)
		}
		href, _ := row.Find("td:last-child a").Attr("href")
		if href != c.href {
			t.Errorf("%s leads to %q; want %q", c.plain, href, c.href)
		}
		if _, anchor, found := strings.Cut(href, "#"); found {
			path := strings.TrimSuffix(href, "#"+anchor)
			if got := s.send(t, scenario{as: "viewer", path: path}); !strings.Contains(got.body, `id="`+anchor+`"`) {
				t.Errorf("%s has no %s", path, anchor)
			}
		}
	}
	if status, _ := s.exchange(t, pub, "appointment", []byte(`{"version":"3.0","flow_token":"test.x","action":"odd"}`)); status != http.StatusOK {
		t.Fatal("the test is not answered")
	}
	if row := s.newestFault(t, "appointment", "data is not a JSON object"); strings.Contains(row.Text(), "action that is not known") {
		t.Errorf("the newest fault is %q, that of a test", row.Text())
	}
}

// newestFault is the first row of the faults on a flow's page, once it tells of that: a step may be stored a little later.
func (s *site) newestFault(t *testing.T, slug, what string) *goquery.Selection {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		page, err := goquery.NewDocumentFromReader(strings.NewReader(s.send(t, scenario{as: "viewer", path: "/flows/" + slug}).body))
		if err != nil {
			t.Fatal(err)
		}
		row := page.Find("table").FilterFunction(func(_ int, table *goquery.Selection) bool {
			return strings.Contains(table.Find("thead").Text(), "What happened")
		}).Find("tbody tr").First()
		if strings.Contains(row.Text(), what) || time.Now().After(end) {
			return row
		}
	}
}

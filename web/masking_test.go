package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// What a viewer must never read, in any form: the customer's number, a token, and an answer that is hidden.
const (
	maskedNumber = "5511987650017"
	maskedToken  = "appointment.secret-token-1"
	maskedAnswer = "penicillin-7731"
	maskedStreet = "Hazelnut Road"
)

// leaks are what of that stands in a text. Signs between the digits do not count, and neither does how an address writes them.
func leaks(text string) (found []string) {
	plain := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "", "\u00a0", "", "%20", "", "%2B", "", "&nbsp;", "").Replace(text)
	for _, digits := range []string{maskedNumber, "11987650017", "987650017"} {
		if strings.Contains(plain, digits) {
			at := strings.Index(plain, digits)
			found = append(found, "the number in "+plain[max(0, at-120):min(len(plain), at+60)])
			break
		}
	}
	for _, secret := range []string{maskedToken, "secret-token-1", maskedAnswer, "cillin-77", maskedStreet} {
		if strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// viewerPages says for each page that viewers may open where the customer of the scenario is on it; "" in front of a path is
// the path of the route itself. A route that is new must be added: it is part of what must be masked.
func viewerPages(m maskedSite) map[string][]string {
	flow := "/flows/appointment"
	return map[string][]string{
		"/": {"/"}, "/responses": {"/responses", "/responses?flow=appointment", "/responses?q=ana", "/responses?flow=appointment&sort=notes", "/responses?flow=appointment&w=phone~is~1", "/responses?contact=1", "/responses?state=foo"},
		"/responses/distribution": {"/responses/distribution", "/responses/distribution?flow=appointment"},
		"/responses/columns":      {"/responses/columns?flow=appointment"},
		"/views":                  {"/views"}, "/views/counts": {"/views/counts"}, "/triage": {"/triage"},
		"/responses/:id": {m.detail, m.unmatched, m.unreadable}, "/unmatched": {"/unmatched", "/unmatched?show=unreadable", "/unmatched?show=bodies", "/unmatched?show=no-flow"},
		"/assignments": {"/assignments"}, "/deliveries": {"/deliveries", "/deliveries?state=unmatched", "/deliveries?q=" + maskedAnswer[:4]}, "/deliveries/new": {"/deliveries/new?after=1"},
		"/deliveries/:id": m.deliveries, "/replays": {"/replays"}, "/replays/:id": {m.replay}, "/targets": {"/targets"}, "/targets/:id": {"/targets/1"},
		"/account-events": {"/account-events"}, "/account-events/:id": m.events,
		"/alerts": {"/alerts"}, "/alerts/live": nil, "/alerts/handover": {"/alerts/handover"}, "/alerts/handover/export": {"/alerts/handover/export?format=csv", "/alerts/handover/export?format=jsonl"}, "/alerts/:id": {"/alerts/1"},
		"/flows": {"/flows"}, "/flows/:flow": {flow}, "/flows/:flow/screens": {flow + "/screens"}, "/flows/:flow/json": {flow + "/json"}, "/flows/:flow/json/compare": {flow + "/json/compare?from=1&to=1"},
		"/flows/:flow/json/:version": {flow + "/json/1"}, "/flows/:flow/json/:version/download": {flow + "/json/1/download"}, "/flows/:flow/visits": {flow + "/visits"},
		"/visits": {"/visits", "/visits?name=ana"}, "/visits/:id": {m.visit},
		"/flows/:flow/rules": {flow + "/rules"}, "/flows/:flow/rules/export": {flow + "/rules/export"}, "/flows/:flow/rules/here": {flow + "/rules/here"}, "/flows/:flow/rules/picture": {flow + "/rules/picture"},
		"/flows/:flow/rules/picture.svg": {flow + "/rules/picture.svg"}, "/flows/:flow/versions": {flow + "/versions"}, "/flows/:flow/versions/compare": {flow + "/versions/compare?from=1&to=1"}, "/flows/:flow/versions/:version": {flow + "/versions/1"},
		"/profile": {"/profile"},
	}
}

func TestViewersReadNoNumberNoTokenAndNothingHiddenAnywhere(t *testing.T) {
	m := openMasked(t)
	pages := viewerPages(m)
	for _, r := range m.Routes() {
		if r.Method != http.MethodGet || r.Who != "viewer" {
			continue
		}
		paths, known := pages[r.Path]
		if !known {
			t.Errorf("GET %s is open to viewers: add to viewerPages where the customer is on it", r.Path)
		}
		for _, path := range paths {
			for _, header := range []map[string]string{nil, {"HX-Request": "true", "HX-Target": "panel"}, {"HX-Request": "true", "X-Live": "1"}} {
				got := m.ask(t, scenario{as: "viewer", path: path, header: header})
				if found := leaks(got.body + fmt.Sprint(got.header)); len(found) > 0 || got.status >= 500 {
					t.Errorf("GET %s %v as viewer = %d with %v", path, header, got.status, found)
				}
			}
		}
	}
	if found := leaks(m.stream(t, "viewer")); len(found) > 0 {
		t.Errorf("the live stream has %v", found)
	}
	if found := leaks(m.log.String()); len(found) > 0 {
		t.Errorf("the log has %v", found)
	}
}

func TestViewersLearnNothingByAskingForANumber(t *testing.T) {
	m := openMasked(t)
	const nobody = "5511912340000"
	ask := func(number string) (all string) {
		for _, sc := range []scenario{
			{path: "/responses?q=" + number}, {path: "/responses?q=%2B" + number}, {path: "/visits?name=" + number}, {path: "/deliveries?q=" + number}, {path: "/deliveries?in=bodies&q=" + number},
			{path: "/responses?flow=appointment&w=phone~is~" + number}, {path: "/responses?flow=appointment&w=notes~contains~" + number}, {path: "/account-events?q=" + number},
			{method: "POST", path: "/responses/find", form: url.Values{"what": {"+" + number}}}, {path: "/responses"},
			{method: "POST", path: "/visits/find", form: url.Values{"what": {number}}},
			{path: "/responses/distribution?flow=appointment&q=" + number},
		} {
			sc.as = "viewer"
			got := m.ask(t, sc)
			all += fmt.Sprintf("%s %d %s\n%s\n", sc.path, got.status, got.header.Get("Location"), got.body)
		}
		return strings.ReplaceAll(all, number, "NUMBER")
	}
	m.send(t, scenario{as: "viewer", path: "/responses"})
	there, not := ask(maskedNumber), ask(nobody)
	for i := range min(len(there), len(not)) {
		if there[i] != not[i] {
			t.Fatalf("what viewers are told of a number that is there differs from one that is not: %q and %q", there[max(0, i-200):min(len(there), i+60)], not[max(0, i-20):min(len(not), i+60)])
		}
	}
	if len(there) != len(not) {
		t.Errorf("what viewers are told of a number that is there has %d bytes; want %d, as of one that is not", len(there), len(not))
	}
}

func TestSupportSeesNothingHiddenAnywhere(t *testing.T) {
	m := openMasked(t)
	for _, as := range []string{"support", "admin"} {
		for _, format := range []string{"csv", "jsonl", "xlsx"} {
			got := m.file(t, as, "flow=appointment", url.Values{"format": {format}, "values": {"titles"}, "lists": {"split"}})
			text := got.body
			if format == "xlsx" {
				text = unzipped(t, got.body)
			}
			if got.status != 200 || !strings.Contains(text, "Hidden") || strings.Contains(text, maskedAnswer) || strings.Contains(text, maskedStreet) {
				t.Errorf("export as %s by %s = %d; want it without what is hidden", format, as, got.status)
			}
		}
		for pattern, paths := range viewerPages(m) {
			for _, path := range paths {
				got := m.ask(t, scenario{as: as, path: path})
				if strings.Contains(got.body, maskedAnswer) || strings.Contains(got.body, maskedStreet) || got.status >= 500 {
					t.Errorf("GET %s (%s) as %s = %d with a hidden answer", path, pattern, as, got.status)
				}
			}
		}
	}
}

// ask is send as quick as a person.
func (m maskedSite) ask(t *testing.T, sc scenario) answer {
	t.Helper()
	got := m.send(t, sc)
	for got.status == http.StatusTooManyRequests {
		time.Sleep(20 * time.Millisecond)
		got = m.send(t, sc)
	}
	return got
}

// stream is what the live stream of alerts says at its begin.
func (m maskedSite) stream(t *testing.T, as string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.server.URL+"/alerts/live", nil)
	must(t, err)
	resp, err := m.client(t, as).Do(req)
	must(t, err)
	defer resp.Body.Close()
	buf := make([]byte, 64<<10)
	n, _ := resp.Body.Read(buf)
	return string(buf[:n])
}

package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"switchyard/models"
	"switchyard/models/alert"
)

func TestOneActOnSeveralAlertsCountsWhatItChanges(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json", "alert-endpoint-error-rate-activated.json", "alert-client-error-rate-activated.json"})
	ids := url.Values{"back": {"/alerts?state=active"}, "ids": {"x", "-1", "99999"}}
	for _, a := range alertsOf(t, s, alert.Active) {
		ids.Add("ids", fmt.Sprint(a.ID))
	}
	do := func(verb string) url.Values {
		v := url.Values{"do": {verb}, "to": {"2"}, "note": {"the proxy was restarted"}}
		for name, values := range ids {
			v[name] = values
		}
		return v
	}
	bulk := func(as, verb string, counts map[alert.Status]int) {
		t.Helper()
		if got := s.send(t, scenario{as: as, method: "POST", path: "/alerts/bulk", form: do(verb)}); got.status != http.StatusSeeOther {
			t.Fatalf("%s as %s = %d; want 303", verb, as, got.status)
		}
		got, err := s.DB().AlertCounts(t.Context(), models.AlertFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for status, want := range counts {
			if got[status] != want {
				t.Errorf("after %s as %s %s = %d; want %d", verb, as, status, got[status], want)
			}
		}
	}
	bulk("support", "acknowledge", map[alert.Status]int{alert.Active: 0, alert.Acknowledged: 3})
	bulk("operator", "undo-acknowledge", map[alert.Status]int{alert.Acknowledged: 3})
	bulk("support", "undo-acknowledge", map[alert.Status]int{alert.Active: 3})
	bulk("support", "snooze", map[alert.Status]int{alert.Snoozed: 3})
	bulk("operator", "undo-snooze", map[alert.Status]int{alert.Snoozed: 3})
	bulk("support", "undo-snooze", map[alert.Status]int{alert.Active: 3, alert.Snoozed: 0})
	assigned := func(want int) {
		t.Helper()
		got := 0
		for _, a := range alertsOf(t, s, alert.Active) {
			if a.AssignedTo == 2 {
				got++
			}
		}
		if got != want {
			t.Errorf("%d alerts are assigned; want %d", got, want)
		}
	}
	bulk("support", "assign", map[alert.Status]int{alert.Active: 3})
	assigned(3)
	bulk("support", "undo-assign", map[alert.Status]int{alert.Active: 3})
	assigned(0)
	bulk("support", "resolve", map[alert.Status]int{alert.Active: 0, alert.Resolved: 3})
	bulk("operator", "undo-resolve", map[alert.Status]int{alert.Resolved: 3})
	bulk("support", "undo-resolve", map[alert.Status]int{alert.Active: 3, alert.Resolved: 0})
	unsaid, nobody := do("resolve"), do("assign")
	unsaid.Del("note")
	nobody.Set("to", "99999")
	s.run(t, []scenario{
		{name: "no reason", as: "support", method: "POST", path: "/alerts/bulk", form: unsaid, status: 303, to: "/alerts?state=active"},
		{name: "is asked for", as: "support", path: "/alerts", status: 200, contains: []string{"Say why it is resolved"}},
		{name: "to nobody who is here", as: "support", method: "POST", path: "/alerts/bulk", form: nobody, status: 303, to: "/alerts?state=active"},
		{name: "an unknown act", as: "support", method: "POST", path: "/alerts/bulk", form: do("delete"), status: 400},
		{name: "nothing selected", as: "support", method: "POST", path: "/alerts/bulk", form: url.Values{"do": {"snooze"}}, status: 303, to: "/alerts?state=active"},
		{name: "filtered by severity", as: "viewer", path: "/alerts?severity=3", status: 200, contains: []string{"Endpoint latency</a>"}, absent: []string{"Endpoint error rate</a>"}},
		{name: "a later page stays itself", as: "viewer", path: "/alerts?before=99999", status: 200, contains: []string{`hx-get="/alerts?state=active&amp;before=99999"`}},
		{name: "nothing matches", as: "viewer", path: "/alerts?flow=survey&kind=ENDPOINT_LATENCY&state=resolved", status: 200, contains: []string{"No alerts match"}},
	})
}

// TestTheChartOfAnAlertEqualsItsTable compares what is drawn with what stands below.
func TestTheChartOfAnAlertEqualsItsTable(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
	a := alertsOf(t, s, alert.Active)[0]
	f, err := s.DB().Flow(t.Context(), a.MetaID)
	if err != nil {
		t.Fatal(err)
	}
	var tallies []models.FlowTally
	for i := range 20 {
		var one alert.Tally
		for range 30 {
			one.Answer(time.Duration(100+i*50) * time.Millisecond)
		}
		tallies = append(tallies, models.FlowTally{Slug: f.Slug, At: a.SinceAt.Add(time.Duration(i-10) * time.Minute), Tally: one})
	}
	if err := s.DB().AddTallies(t.Context(), tallies); err != nil {
		t.Fatal(err)
	}
	page := s.send(t, scenario{as: "viewer", path: fmt.Sprintf("/alerts/%d", a.ID)})
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.body))
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	doc.Find("#figures .plot-hit title").Each(func(_ int, h *goquery.Selection) { drawn[h.Text()] = true })
	doc.Find("#figures .plot-dot title").Each(func(_ int, h *goquery.Selection) { drawn[h.Text()] = true })
	listed, own, told := 0, 0, 0
	doc.Find("#figures tbody tr").Each(func(_ int, row *goquery.Selection) {
		label, cells := row.Find("th").Text(), row.Find("td")
		if ms := cells.Eq(0).Text(); ms != "no data" {
			own++
			listed++
			if !drawn[label+": "+ms] {
				t.Errorf("the table has %s %s, which is not drawn", label, ms)
			}
		}
		if ms := cells.Eq(1).Text(); ms != "no data" {
			told++
			listed++
			if !drawn["Notices, "+label+": "+ms] {
				t.Errorf("the table has the notice %s %s, which is not drawn", label, ms)
			}
		}
	})
	for title := range drawn {
		if strings.HasSuffix(title, "no data") {
			delete(drawn, title)
		}
	}
	if own == 0 || told != 1 || listed != len(drawn) {
		t.Errorf("the table has %d of our own figures and %d of notices, drawn are %d; want some, 1 and as many", own, told, len(drawn))
	}
}

func TestOpenPagesHearOfAlerts(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+"/alerts/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := s.client(t, "viewer").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func() (news struct {
		Active int
		Began  bool
		Said   string
	}) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &news); err != nil {
					t.Fatal(err)
				}
				return news
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return news
	}
	if got := next(); got.Active != 0 {
		t.Errorf("at first %d are active; want 0", got.Active)
	}
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
	if got := next(); got.Active != 1 || !got.Began || !strings.HasPrefix(got.Said, "Endpoint latency of ") {
		t.Errorf("after an activation the stream says %+v; want 1 active, and which", got)
	}
	s.deliverAll(t, []string{"alert-endpoint-error-rate-activated.json"})
	for next().Active != 2 { // counts and events are read one after the other
	}
	s.deliverAll(t, []string{"alert-endpoint-error-rate-50-activated.json"})
	if got := next(); got.Active != 2 || got.Began || !strings.HasPrefix(got.Said, "Endpoint error rate of ") {
		t.Errorf("after an alert got worse the stream says %+v; want which, and that it is no new one", got)
	}
}

func TestHandoverTellsHowLongItTook(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-endpoint-latency-activated.json"})
	a := alertsOf(t, s, alert.Active)[0]
	if _, err := s.DB().AcknowledgeAlert(t.Context(), a.ID, "looking <b>", models.By{UserID: 1, Name: "=Ana"}); err != nil {
		t.Fatal(err)
	}
	day := a.SinceAt.UTC().Format(time.DateOnly)
	period := "?from=" + day + "&to=" + day
	s.run(t, []scenario{
		{name: "the period", as: "viewer", path: "/alerts/handover" + period, status: 200, contains: []string{"Endpoint latency", "=Ana: looking &lt;b&gt;", "Still open", "under 1 min"}},
		{name: "another period", as: "viewer", path: "/alerts/handover?from=2020-01-01&to=2020-01-02", status: 200, contains: []string{"No alerts in this period"}},
		{name: "no date", as: "viewer", path: "/alerts/handover?from=x&to=" + day, status: 422, contains: []string{"Enter a date such as"}},
		{name: "the wrong way", as: "viewer", path: "/alerts/handover?from=2026-02-02&to=2026-02-01", status: 422, contains: []string{"not before the first"}},
		{name: "the file", as: "viewer", path: "/alerts/handover/export" + period, status: 200, contains: []string{"minutes_to_acknowledge", "ENDPOINT_LATENCY", "'=Ana: looking <b>"}},
	})
}

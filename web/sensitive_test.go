package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

const amount = "731946.25"

// claimWithAmount is a response whose amount the Flow JSON names as sensitive.
func claimWithAmount(t *testing.T) (s *site, detail string) {
	s = openSite(t).addUsers(t)
	s.addSamples(t)
	s.response(t, "447700900123", "Ada", map[string]any{"flow_token": "claim.9", "policy_no": "AB-654321", "amount": amount})
	return s, fmt.Sprintf("/responses/%d", s.newest(t).ID)
}

func TestASensitiveAnswerIsHiddenFromEveryRole(t *testing.T) {
	s, detail := claimWithAmount(t)
	for _, as := range []string{"viewer", "support", "operator", "admin"} {
		for _, path := range []string{"/", "/responses", "/responses?flow=claim", detail} {
			s.run(t, []scenario{{name: as + " " + path, as: as, path: path, status: 200, contains: []string{"Hidden"}, absent: []string{amount}}})
		}
		s.run(t, []scenario{
			{name: "the rest, " + as, as: as, path: detail, status: 200, contains: []string{"AB-654321", "&#34;amount&#34;:&#34;Hidden&#34;"}},
			{name: "search, " + as, as: as, path: "/responses?q=731946", status: 200, contains: []string{"No responses match"}},
			{name: "search by what is not hidden, " + as, as: "support", path: "/responses?q=654321", status: 200, contains: []string{"1 response"}},
			{name: "filter, " + as, as: as, path: "/responses?flow=claim&w=" + url.QueryEscape(`amount~gt~5`), status: 422, contains: []string{"The answers “amount” are hidden: you can only ask whether they are empty."}, absent: []string{amount}},
			{name: "whether it is there, " + as, as: as, path: "/responses?flow=claim&w=" + url.QueryEscape(`amount~not_empty`), status: 200, contains: []string{"1 response"}},
			{name: "sort, " + as, as: as, path: "/responses?flow=claim&sort=amount", status: 422, contains: []string{"so the list is not sorted by them"}},
		})
	}
	for _, format := range []string{"csv", "jsonl"} {
		for _, as := range []string{"support", "admin"} {
			got := s.file(t, as, "flow=claim", url.Values{"format": {format}})
			if got.status != 200 || strings.Contains(got.body, amount) || !strings.Contains(got.body, "Hidden") || !strings.Contains(got.body, "AB-654321") {
				t.Errorf("export %s as %s = %d %s; want it without the amount", format, as, got.status, got.body)
			}
		}
	}
	if strings.Contains(s.log.String(), amount) {
		t.Error("the log holds the amount")
	}
}

func TestHiddenAnswersAreShownOnceToWhoSaysWhy(t *testing.T) {
	s, detail := claimWithAmount(t)
	const why = "Customer asks about the claim"
	s.run(t, []scenario{
		{name: "no button for viewers", as: "viewer", path: detail, status: 200, contains: []string{"Sensitive answers are hidden."}, absent: []string{"Show hidden answers"}},
		{name: "no reveal either", as: "viewer", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {why}}, status: 403, absent: []string{amount}},
		{name: "a button for support", as: "support", path: detail, status: 200, contains: []string{"Show hidden answers", detail + "/reveal"}},
		{name: "no reason", as: "support", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {"  "}}, status: 422, contains: []string{"Say why you need to see them."}, absent: []string{amount}},
		{name: "too much of one", as: "support", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {strings.Repeat("x", 201)}}, status: 422, absent: []string{amount}},
		{name: "nothing is recorded yet", as: "support", path: detail, status: 200, absent: []string{"Hidden answers shown to"}},
	})
	shown := s.send(t, scenario{as: "support", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {why}}})
	for _, want := range []string{amount, "Hidden answers shown to Person support", "Why: " + why, "Hidden answers are shown this once."} {
		if shown.status != 200 || !strings.Contains(shown.body, want) {
			t.Errorf("POST reveal = %d without %q", shown.status, want)
		}
	}
	if got := shown.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q; want no-store", got)
	}
	panel := s.send(t, scenario{as: "support", method: "POST", path: detail + "/reveal", form: url.Values{"reason": {why}}, header: map[string]string{"HX-Request": "true", "HX-Target": "panel"}})
	if panel.status != 200 || !strings.Contains(panel.body, amount) || strings.Contains(panel.body, "<html") {
		t.Errorf("POST reveal in the panel = %d; want the panel with the amount", panel.status)
	}
	s.run(t, []scenario{
		{name: "the next look hides it", as: "support", path: detail, status: 200, contains: []string{"Hidden answers shown to Person support", why}, absent: []string{amount}},
		{name: "viewers see that, not why", as: "viewer", path: detail, status: 200, contains: []string{"Hidden answers shown to Person support"}, absent: []string{amount, why}},
	})
	audit, err := s.DB().AuditRows(t.Context(), 0, 50)
	must(t, err)
	n, rows := 0, ""
	for _, row := range audit {
		if row.Action == "answers.reveal" {
			n++
			rows += row.Object + row.Detail
		}
	}
	if n != 2 || strings.Contains(rows, amount) || !strings.Contains(rows, why) || !strings.Contains(rows, `"amount"`) || !strings.Contains(rows, detail[len("/responses/"):]) {
		t.Errorf("audit has %d rows %s; want 2 with the reason and the key, without the amount", n, rows)
	}
}

func TestHiddenAnswersAreExportedByAdministratorsWithAReason(t *testing.T) {
	s, _ := claimWithAmount(t)
	with := url.Values{"hidden": {"1"}, "reason": {"Monthly report to the insurer"}}
	if got := s.file(t, "support", "flow=claim", with); got.status != 422 || strings.Contains(got.body, amount) {
		t.Errorf("export with hidden answers as support = %d; want 422", got.status)
	}
	if got := s.file(t, "admin", "flow=claim", url.Values{"hidden": {"1"}}); got.status != 422 || !strings.Contains(got.body, "Say why you need to see them.") {
		t.Errorf("export without a reason = %d; want 422 that asks for one", got.status)
	}
	if got := s.file(t, "admin", "flow=claim", with); got.status != 200 || !strings.Contains(got.body, amount) {
		t.Errorf("export with a reason = %d %s; want the amount", got.status, got.body)
	}
	s.run(t, []scenario{
		{name: "asked of administrators", as: "admin", path: "/responses/export?flow=claim", status: 200, contains: []string{"Write them as they are"}},
		{name: "where something is hidden", as: "admin", path: "/responses/export?flow=appointment", status: 200, absent: []string{"Write them as they are"}},
		{name: "and not of support", as: "support", path: "/responses/export?flow=claim", status: 200, absent: []string{"Write them as they are"}},
	})
}

func TestWhatIsHiddenInListsOfObjectsIsNotFoundOutByAsking(t *testing.T) {
	s, _ := claimWithAmount(t)
	for _, phone := range []string{"447700900124", "447700900125"} { // said twice, it is a text that repeats
		s.response(t, phone, "Ada", map[string]any{"flow_token": "claim.1" + phone, "items": []any{map[string]any{"amount": "88123.5", "what": "bicycle"}}})
	}
	where := url.QueryEscape("items~contains~88123")
	for _, as := range []string{"support", "admin"} {
		s.run(t, []scenario{
			{name: "list, " + as, as: as, path: "/responses?flow=claim", status: 200, contains: []string{"bicycle"}, absent: []string{"88123", "sort=items"}},
			{name: "filter, " + as, as: as, path: "/responses?flow=claim&w=" + where, status: 422, contains: []string{"The answers “items” are hidden"}},
			{name: "sort, " + as, as: as, path: "/responses?flow=claim&sort=items", status: 422, contains: []string{"so the list is not sorted by them"}},
			{name: "distribution, " + as, as: as, path: "/responses/distribution?flow=claim", status: 200, contains: []string{"items", "These answers are hidden."}, absent: []string{"88123"}},
			{name: "others are asked for, " + as, as: as, path: "/responses?flow=claim&w=" + url.QueryEscape("policy_no~contains~6543"), status: 200, contains: []string{"1 response"}},
		})
	}
}

// settledSearch waits until what is hidden is out of the search.
func (s *site) settledSearch(t *testing.T) {
	t.Helper()
	if more, err := s.DB().ContinueSensitive(t.Context(), time.Minute); err != nil || more {
		t.Fatalf("ContinueSensitive = %t, %v; want it done", more, err)
	}
}

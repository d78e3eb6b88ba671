package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/web"
)

// delivered makes a database in which those webhook bodies have arrived and been decoded, a day apart.
func delivered(t *testing.T, first time.Time, files ...string) map[string]string {
	t.Helper()
	vars := database(t)
	db, err := models.Open(t.Context(), models.Options{URL: vars["SWITCHYARD_DATABASE"], MasterKey: make([]byte, 32), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var ds []models.Delivery
	for i, f := range files {
		body, err := os.ReadFile("testdata/" + f)
		if err != nil {
			t.Fatal(err)
		}
		ds = append(ds, models.Delivery{Source: "meta", ReceivedAt: models.Time{Time: first.AddDate(0, 0, i)}, Body: body})
	}
	if err := db.StoreDeliveries(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	if err := web.Settle(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return vars
}

var firstDay = time.Date(2026, 11, 1, 23, 30, 0, 0, time.UTC)

func TestExportResponses(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response.json", "flow-response-media.json", "flow-response-no-token.json", "flow-response-bad-json.json")
	step{"", []string{"flow", "add", "--slug", "appointment", "--json", "testdata/appointment.json"}, done, "1 responses that had no flow are its", ""}.check(t, vars)
	for _, tc := range []struct {
		args  []string
		first string // of the header or the first line
		rows  int
	}{
		{nil, "received_at,sent_at,flow,message_id,context_id,flow_token,contact,name,state,comment,", 4},
		{[]string{"--flow", "appointment"}, "received_at,sent_at,flow,message_id,context_id,flow_token,contact,name,state,", 1},
		{[]string{"--from", "2026-11-02", "--to", "2026-11-03"}, "received_at", 2},
		{[]string{"--from", "2026-11-02", "--to", "2026-11-03", "--tz", "Europe/Berlin"}, "received_at", 2},
		{[]string{"--to", "2026-11-01", "--tz", "Europe/Berlin"}, "received_at", 0},
		{[]string{"--to", "2026-11-01"}, "received_at", 1},
		{[]string{"--from", "2026-11-02T23:30:00Z", "--to", "2026-11-03T23:30:00Z"}, "received_at", 1},
		{[]string{"--bom"}, "\ufeffreceived_at", 4},
	} {
		got := step{"", append([]string{"export", "responses"}, tc.args...), done, tc.first, ""}.check(t, vars)
		if rows := strings.Count(got.out, "\n") - 1; rows != tc.rows || strings.Contains(got.out, "\r") || !strings.HasPrefix(got.out, tc.first) {
			t.Errorf("export responses %q = %d rows; want %d after %q, lines ended by LF\n%s", tc.args, rows, tc.rows, tc.first, got.out)
		}
	}
	all := call(t, vars, "", "export", "responses", "--tz", "Europe/Berlin").out
	for _, want := range []string{"2026-11-02T00:30:00+01:00", `"'=HYPERLINK(""http://example.com"",""x"")"`, ",IMG_5237.jpg", ",0_pain; 2_swelling"} {
		if !strings.Contains(all, want) {
			t.Errorf("export responses = %s\nwant %q in it", all, want)
		}
	}
}

func TestExportColumnsOfOneFlowAreInTheOrderOfItsForms(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response.json")
	step{"", []string{"flow", "add", "--slug", "appointment", "--json", "testdata/appointment.json"}, done, "", ""}.check(t, vars)
	out := call(t, vars, "", "export", "responses", "--flow", "appointment").out
	head := strings.Split(strings.SplitN(out, "\n", 2)[0], ",")
	last := -1
	for _, key := range []string{"department", "date", "time", "answers.name", "email", "symptoms", "notes", "terms"} {
		i := slices.Index(head, key)
		if i <= last {
			t.Errorf("columns %q: %s is at %d; want it after %d", head, key, i, last)
		}
		last = i
	}
}

func TestExportJSONLinesIsVerbatim(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response-no-token.json", "flow-response.json", "flow-response-bad-json.json")
	out := call(t, vars, "", "export", "responses", "--format", "jsonl").out
	var comments, states []string
	for line := range strings.Lines(out) {
		var r struct {
			State   string         `json:"state"`
			Answers map[string]any `json:"answers"`
			Raw     string         `json:"raw"`
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("a line of the export is no JSON: %v\n%s", err, line)
		}
		states = append(states, r.State)
		if c, ok := r.Answers["comment"].(string); ok {
			comments = append(comments, c)
		}
	}
	if !slices.Equal(states, []string{"unmatched", "unmatched", "unreadable"}) || !slices.Equal(comments, []string{`=HYPERLINK("http://example.com","x")`}) {
		t.Errorf("states %q, comments %q; want oldest first, and no guard", states, comments)
	}
}

func TestExportAlerts(t *testing.T) {
	vars := delivered(t, firstDay, "alert-endpoint-error-rate-activated.json")
	const header = "since,resolved_at,flow_id,flow,kind,status,severity,"
	for _, s := range []step{
		{"", []string{"export", "alerts"}, done, ",691244242662581,,ENDPOINT_ERROR_RATE,active,medium,10,14.28,", ""},
		{"", []string{"export", "alerts", "--format", "jsonl"}, done, `"kind":"ENDPOINT_ERROR_RATE"`, ""},
		{"", []string{"flow", "add", "--slug", "without-id"}, done, "", ""},
		{"", []string{"flow", "add", "--slug", "with-id", "--meta-id", "691244242662581"}, done, "", ""},
		{"", []string{"export", "alerts", "--flow", "with-id"}, done, ",with-id,ENDPOINT_ERROR_RATE,", ""},
	} {
		s.check(t, vars)
	}
	for _, args := range [][]string{{"--flow", "without-id"}, {"--from", "2026-11-01"}} {
		got := call(t, vars, "", append([]string{"export", "alerts"}, args...)...)
		if !strings.HasPrefix(got.out, header) || strings.Count(got.out, "\n") != 1 {
			t.Errorf("export alerts %q = %q; want the header only", args, got.out)
		}
	}
}

func TestExportIsUsedRightly(t *testing.T) {
	vars := database(t)
	for _, s := range []step{
		{"", []string{"export"}, misused, "", "responses, alerts"},
		{"", []string{"export", "visits"}, misused, "", "responses, alerts, deliveries"},
		{"", []string{"export", "responses", "--format", "xlsx"}, misused, "", "csv or jsonl"},
		{"", []string{"export", "responses", "--tz", "Mars/Olympus"}, misused, "", "--tz"},
		{"", []string{"export", "responses", "--tz", "Local"}, misused, "", "--tz"},
		{"", []string{"export", "responses", "--from", "yesterday"}, misused, "", "--from is a day"},
		{"", []string{"export", "alerts", "--to", "2026-02-30"}, misused, "", "--to is a day"},
		{"", []string{"export", "responses", "--flow", "none"}, failed, "", "there is no flow none"},
		{"", []string{"export", "responses"}, done, "received_at,", ""},
	} {
		s.check(t, vars)
	}
}

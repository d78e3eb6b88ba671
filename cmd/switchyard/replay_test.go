package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"switchyard/models"
)

func TestReplay(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response.json", "flow-response-no-token.json", "flow-response-bad-json.json")
	for _, s := range []step{
		{"", []string{"replay"}, misused, "", "say which deliveries"},
		{"", []string{"replay", "first"}, misused, "", "no id of a delivery"},
		{"", []string{"replay", "1", "--state", "done"}, misused, "", "not both"},
		{"", []string{"replay", "--state", "lost"}, misused, "", "--state is"},
		{"", []string{"replay", "--state", "done", "--tz", "Mars/Olympus"}, misused, "", "--tz"},
		{"", []string{"replay", "--from", "soon"}, misused, "", "--from is a day"},
		{"", []string{"replay", "99"}, failed, "", "there is no delivery"},
		{"", []string{"replay", "--state", "failed"}, done, "no delivery matches", ""},
		{"", []string{"replay", "--state", "unmatched"}, failed, "3 deliveries match", "say --yes"},
		{"no\n", []string{"replay", "--state", "unmatched"}, failed, "3 deliveries match", "nothing is replayed"},
		{"yes\n", []string{"replay", "--state", "unmatched", "--from", "2026-11-03"}, done, "1 delivery put back", "Write yes"},
		{"", []string{"replay", "1", "--delivery", "2"}, done, "2 deliveries put back", ""},
		{"", []string{"replay", "--all", "--yes"}, done, "3 deliveries put back", ""},
	} {
		s.check(t, vars)
	}
	db, err := models.Open(t.Context(), models.Options{URL: vars["SWITCHYARD_DATABASE"], MasterKey: make([]byte, 32), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	pending, err := db.PendingDeliveries(t.Context(), 10)
	if err != nil || len(pending) != 3 {
		t.Errorf("PendingDeliveries = %d, %v; want all three", len(pending), err)
	}
	all, err := db.Replays(t.Context(), 0, 10)
	if err != nil || len(all) != 3 || all[0].Name != "switchyard replay" {
		t.Errorf("Replays = %+v, %v; want three by the command", all, err)
	}
}

func TestExportDeliveries(t *testing.T) {
	vars := delivered(t, firstDay, "flow-response.json", "flow-response-no-token.json", "flow-response-bad-json.json")
	db, err := models.Open(t.Context(), models.Options{URL: vars["SWITCHYARD_DATABASE"], MasterKey: make([]byte, 32), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	const odd = "\xff\x00<b>=1+1\n"
	err = db.StoreDeliveries(t.Context(), []models.Delivery{{Source: "360dialog", Body: []byte(odd)}, {Source: "meta", Test: true, Body: []byte(`"<test>"`)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		rows int
	}{
		{nil, 4},
		{[]string{"--tests"}, 5},
		{[]string{"--state", "unmatched"}, 3},
		{[]string{"--source", "360dialog"}, 1},
		{[]string{"--kind", "response"}, 3},
		{[]string{"--from", "2026-11-02", "--to", "2026-11-02"}, 1},
		{[]string{"--to", "2026-11-01", "--tz", "Europe/Berlin"}, 0},
	} {
		got := step{"", append([]string{"export", "deliveries"}, tc.args...), done, "", ""}.check(t, vars)
		if rows := strings.Count(got.out, "\n"); rows != tc.rows {
			t.Errorf("export deliveries %q = %d rows; want %d\n%s", tc.args, rows, tc.rows, got.out)
		}
	}
	out := call(t, vars, "", "export", "deliveries", "--tests").out
	var bodies []string
	for line := range strings.Lines(out) {
		var d struct {
			Source, Body, State string
			BodyBase64          string    `json:"body_base64"`
			ReceivedAt          time.Time `json:"received_at"`
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil || d.State == "" || d.ReceivedAt.IsZero() {
			t.Fatalf("a line of the export: %v\n%s", err, line)
		}
		if d.BodyBase64 != "" {
			raw, _ := base64.StdEncoding.DecodeString(d.BodyBase64)
			d.Body = string(raw)
		}
		bodies = append(bodies, d.Body)
	}
	if len(bodies) != 5 || bodies[3] != odd || bodies[4] != `"<test>"` || !strings.Contains(bodies[0], "nfm_reply") {
		t.Errorf("bodies = %q; want them as they came", bodies)
	}
	if raw := call(t, vars, "", "export", "deliveries", "--format", "raw", "--source", "360dialog").out; raw != odd+"\n" {
		t.Errorf("raw = %q; want %q and a line feed", raw, odd)
	}
	step{"", []string{"export", "deliveries", "--format", "csv"}, misused, "", "jsonl or raw"}.check(t, vars)
}

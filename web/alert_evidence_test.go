package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// TestAnAlertShowsWhatMayHaveCausedIt: each kind of evidence, with the way to it, and none of another time or of tests.
func TestAnAlertShowsWhatMayHaveCausedIt(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	s.deliverAll(t, []string{"alert-client-error-rate-activated.json", "alert-endpoint-latency-activated.json", "alert-endpoint-availability-activated.json"})
	page := map[alert.Kind]string{}
	since := map[alert.Kind]time.Time{}
	for _, a := range alertsOf(t, s, alert.Active) {
		page[a.Kind], since[a.Kind] = fmt.Sprintf("/alerts/%d", a.ID), a.SinceAt.Time
	}
	f, err := s.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	step := func(at time.Time, screen, next, rule string, took time.Duration, test bool, faults ...string) models.StepRecord {
		v := models.Visit{FlowID: f.ID, Token: "appointment." + rule, Run: 1, Test: test, StartedAt: models.Time{Time: at}, LastAt: models.Time{Time: at}, Outcome: models.VisitOpen, Screen: next, Steps: 1}
		return models.StepRecord{Visit: v, Step: models.Step{FlowID: f.ID, At: models.Time{Time: at}, Action: "data_exchange", Screen: screen, NextScreen: next, Kind: "show",
			RuleID: "id-" + rule, Rule: rule, Micros: took.Microseconds(), Status: 200, Test: test, Faults: faults}}
	}
	client, slow := since[alert.ClientErrorRate].Add(-10*time.Minute), since[alert.EndpointLatency].Add(-10*time.Minute)
	if err := s.DB().RecordSteps(t.Context(), []models.StepRecord{
		step(client, "DETAILS", "WAITLIST", "forbidden", time.Millisecond, false, "The list <b> is gone."),
		step(client.Add(time.Second), "APPOINTMENT", "DETAILS", "allowed", time.Millisecond, false),
		step(client.Add(2*time.Second), "DETAILS", "WAITLIST", "tried", time.Millisecond, true),
		step(client.Add(-24*time.Hour), "DETAILS", "WAITLIST", "earlier", time.Millisecond, false),
		step(slow, "APPOINTMENT", "DETAILS", "slowest", 4321*time.Millisecond, false),
	}); err != nil {
		t.Fatal(err)
	}
	down := since[alert.EndpointAvailability].Truncate(time.Minute)
	says := func(name, text string) {
		t.Helper()
		s.run(t, []scenario{{name: name, as: "viewer", path: page[alert.EndpointAvailability], status: 200, contains: []string{text}, absent: []string{"at least every 5 minutes"}}})
	}
	says("nothing came", "no request and no ping reached this server")
	if err := s.DB().AddTallies(t.Context(), []models.FlowTally{{Slug: "claim", At: down.Add(2 * time.Hour), Tally: alert.Tally{Unopened: 4}}}); err != nil {
		t.Fatal(err)
	}
	says("nothing was answered", "it could answer none of them")
	if _, err := s.DB().Maintain(t.Context(), models.Keep{Minutes: time.Hour}); err != nil {
		t.Fatal(err)
	}
	says("the minutes are gone", "no longer kept")
	if err := s.DB().AddTallies(t.Context(), []models.FlowTally{
		{Slug: "claim", At: down.Add(-30 * time.Minute), Tally: alert.Tally{Pings: 1}}, {Slug: "claim", At: down.Add(-2 * time.Minute), Tally: alert.Tally{Pings: 1}},
	}); err != nil {
		t.Fatal(err)
	}
	key, err := s.DB().Keys(t.Context())
	if err != nil || len(key) != 1 {
		t.Fatalf("Keys = %d, %v; want 1", len(key), err)
	}
	s.run(t, []scenario{
		{name: "a forbidden screen, the key, the fault", as: "viewer", path: page[alert.ClientErrorRate], status: 200,
			contains: []string{`href="/flows/appointment/rules#rule-id-forbidden"`, "forbidden</a>", "The list &lt;b&gt; is gone.", key[0].Fingerprint[:12], "Never used: Meta may not have its public key", "/visits/"},
			absent:   []string{"#rule-id-allowed", "#rule-id-tried", "#rule-id-earlier"}},
		{name: "the slowest", as: "viewer", path: page[alert.EndpointLatency], status: 200, contains: []string{"4.3 s", `#rule-id-slowest"`, "10 messages an hour"}},
		{name: "the gap", as: "viewer", path: page[alert.EndpointAvailability], status: 200, contains: []string{"27 min without an answer"}, absent: []string{"Slowest steps"}},
	})
	if body := s.send(t, scenario{as: "viewer", path: page[alert.ClientErrorRate]}).body; strings.Count(body, "#rule-id-forbidden") < 2 {
		t.Error("the rule is linked once; want it among the faults and the forbidden screens")
	}
}

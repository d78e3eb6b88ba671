package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

// led records a step that leads a visit of the appointment flow on.
func (s *site) led(t *testing.T, token string, kind rules.Kind, screen, rule string) {
	t.Helper()
	f, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	now := models.Time{Time: time.Now()}
	v := models.Visit{FlowID: f.ID, Token: token, Run: 1, StartedAt: now, LastAt: now, Outcome: models.VisitOpen, Steps: 1, RuleVersion: 1, Routed: models.Routed(kind, screen, rule)}
	must(t, s.DB().RecordSteps(t.Context(), []models.StepRecord{{Visit: v, Step: models.Step{FlowID: f.ID, At: now, Action: "data_exchange", Screen: "DETAILS",
		NextScreen: screen, Kind: string(kind), RuleID: rule, Rule: "Gold", RuleVersion: 1, Status: 200}}}))
}

func TestResponsesAreFoundByTheOutcomeOfTheRules(t *testing.T) {
	s := openSite(t).addUsers(t)
	s.addSamples(t)
	for i := range 6 {
		token := fmt.Sprint("appointment.", i)
		switch i % 3 {
		case 0:
			s.led(t, token, rules.Goes, "SUMMARY", "r1")
		case 1:
			s.led(t, token, rules.Finishes, "SUCCESS", "gone-rule")
		}
		if got := s.deliver(t, reply(fmt.Sprint("LED", i), fmt.Sprint(5511987650100+i), "Ana", map[string]any{"flow_token": token, "name": "Ana"})); got.status != 200 {
			t.Fatalf("deliver = %d %s", got.status, got.body)
		}
	}
	s.decoded(t)
	summary := "SUMMARY"
	flow, err := s.DB().Flow(t.Context(), "appointment")
	must(t, err)
	all, err := s.DB().Outcomes(t.Context(), flow.ID)
	if err != nil || !slices.Equal(all, []string{"", "finish:gone-rule", "go:SUMMARY"}) {
		t.Fatalf("Outcomes() = %q, %v; want three", all, err)
	}
	s.run(t, []scenario{
		{name: "of a screen", as: "viewer", path: "/responses?flow=appointment&outcome=go:" + summary, status: 200, contains: []string{"1–2 of 2", `<option value="finish:gone-rule">Finished by a former rule</option>`, "Take off: Rule outcome is "}},
		{name: "of a rule", as: "support", path: "/responses?flow=appointment&outcome=finish:gone-rule", status: 200, contains: []string{"1–2 of 2", "Rule outcome is Finished by a former rule"}},
		{name: "none", as: "support", path: "/responses?flow=appointment&outcome=none", status: 200, contains: []string{"1–2 of 2", "Rule outcome is none"}},
		{name: "none such", as: "support", path: "/responses?flow=appointment&outcome=go:%3Cb%3E", status: 422, contains: []string{"This flow has no outcome “go:&lt;b&gt;”"}},
		{name: "of all flows", as: "support", path: "/responses?outcome=none", status: 422, contains: []string{"Choose a flow to filter by its outcomes."}},
		{name: "in the distribution", as: "viewer", path: "/responses/distribution?flow=appointment", status: 200, contains: []string{`href="/responses/distribution?flow=appointment&amp;outcome=go%3ASUMMARY"`}},
		{name: "of all flows in the distribution", as: "viewer", path: "/responses/distribution", status: 200, contains: []string{`href="/responses/distribution?flow=appointment&amp;outcome=finish%3Agone-rule"`}},
	})
	cells, _ := s.listed(t, "support", "/responses?flow=appointment&outcome=finish:gone-rule", "Rule outcome")
	if !slices.Equal(cells, []string{"Finished by a former rule", "Finished by a former rule"}) {
		t.Errorf("the column says %q", cells)
	}
	for i, want := range []string{"go:SUMMARY", "finish:gone-rule"} {
		if got := s.exported(t, "?flow=appointment&outcome="+want, "rules.outcome"); !slices.Equal(got, []string{want, want}) {
			t.Errorf("%d: the export of %s says %q", i, want, got)
		}
	}
	page, err := s.DB().Responses(t.Context(), models.ResponseFilter{FlowID: flow.ID, Outcome: "go:SUMMARY"})
	must(t, err)
	got := s.send(t, scenario{as: "support", path: fmt.Sprint("/responses/", page.Rows[0].ID)})
	if !strings.Contains(got.body, `title="go:SUMMARY"`) || !strings.Contains(got.body, "/responses?flow=appointment&amp;outcome=go%3ASUMMARY") {
		t.Error("the page of a response does not say its outcome")
	}
}

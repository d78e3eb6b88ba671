package models_test

import (
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
	"switchyard/models/rules"
)

func TestAnOutcomeIsTakenApartAsItIsMade(t *testing.T) {
	for _, c := range []struct {
		kind                  rules.Kind
		screen, ruleID        string
		want, wantTo, wantWho string
		finished              bool
	}{
		{rules.Goes, "OFFER", "r1", "go:OFFER", "OFFER", "", false},
		{rules.Finishes, "SUCCESS", "r1", "finish:r1", "", "r1", true},
		{rules.Finishes, "SUCCESS", "", "finish", "", "", true},
		{rules.Stays, "OFFER", "r1", "", "", "", false},
		{rules.Falls, "OFFER", "", "", "", "", false},
		{rules.Expires, "", "r1", "", "", "", false},
	} {
		got := models.Routed(c.kind, c.screen, c.ruleID)
		screen, rule, finished := models.RoutedTo(got)
		if got != c.want || screen != c.wantTo || rule != c.wantWho || finished != c.finished {
			t.Errorf("Routed(%s, %q, %q) = %q, which is %q, %q, %v; want %q", c.kind, c.screen, c.ruleID, got, screen, rule, finished, c.want)
		}
	}
}

// routedVisit records a step that leads a visit on.
func routedVisit(t *testing.T, db *modelstest.DB, f models.Flow, token string, steps int, routed string) {
	t.Helper()
	now := db.Time()
	screen, rule, finished := models.RoutedTo(routed)
	step := models.Step{FlowID: f.ID, At: now, Action: "data_exchange", Kind: "go", NextScreen: screen, RuleID: rule, Status: 200}
	v := models.Visit{FlowID: f.ID, Token: token, Run: 1, StartedAt: now, LastAt: now, Outcome: models.VisitOpen, Steps: steps, Routed: routed}
	if step.NextScreen = screen; finished {
		step.Kind, v.Outcome = "finish", models.VisitFinished
	}
	if routed == "" {
		step.Kind = "stay"
	}
	recordSteps(t, db, models.StepRecord{Visit: v, Step: step})
}

func TestAResponseHasTheOutcomeOfItsVisit(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("claim")
	routedVisit(t, db, f, "early", 1, "go:OFFER")
	routedVisit(t, db, f, "early", 2, "") // stays: it was led where it was
	db.NewResponse().Token("early").Save()
	db.NewVisit(f, "late")
	late := db.NewResponse().Token("late").Save()
	db.NewResponse().Token("claim.none").Save()
	routedVisit(t, db, f, "late", 2, "finish:r7") // is written after the response
	routedVisit(t, db, f, "late", 1, "go:OLD")    // is older than what is there
	for token, want := range map[string]string{"early": "go:OFFER", "late": "finish:r7", "claim.none": ""} {
		if got := text(t, db, "SELECT outcome FROM responses WHERE token = '"+token+"'"); got != want {
			t.Errorf("outcome of %s = %q; want %q", token, got, want)
		}
	}
	all, err := db.Outcomes(t.Context(), f.ID)
	if err != nil || joined(all) != joined([]string{"", "finish:r7", "go:OFFER"}) {
		t.Errorf("Outcomes() = %q, %v; want three", all, err)
	}
	for outcome, want := range map[string]int{"finish:r7": 1, "go:OFFER": 1, models.NoOutcome: 1, "go:NOWHERE": 0} {
		page, tally, err := db.FindResponses(t.Context(), models.ResponseFilter{FlowID: f.ID, Outcome: outcome})
		if err != nil || len(page.Rows) != want || tally.N != want {
			t.Errorf("responses with %s: %d, counted %d, %v; want %d", outcome, len(page.Rows), tally.N, err, want)
		}
	}
	if _, err := db.Responses(t.Context(), models.ResponseFilter{Outcome: "go:OFFER"}); err == nil {
		t.Error("an outcome of no flow is asked for without an error")
	}
	if _, err := db.Response(t.Context(), late.ID); err != nil {
		t.Error(err)
	}
}

func TestOutcomesFromBeforeAreFilledIn(t *testing.T) {
	url := modelstest.URL(t)
	db := modelstest.OpenAt(t, url)
	f := db.NewFlow("claim")
	routedVisit(t, db, f, "offer", 1, "go:FIRST")
	db.Advance(time.Second)
	routedVisit(t, db, f, "offer", 2, "go:OFFER")
	db.Advance(time.Second)
	routedVisit(t, db, f, "offer", 3, "")
	routedVisit(t, db, f, "done", 1, "finish")
	routedVisit(t, db, f, "rule", 1, "finish:r7")
	for _, token := range []string{"offer", "done", "rule"} {
		db.NewResponse().Token(token).Save()
	}
	// as a database is that was made before
	raw(t, url, "UPDATE visits SET routed = ''", "UPDATE responses SET outcome = ''", "INSERT INTO settings (name, value, updated_at) VALUES ('outcomes_from', '900', 0)")
	more, err := db.FillOutcomes(t.Context(), time.Minute)
	if err != nil || more {
		t.Fatalf("FillOutcomes() = %v, %v; want nothing left", more, err)
	}
	for token, want := range map[string]string{"offer": "go:OFFER", "done": "finish", "rule": "finish:r7"} {
		if got := text(t, db, "SELECT outcome FROM responses WHERE token = '"+token+"'"); got != want {
			t.Errorf("outcome of %s = %q; want %q", token, got, want)
		}
	}
	if got := text(t, db, "SELECT count(*) FROM settings WHERE name = 'outcomes_from'"); got != "0" {
		t.Errorf("%s settings are left; want it to be over", got)
	}
}

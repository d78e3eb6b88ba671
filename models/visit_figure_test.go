package models_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// TestNoFigureCountsATest: what people read of a flow in numbers is the same with a thousand tests beside it.
func TestNoFigureCountsATest(t *testing.T) {
	db, ctx := modelstest.Open(t), t.Context()
	f := db.NewFlow("booking")
	now := db.Now()
	figures := func() map[string]any {
		t.Helper()
		all := map[string]any{}
		for name, read := range map[string]func() (any, error){
			"visits per day":    func() (any, error) { return db.VisitsPerDay(ctx, f.ID, 3, time.UTC) },
			"all visits":        func() (any, error) { return db.VisitsPerDay(ctx, 0, 3, time.UTC) },
			"responses per day": func() (any, error) { return db.ResponsesPerDay(ctx, 0, 3, time.UTC) },
			"stops":             func() (any, error) { return db.Stops(ctx, f.ID, now.AddDate(0, 0, -3)) },
			"pace":              func() (any, error) { return db.Pace(ctx, f.ID, now.AddDate(0, 0, -3)) },
			"rule hits":         func() (any, error) { return db.RuleHits(ctx, f.ID, models.Time{Time: now.AddDate(0, 0, -3)}) },
			"fixed hits":        func() (any, error) { return db.FixedHits(ctx, f.ID, models.Time{Time: now.AddDate(0, 0, -3)}) },
			"tokenless":         func() (any, error) { return db.Tokenless(ctx, f.ID, models.Time{Time: now.AddDate(0, 0, -3)}) },
			"faults":            func() (any, error) { return db.Faults(ctx, f.ID, 10) },
			"visits":            func() (any, error) { return db.CountVisits(ctx, models.VisitFilter{FlowID: f.ID}) },
			"flows": func() (any, error) {
				flows, err := db.FlowsToday(ctx, time.UTC)
				return flows[0].ResponsesToday, err
			},
		} {
			value, err := read()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			all[name] = value
		}
		return all
	}
	played := func(token string, test bool, micros int64) {
		for outcome, ago := range map[models.Outcome]time.Duration{models.VisitOpen: 2 * time.Hour, models.VisitFinished: time.Minute} {
			then := models.Time{Time: now.Add(-ago)}
			v := models.Visit{FlowID: f.ID, Token: token + string(outcome), Run: 1, Test: test, StartedAt: then, LastAt: then, Outcome: outcome, Screen: "DETAILS", Steps: 1}
			step := models.Step{FlowID: f.ID, At: then, Action: "data_exchange", RuleID: "r1", Micros: micros, Faults: []string{"odd"}, Test: test}
			recordSteps(t, db, models.StepRecord{Visit: v, Step: step}, models.StepRecord{Step: step})
		}
		r := db.NewResponse().Token(token + string(models.VisitFinished))
		if test {
			r.Test()
		}
		r.Save()
	}
	played("booking.", false, 2000)
	before := figures()
	for i := range 5 {
		played(models.TestToken+strings.Repeat("x", i)+".", true, 900_000)
	}
	if after := figures(); !reflect.DeepEqual(after, before) {
		t.Errorf("figures with tests = %+v\nwithout             %+v", after, before)
	}
	if p := before["pace"].(models.Pace); p != (models.Pace{Visits: 2, Finished: 1, Requests: 4, P90: 2 * time.Millisecond}) {
		t.Errorf("Pace = %+v; want 2 visits, one of them finished, 4 requests within 2 ms", p)
	}
	stops := before["stops"].([]models.Stop)
	if len(stops) != 1 || stops[0].N != 1 || stops[0].Screen != "DETAILS" || !stops[0].Last.Equal(now.Add(-2*time.Hour).Truncate(time.Microsecond)) {
		t.Errorf("Stops = %+v; want one visit on DETAILS, 2 h ago", stops)
	}
}

func TestNineOfTenRequestsWereAnsweredWithinP90(t *testing.T) {
	db := modelstest.Open(t)
	f := db.NewFlow("booking")
	for n, want := range map[int]int64{1: 1, 10: 9, 19: 18, 20: 18} {
		db.Advance(48 * time.Hour)
		for i := range n {
			recordSteps(t, db, models.StepRecord{Step: models.Step{FlowID: f.ID, At: db.Time(), Micros: int64(i + 1)}})
		}
		p, err := db.Pace(t.Context(), f.ID, db.Now().Add(-time.Hour))
		if err != nil || p.P90.Microseconds() != want || p.Requests != n {
			t.Errorf("Pace of 1…%d µs = %+v, %v; want %d µs", n, p, err, want)
		}
	}
}

func TestMintedTokensAreOfTheirFlowAndNeverTwice(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := models.MintToken("booking")
		random, ok := strings.CutPrefix(token, "booking.")
		// 26 letters of 5 bits are 130 bits.
		if !ok || len(random) < 26 || strings.Trim(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || seen[token] {
			t.Fatalf("MintToken = %q; want booking. and 26 letters or digits, a new one each time", token)
		}
		seen[token] = true
	}
	if token := models.MintTestToken("booking"); !strings.HasPrefix(token, "test.booking.") {
		t.Errorf("MintTestToken = %q; want test.booking. in front", token)
	}
}

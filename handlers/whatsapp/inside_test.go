package whatsapp

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
	"switchyard/models/rules"
)

// next is a rule set in a test's hands.
type next = func(rules.Request, rules.Visit, rules.Fallback) rules.Decision

// bench is an Endpoint without a database, whose one flow decides by n.
func bench(t testing.TB, n next) (*Endpoint, *flow, *[]models.StepRecord) {
	t.Helper()
	recorded := &[]models.StepRecord{}
	f := &flow{LiveFlow: models.LiveFlow{Flow: models.Flow{ID: 1, Slug: "claim"}}, json: parsed(t, fixture(t, "flows", "claim.json")), ruling: ruling{next: n}}
	f.secrets = secretsOf(f.json)
	live := NewLive(nil, LiveOptions{Log: slog.New(slog.DiscardHandler)})
	s := &state{flows: []*flow{f}}
	s.index()
	live.state.Store(s)
	e := &Endpoint{
		Live: live, Now: func() time.Time { return noon }, Note: func(string, string) {}, Log: slog.New(slog.DiscardHandler),
		Record: func(_ context.Context, r models.StepRecord) error { *recorded = append(*recorded, r); return nil },
		Visits: func(context.Context, int64, string) (models.Visit, error) { return models.Visit{}, models.ErrNotFound },
	}
	return e, f, recorded
}

func ask(action, screen string) wire.Request {
	return wire.Request{Version: "3.0", Action: action, Screen: screen, Data: map[string]any{}, Token: "claim.1"}
}

func TestRulesThatPanicGiveTheFallback(t *testing.T) {
	broken := false
	e, f, recorded := bench(t, func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
		if broken {
			panic("a customer's words")
		}
		return rules.Decision{Kind: rules.Goes, Screen: "INCIDENT", Data: map[string]any{"holder": "Ada", "kinds": []any{}}}
	})
	var log strings.Builder
	e.Log = slog.New(slog.NewTextHandler(&log, nil))
	f.FallbackMessage = "Bitte noch einmal."
	e.answer(t.Context(), question{flow: f, in: ask("INIT", "")})
	broken = true
	r := e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")})
	want := `{"version":"3.0","screen":"INCIDENT","data":{"error_message":"Bitte noch einmal.","holder":"Ada","kinds":[]}}`
	if r.status != 200 || string(r.body) != want {
		t.Errorf("answer = %d %s; want 200 %s", r.status, r.body, want)
	}
	last := (*recorded)[len(*recorded)-1]
	if last.Step.Kind != "unruled" || len(last.Step.Faults) != 1 || last.Visit.Steps != 2 {
		t.Errorf("step = %+v; want one with a fault", last.Step)
	}
	if strings.Contains(log.String(), "words") || !strings.Contains(log.String(), "the rules panicked") {
		t.Errorf("log = %s; want the panic without its words", log.String())
	}
}

func TestARequestWithoutATokenRemembersNothing(t *testing.T) {
	var seen []rules.Visit
	e, f, recorded := bench(t, func(_ rules.Request, v rules.Visit, _ rules.Fallback) rules.Decision {
		seen = append(seen, v)
		return rules.Decision{Kind: rules.Goes, Screen: "POLICY", Data: map[string]any{"error_message": ""}}
	})
	e.Visits = func(context.Context, int64, string) (models.Visit, error) {
		t.Error("a visit was looked for")
		return models.Visit{}, models.ErrNotFound
	}
	for _, token := range []string{"", "unused"} {
		in := ask("INIT", "")
		in.Token = token
		for range 2 {
			e.answer(t.Context(), question{flow: f, in: in})
		}
	}
	if len(seen) != 4 || len(*recorded) != 4 {
		t.Fatalf("%d decisions, %d steps; want 4, 4: no token has no repeat", len(seen), len(*recorded))
	}
	for i, r := range *recorded {
		if seen[i].Known || r.Visit.Token != "" {
			t.Errorf("request %d: known %t, visit %+v; want no visit", i, seen[i].Known, r.Visit)
		}
	}
}

func TestAVisitThatCannotBeReadIsEmptyAndBecomesARunOfItsOwn(t *testing.T) {
	var answers []int
	e, f, recorded := bench(t, func(_ rules.Request, v rules.Visit, _ rules.Fallback) rules.Decision {
		answers = append(answers, len(v.Answers))
		return rules.Decision{Kind: rules.Goes, Screen: "INCIDENT", Data: map[string]any{}}
	})
	e.Visits = func(ctx context.Context, _ int64, _ string) (models.Visit, error) {
		<-ctx.Done()
		return models.Visit{}, ctx.Err()
	}
	began := time.Now()
	e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "POLICY")})
	if took := time.Since(began); took > time.Second {
		t.Errorf("an unreadable visit took %s", took)
	}
	first := (*recorded)[0]
	if first.Visit.Token == "" || first.Visit.Run != 0 || first.Visit.Steps != 1 || len(first.Step.Faults) != 1 {
		t.Errorf("recorded %+v; want a step of a visit whose run is not known, with a fault", first)
	}
	e.Visits = func(context.Context, int64, string) (models.Visit, error) { return models.Visit{Run: 4, Steps: 9}, nil }
	e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")})
	second := (*recorded)[1]
	if second.Visit.Run != 5 || second.Visit.Steps != 2 || len(second.Step.Faults) != 0 || len(second.Visit.Answers) != 2 {
		t.Errorf("recorded %+v; want run 5 with both steps' answers", second)
	}
	if len(answers) != 2 || answers[1] != 2 {
		t.Errorf("the rules saw %v answered screens; want 1, 2", answers)
	}
}

func TestTheTrailFollowsThePhone(t *testing.T) {
	var to string
	var trails []string
	e, f, recorded := bench(t, func(_ rules.Request, v rules.Visit, _ rules.Fallback) rules.Decision {
		trails = append(trails, strings.Join(v.Trail, " "))
		return rules.Decision{Kind: rules.Goes, Screen: to, Data: map[string]any{}}
	})
	for _, c := range []struct{ action, screen, to, seen, after string }{
		{"INIT", "", "POLICY", "", "POLICY"},
		{"data_exchange", "POLICY", "INCIDENT", "POLICY", "POLICY INCIDENT"},
		{"data_exchange", "INCIDENT", "EVIDENCE", "POLICY INCIDENT", "POLICY INCIDENT EVIDENCE"},
		{"data_exchange", "EVIDENCE", "REVIEW", "POLICY INCIDENT EVIDENCE", "POLICY INCIDENT EVIDENCE REVIEW"},
		{"data_exchange", "INCIDENT", "REVIEW", "POLICY INCIDENT", "POLICY INCIDENT REVIEW"}, // went back without telling
		{"BACK", "", "INCIDENT", "POLICY INCIDENT REVIEW", "POLICY INCIDENT"},
		{"BACK", "INCIDENT", "POLICY", "POLICY INCIDENT", "POLICY"},
		{"data_exchange", "NOT_COVERED", "POLICY", "POLICY NOT_COVERED", "POLICY"}, // navigated without telling
		{"data_exchange", "NOWHERE", "POLICY", "POLICY", "POLICY"},
	} {
		to = c.to
		e.answer(t.Context(), question{flow: f, in: ask(c.action, c.screen)})
		v := (*recorded)[len(*recorded)-1].Visit
		if got := strings.Join(v.Trail, " "); trails[len(trails)-1] != c.seen || got != c.after {
			t.Errorf("%s %s → %s: the rules saw %q, then %q; want %q, %q", c.action, c.screen, c.to, trails[len(trails)-1], got, c.seen, c.after)
		}
	}
	v := (*recorded)[len(*recorded)-1].Visit
	if _, kept := v.Answers["NOWHERE"]; kept {
		t.Error("answers of a screen that the flow does not have are kept")
	}
}

func TestAnswersTooLargeToBeRememberedAreToldAndLeftOut(t *testing.T) {
	e, f, recorded := bench(t, func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
		return rules.Decision{Kind: rules.Goes, Screen: "REVIEW", Data: map[string]any{}}
	})
	in := ask("data_exchange", "POLICY")
	in.Data = map[string]any{"policy_no": strings.Repeat("x", maxAnswers)}
	if r := e.answer(t.Context(), question{flow: f, in: in}); r.status != 200 {
		t.Errorf("answer = %d; want 200", r.status)
	}
	if r := (*recorded)[0]; len(r.Visit.Answers) != 0 || len(r.Step.Faults) != 1 {
		t.Errorf("%d answered screens, faults %q; want none, one", len(r.Visit.Answers), r.Step.Faults)
	}
}

func TestHashesOverPasscodesCannotBeTried(t *testing.T) {
	same := func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
		return rules.Decision{Kind: rules.Stays, Screen: "POLICY", Data: map[string]any{"error_message": "no"}}
	}
	in := ask("data_exchange", "POLICY")
	in.Data = map[string]any{"pin": "1234"}
	var hashes []string
	for range 2 {
		e, f, recorded := bench(t, same)
		e.answer(t.Context(), question{flow: f, in: in})
		hashes = append(hashes, (*recorded)[0].Visit.LastHash)
	}
	if hashes[0] == hashes[1] || hashes[0] == "" {
		t.Errorf("two processes hash a passcode alike: %q", hashes)
	}
}

// FuzzAnyPlainRequestGetsAScreen: whatever a phone says to the rules of claim, WhatsApp takes the answer.
func FuzzAnyPlainRequestGetsAScreen(f *testing.F) {
	for _, name := range []string{"init.json", "data-exchange.json", "back.json", "ping.json", "error-notification.json"} {
		f.Add(fixture(f, "endpoint", name))
	}
	f.Add([]byte(`{"action":"data_exchange","screen":"POLICY","flow_token":"x","data":{"pin":[{"a":1e400}],"policy_no":null}}`))
	e, fl, _ := bench(f, nil)
	e.Record = func(context.Context, models.StepRecord) error { return nil }
	set, problem := compileSet(fixture(f, "rules", "claim.json"), fl.json, listSet{lists: map[string]*rules.List{"claim_kinds": {Name: "claim_kinds"}}})
	if set == nil {
		f.Fatal(problem)
	}
	fl.ruling = ruling{version: 1, set: set, next: set.Next}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := wire.ParseRequest(body)
		if err != nil {
			return
		}
		r := e.answer(t.Context(), question{flow: fl, in: in})
		if r.result == ResultPing || r.result == "repeat" {
			return // of an earlier input, and its version
		}
		if why := refused(fl.json, in, r, !in.HasToken()); why != "" {
			t.Errorf("answer to %q = %d %s: %s", body, r.status, r.body, why)
		}
	})
}

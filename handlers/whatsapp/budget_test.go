package whatsapp

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

func TestRulesThatTakeTooLongGiveTheFallback(t *testing.T) {
	bubble(t, func(t *testing.T) {
		e, f, recorded := bench(t, func(_ rules.Request, v rules.Visit, _ rules.Fallback) rules.Decision {
			time.Sleep(time.Minute)
			v.Sent["late"] = nil // what comes too late reads and writes its own copies
			return rules.Decision{}
		})
		e.Visits = func(context.Context, int64, string) (models.Visit, error) {
			return models.Visit{Run: 1, Steps: 1, Screen: "EVIDENCE", Trail: []string{"EVIDENCE"}, Sent: map[string]map[string]any{"EVIDENCE": {"max": 3}}}, nil
		}
		began := time.Now()
		r := e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "NOWHERE"), began: began})
		want := `{"version":"3.0","screen":"EVIDENCE","data":{"error_message":"` + fallbackMessage + `","max":3}}`
		if r.status != 200 || string(r.body) != want || time.Since(began) != DefaultBudget {
			t.Errorf("answer = %d %s after %s; want 200 %s after %s", r.status, r.body, time.Since(began), want, DefaultBudget)
		}
		if faults := (*recorded)[0].Step.Faults; len(faults) != 1 || !strings.Contains(faults[0], "longer than 2s") {
			t.Errorf("faults = %q; want that it took too long", faults)
		}
		time.Sleep(2 * time.Minute)
	})
}

func TestTheBudgetIsASettingAndEndsBeforeTheRequestDoes(t *testing.T) {
	for _, c := range []struct{ budget, left, want time.Duration }{
		{0, time.Minute, DefaultBudget}, {300 * time.Millisecond, time.Minute, 300 * time.Millisecond}, {5 * time.Second, time.Second, time.Second},
	} {
		bubble(t, func(t *testing.T) {
			e, f, _ := bench(t, func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
				time.Sleep(time.Minute)
				return rules.Decision{}
			})
			e.Budget = c.budget
			ctx, cancel := context.WithTimeout(t.Context(), c.left)
			defer cancel()
			began := time.Now()
			r := e.answer(ctx, question{flow: f, in: ask("data_exchange", "REVIEW")})
			if took := time.Since(began); r.status != http.StatusOK || r.result != string(rules.Falls) || took != c.want {
				t.Errorf("budget %s of %s: %d %s after %s; want the fallback after %s", c.budget, c.left, r.status, r.result, took, c.want)
			}
			time.Sleep(2 * time.Minute)
		})
	}
}

// TestAVisitThatIsBusyForTooLongGetsTheFallback: others of the same token use all the time that an answer may take.
func TestAVisitThatIsBusyForTooLongGetsTheFallback(t *testing.T) {
	bubble(t, func(t *testing.T) {
		e, f, recorded := bench(t, func(rules.Request, rules.Visit, rules.Fallback) rules.Decision {
			return rules.Decision{Kind: rules.Goes, Screen: "REVIEW", Data: map[string]any{}}
		})
		e.init()
		v, err := e.memory.take(t.Context(), visitKey{1, "claim.1"}, later())
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		r := e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")})
		want := `{"version":"3.0","screen":"INCIDENT","data":{"error_message":"` + fallbackMessage + `"}}`
		if took := time.Since(began); r.status != http.StatusOK || string(r.body) != want || took != DefaultBudget {
			t.Errorf("answer = %d %s after %s; want 200 %s after %s", r.status, r.body, took, want, DefaultBudget)
		}
		if s := (*recorded)[0]; s.Visit.Token != "" || len(s.Step.Faults) != 1 || !strings.Contains(s.Step.Faults[0], "Other requests of the same visit") {
			t.Errorf("recorded %+v; want a step without its visit that says why", s)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if r := e.answer(gone, question{flow: f, in: ask("data_exchange", "INCIDENT")}); r.status != http.StatusServiceUnavailable || len(*recorded) != 1 {
			t.Errorf("answer to a phone that went away = %d, %d recorded; want 503 and no step", r.status, len(*recorded))
		}
		e.memory.give(v, noon)
	})
}

// TestAVisitThatCannotBeReadEmptiesNoDropDown: what nobody knows is left to the phone, which has it.
func TestAVisitThatCannotBeReadEmptiesNoDropDown(t *testing.T) {
	e, f, _ := bench(t, nil)
	set, _ := rules.Salvage(rules.Document{Screens: map[string]*rules.ScreenRules{
		"INCIDENT": {Otherwise: &rules.Outcome{Stay: &rules.Stay{Error: "Please add the police reference."}}}}}, f.json, nil, nil)
	f.ruling = ruling{version: 1, set: set, next: set.Next}
	e.Visits = func(context.Context, int64, string) (models.Visit, error) {
		return models.Visit{}, context.DeadlineExceeded
	}
	r := e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")})
	want := `{"version":"3.0","screen":"INCIDENT","data":{"error_message":"Please add the police reference."}}`
	if string(r.body) != want {
		t.Errorf("answer = %s; want %s", r.body, want)
	}
}

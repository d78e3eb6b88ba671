package whatsapp

import (
	"context"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/models/rules"
)

// insisting is rules for the flow claim that always ask for a police reference.
func insisting(f *flow) *rules.Set {
	set, _ := rules.Salvage(rules.Document{Screens: map[string]*rules.ScreenRules{
		"INCIDENT": {Otherwise: &rules.Outcome{Stay: &rules.Stay{Error: "Please add the police reference."}}}}}, f.json, nil, nil)
	return set
}

// TestWhoTriesAgainAfterTheFallbackIsAnsweredByTheRules: the fallback asks to try again, so the same submission must not
// get the same fallback for ever.
func TestWhoTriesAgainAfterTheFallbackIsAnsweredByTheRules(t *testing.T) {
	e, f, recorded := bench(t, nil)
	set, broken := insisting(f), true
	f.ruling = ruling{version: 1, set: set, next: func(in rules.Request, v rules.Visit, fb rules.Fallback) rules.Decision {
		if broken {
			panic("broken")
		}
		return set.Next(in, v, fb)
	}}
	for i, want := range []string{fallbackMessage, "police reference", "police reference"} {
		if r := e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")}); !strings.Contains(string(r.body), want) {
			t.Errorf("time %d = %s; want %s", i+1, r.body, want)
		}
		broken = false
	}
	if len(*recorded) != 2 {
		t.Errorf("%d steps are recorded; want 2: the third time is a repeat", len(*recorded))
	}
}

// TestWhatWasDecidedWithoutTheVisitIsDecidedAgainWithIt: rules that miss an earlier answer must not ask for it for ever.
func TestWhatWasDecidedWithoutTheVisitIsDecidedAgainWithIt(t *testing.T) {
	e, f, recorded := bench(t, nil)
	set := insisting(f)
	f.ruling = ruling{version: 1, set: set, next: set.Next}
	fresh := e.Visits
	e.Visits = func(context.Context, int64, string) (models.Visit, error) {
		return models.Visit{}, context.DeadlineExceeded
	}
	for want := 1; want <= 3; want++ {
		e.answer(t.Context(), question{flow: f, in: ask("data_exchange", "INCIDENT")})
		if e.Visits = fresh; len(*recorded) != min(want, 2) {
			t.Errorf("time %d: %d steps are recorded; want %d", want, len(*recorded), min(want, 2))
		}
	}
}

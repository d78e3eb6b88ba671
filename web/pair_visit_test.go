package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/modelstest"
)

// talk is a whole conversation: repeats, a way back, the end, and the same token once more.
func talk(token string) [][]byte {
	chosen := map[string]any{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	person := map[string]any{"name": "Ada \x00 <b>", "email": "ada@example.org", "age": "36", "symptoms": []any{}, "notes": "", "terms": true}
	ask := func(action, screen string, data map[string]any) []byte {
		raw, err := json.Marshal(map[string]any{"version": "3.0", "action": action, "screen": screen, "data": data, "flow_token": token})
		if err != nil {
			panic(err)
		}
		return raw
	}
	return [][]byte{
		ask("INIT", "", nil), ask("INIT", "", nil),
		ask("data_exchange", "APPOINTMENT", map[string]any{"department": "dental", "date": "2026-12-01", "time": ""}),
		ask("data_exchange", "APPOINTMENT", chosen), ask("data_exchange", "APPOINTMENT", chosen),
		ask("BACK", "DETAILS", nil),
		ask("data_exchange", "APPOINTMENT", chosen),
		ask("data_exchange", "DETAILS", person), ask("data_exchange", "DETAILS", person),
		ask("data_exchange", "SUMMARY", nil), ask("data_exchange", "SUMMARY", nil),
		ask("INIT", "", nil),
	}
}

// pins is a conversation of claim, which asks for a passcode.
func pins(token string) [][]byte {
	ask := func(number, pin string) []byte {
		return fmt.Appendf(nil, `{"version":"3.0","action":"data_exchange","screen":"POLICY","flow_token":%q,"data":{"policy_no":%q,"pin":%q}}`, token, number, pin)
	}
	return [][]byte{
		fmt.Appendf(nil, `{"version":"3.0","action":"INIT","flow_token":%q}`, token),
		ask("12", "918273"), ask("12", "918273"), ask("AB-123456", "55x"), ask("AB-123456", "55x"),
		ask("AB-123456", "918273"), ask("AB-123456", "918273"),
	}
}

// said plays a conversation and returns the screens with their data, and what was recorded, without token and times.
func (s *site) said(t *testing.T, slug, token string, talk [][]byte, send func(plain []byte) (int, map[string]any)) (screens, steps []string) {
	t.Helper()
	for _, plain := range talk {
		status, got := send(plain)
		screens = append(screens, strings.ReplaceAll(fmt.Sprint(status, got), token, "TOKEN"))
	}
	f, err := s.DB().Flow(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	visits, err := s.DB().Visits(t.Context(), models.VisitFilter{FlowID: f.ID, Tests: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visits.Rows {
		if v.Token != token {
			continue
		}
		rows, err := s.DB().VisitSteps(t.Context(), v.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			steps = append(steps, strings.ReplaceAll(fmt.Sprint(v.Run, v.Outcome, v.Steps, v.Trail, r.Action, r.Screen, r.NextScreen, r.Kind, r.RuleID,
				r.RuleVersion, r.Status, r.Faults, string(r.Data), string(r.Answer)), token, "TOKEN"))
		}
	}
	return screens, steps
}

func TestOnPostgresAVisitThatAlternatesIsTheSameVisit(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	pub := p.addSamples(t)
	p.a.ready(t, pub)
	p.b.ready(t, pub)
	for slug, conversation := range map[string]func(string) [][]byte{"appointment": talk, "claim": pins} {
		play := func(s *site, token string) (screens, steps []string) {
			return s.said(t, slug, token, conversation(token), func(plain []byte) (int, map[string]any) { return s.exchange(t, pub, slug, plain) })
		}
		wantScreens, wantSteps := play(p.a, slug+".one")
		screens, steps := play(p.site, slug+".two")
		if !reflect.DeepEqual(screens, wantScreens) {
			t.Errorf("%s: screens in turn:\n%s\nwant:\n%s", slug, strings.Join(screens, "\n"), strings.Join(wantScreens, "\n"))
		}
		if !reflect.DeepEqual(steps, wantSteps) || len(steps) < 4 {
			t.Errorf("%s: steps in turn:\n%s\nwant:\n%s", slug, strings.Join(steps, "\n"), strings.Join(wantSteps, "\n"))
		}
	}
}

func TestOnPostgresAResponseAtOneServerFinishesTheVisitOfTheOther(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	pub := p.addSamples(t)
	p.a.ready(t, pub)
	p.b.ready(t, pub)
	f, err := p.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 4 { // whoever decodes it
		token := fmt.Sprintf("appointment.r%d", n)
		for _, plain := range talk(token)[:4] {
			p.a.exchange(t, pub, "appointment", plain)
		}
		if got := p.b.deliver(t, completed(t, token, "552133334455", `{"flow_token":"`+token+`","department":"dental"}`)); got.status != http.StatusOK {
			t.Fatalf("delivery = %d", got.status)
		}
		p.decoded(t)
		p.a.exchange(t, pub, "appointment", talk(token)[0])
		v, err := p.DB().NewestVisit(t.Context(), f.ID, token)
		if err != nil || v.Run != 2 {
			t.Errorf("after a response, INIT is of run %d, %v; want 2: the first is finished", v.Run, err)
		}
	}
}

func TestOnPostgresWhatIsPublishedDecidesElsewhereWithinASecond(t *testing.T) {
	p := openPair(t, modelstest.PostgresURL(t))
	pub := p.addSamples(t)
	p.b.ready(t, pub)
	f, err := p.DB().Flow(t.Context(), "appointment")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 6 {
		if n >= 3 {
			p.cutListeners(t)
		}
		word := fmt.Sprintf("Dental care %d", n)
		p.a.publish(t, f, bytes.ReplaceAll(fixture(t, "rules", "appointment.json"), []byte("Dental care"), []byte(word)))
		began := time.Now()
		for try := 0; ; try++ {
			_, got := p.b.exchange(t, pub, "appointment", talk(fmt.Sprintf("appointment.%d.%d", n, try))[0])
			if strings.Contains(fmt.Sprint(got), word) {
				break
			}
			if time.Since(began) > 10*time.Second {
				t.Fatalf("%s does not decide on the other server after 10 s", word)
			}
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s decided on the other server after %v; want 1 s at most", word, took)
		}
	}
}

// steady is a page without what differs each time it is made.
func steady(page string) string {
	return changing.ReplaceAllString(page, "")
}

var changing = regexp.MustCompile(`\b\d+ (s|seconds?) ago|just now`)

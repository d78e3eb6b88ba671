package whatsapp_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

func TestEveryRefusalHasItsStatus(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "appointment")
	d.flow(t, "claim", "", withoutJSON)
	d.flow(t, "survey", "", func(f *models.Flow) { f.Mode = models.Plain })
	sealed, _ := d.seal(t, initial("x.1"))
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	strange, _ := d.seal(t, []byte("[]"))
	other := &desk{key: newKey()}
	foreign, _ := other.seal(t, initial("x.1"))
	for _, c := range []struct {
		name, target string
		body         []byte
		status       int
		result       string
	}{
		{"an unknown slug", "/flow-endpoint/nowhere", sealed, 404, "unknown_flow"},
		{"an empty body", "/flow-endpoint/appointment", nil, 421, "appointment cannot_open"},
		{"plain JSON for an encrypted flow", "/flow-endpoint/appointment", read(t, "endpoint", "ping-plain.json"), 421, "appointment cannot_open"},
		{"a changed envelope", "/flow-endpoint/appointment", flipped, 421, "appointment cannot_open"},
		{"another key", "/flow-endpoint/appointment", foreign, 421, "appointment cannot_open"},
		{"no request inside", "/flow-endpoint/appointment", strange, 421, "appointment cannot_open"},
		{"over 1 MiB", "/flow-endpoint/appointment", make([]byte, 1<<20+1), 413, ""},
		{"no rules and no Flow JSON", "/flow-endpoint/claim", sealed, 503, "claim unready"},
		{"an envelope for a plain flow", "/flow-endpoint/survey", sealed, 421, "survey cannot_open"},
		{"no JSON for a plain flow", "/flow-endpoint/survey", []byte("hello"), 400, "survey unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.results = nil
			w := d.post(c.target, c.body)
			if w.Code != c.status || (c.status == 421) != (w.Body.Len() == 0) {
				t.Errorf("POST %s = %d %q; want %d", c.target, w.Code, w.Body, c.status)
			}
			if got := strings.Join(d.results, ","); got != c.result {
				t.Errorf("observed %q; want %q", got, c.result)
			}
		})
	}
	if d.noted(models.MarkCannotOpen) != 6 {
		t.Errorf("%d marks of what cannot be opened; want 6", d.noted(models.MarkCannotOpen))
	}
}

func TestABrowserIsToldThatTheAddressIsForWhatsApp(t *testing.T) {
	d := newDesk(t)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest("GET", "/flow-endpoint/appointment", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "POST" || w.Body.String() != "This address is for WhatsApp; test it on the flow's page.\n" {
		t.Errorf("GET = %d, Allow %q, %q; want 405, POST and where to go", w.Code, w.Header().Get("Allow"), w.Body)
	}
}

func TestTheSignatureIsCheckedBeforeRSA(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "now", models.By{}))
	must(t, "SetSetting", d.SetSetting(t.Context(), models.PreviousAppSecret, "before", models.By{}))
	d.flow(t, "appointment", "appointment")
	d.flow(t, "claim", "", func(f *models.Flow) { f.CheckSignature = false })
	body, _ := d.seal(t, read(t, "endpoint", "ping.json"))
	now, before := wire.Sign("now", body), wire.Sign("before", body)
	for _, c := range []struct {
		name, slug string
		signatures []string
		status     int
	}{
		{"the current secret", "appointment", []string{now}, 200},
		{"the previous secret", "appointment", []string{before}, 200},
		{"no signature", "appointment", nil, 432},
		{"another secret", "appointment", []string{wire.Sign("guess", body)}, 432},
		{"another body", "appointment", []string{wire.Sign("now", body[1:])}, 432},
		{"two signatures", "appointment", []string{now, now}, 432},
		{"the check switched off", "claim", nil, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.decryptions.Store(0)
			var header []string
			for _, s := range c.signatures {
				header = append(header, wire.SignatureHeader, s)
			}
			w := d.post("/flow-endpoint/"+c.slug, body, header...)
			if w.Code != c.status {
				t.Errorf("POST = %d; want %d", w.Code, c.status)
			}
			if n := d.decryptions.Load(); (n == 0) != (c.status == 432) || c.status == 432 && w.Body.Len() != 0 {
				t.Errorf("%d decryptions, body %q", n, w.Body)
			}
		})
	}
	if d.noted(models.MarkBadFlowSig) != 4 {
		t.Errorf("%d marks of bad signatures; want 4", d.noted(models.MarkBadFlowSig))
	}
}

// jwt signs claims as Meta does (protocol.md §3.3).
func jwt(secret, claims string) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func TestTheTokensSignatureIsCheckedWhenThereIsOne(t *testing.T) {
	d := newDesk(t)
	must(t, "SetSetting", d.SetSetting(t.Context(), models.AppSecret, "now", models.By{}))
	d.flow(t, "appointment", "appointment")
	for _, c := range []struct {
		name, jwt string
		status    int
		unbound   int
	}{
		{"none", "", 200, 0},
		{"right", jwt("now", `{"flow_token":"x.1"}`), 200, 0},
		{"right, another claim", jwt("now", `{"sub":"x.1"}`), 200, 0},
		{"right, of another token", jwt("now", `{"flow_token":"x.2"}`), 200, 1},
		{"another secret", jwt("guess", `{"flow_token":"x.1"}`), 432, 1},
		{"no JWT", "x.1", 432, 1},
	} {
		request := initial("x.1")
		request["flow_token_signature"] = c.jwt
		body, _ := d.seal(t, request)
		w := d.post("/flow-endpoint/appointment", body, wire.SignatureHeader, wire.Sign("now", body))
		if w.Code != c.status || d.noted(models.MarkUnboundToken) != c.unbound {
			t.Errorf("%s: %d, %d marks of unbound tokens; want %d, %d", c.name, w.Code, d.noted(models.MarkUnboundToken), c.status, c.unbound)
		}
	}
}

func TestAPlainFlowAsksForItsSecret(t *testing.T) {
	d := newDesk(t)
	open := d.flow(t, "survey", "", func(f *models.Flow) { f.Mode = models.Plain })
	ping := read(t, "endpoint", "ping-plain.json")
	if w := d.post("/flow-endpoint/survey", ping); w.Code != 200 || w.Body.String() != `{"data":{"status":"active"}}` ||
		w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("ping without a secret = %d %q %q; want 200, active, JSON", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	must(t, "SetFlowSecret", d.SetFlowSecret(t.Context(), open.ID, "s3cret-of-survey-0t", models.By{}))
	d.refresh(t)
	for _, c := range []struct {
		name, path string
		header     []string
		status     int
	}{
		{"none", "", nil, 401},
		{"header", "", []string{"X-Switchyard-Secret", "s3cret-of-survey-0t"}, 200},
		{"bearer", "", []string{"Authorization", "Bearer s3cret-of-survey-0t"}, 200},
		{"path", "/s3cret-of-survey-0t", nil, 200},
		{"wrong header", "", []string{"X-Switchyard-Secret", "S3cret-of-survey-0t"}, 401},
		{"wrong bearer", "", []string{"Authorization", "Bearer s3cret-of-survey-0t "}, 401},
		{"another scheme", "", []string{"Authorization", "Basic s3cret-of-survey-0t"}, 401},
		{"wrong path", "/s3cret-of-survey-0", nil, 401},
		{"empty header", "", []string{"X-Switchyard-Secret", ""}, 401},
	} {
		if w := d.post("/flow-endpoint/survey"+c.path, ping, c.header...); w.Code != c.status {
			t.Errorf("%s: %d; want %d", c.name, w.Code, c.status)
		}
	}
}

func TestAPlainFlowAnswersInPlainJSON(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment", func(f *models.Flow) { f.Mode = models.Plain })
	post := func(request any) (int, object) {
		w := d.post("/flow-endpoint/appointment", []byte(say(request)))
		return w.Code, decode(t, w.Body.Bytes())
	}
	if status, got := post(read(t, "endpoint", "init.json")); status != 200 || got["screen"] != "APPOINTMENT" || got["version"] != "3.0" {
		t.Errorf("INIT = %d %v; want APPOINTMENT and the version echoed", status, got)
	}
	status, got := post(object{"action": "dance", "screen": "APPOINTMENT", "flow_token": appointmentToken})
	if data := got["data"].(object); status != 200 || got["screen"] != "APPOINTMENT" || data["error_message"] != "Unknown action: dance" || data["departments"] == nil {
		t.Errorf("an unknown action = %d %v; want the screen with its data and what is unknown", status, got)
	}
	if status, got := post(read(t, "endpoint", "error-notification.json")); status != 200 || !reflect.DeepEqual(got["data"], object{"acknowledged": true}) {
		t.Errorf("an error notification = %d %v; want it acknowledged", status, got)
	}
	if _, steps := d.visit(t, f.ID, appointmentToken); len(steps) != 3 || steps[1].Kind != "fallback" || len(steps[1].Faults) == 0 {
		t.Errorf("%d steps; want 3, the second a fallback with a fault: %+v", len(steps), steps)
	}
}

func TestAFlowIsFoundByItsOldSlugAndByMetasID(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "", func(f *models.Flow) { f.MetaID = "6912" })
	f.Slug = "booking"
	_, err := d.UpdateFlow(t.Context(), f, models.By{})
	must(t, "UpdateFlow", err)
	d.refresh(t)
	for _, ref := range []string{"booking", "appointment", "6912"} {
		if status, _ := d.ask(t, ref, read(t, "endpoint", "ping.json")); status != 200 {
			t.Errorf("ping by %s = %d; want 200", ref, status)
		}
	}
}

func TestWithoutPublishedRulesTheCustomerSeesTheEntryScreen(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "", func(f *models.Flow) { f.FallbackMessage = "Gleich geht es weiter." })
	data := d.talk(t, "appointment", read(t, "endpoint", "init.json"), "APPOINTMENT")
	want := object{"departments": []any{}, "min_date": "", "times": []any{}, "show_times": false, "error_message": "Gleich geht es weiter."}
	if !reflect.DeepEqual(data, want) {
		t.Errorf("data = %v; want %v", data, want)
	}
	d.talk(t, "appointment", exchange(appointmentToken, "DETAILS", object{}), "DETAILS")
	faults, err := d.Faults(t.Context(), f.ID, 10)
	if err != nil || len(faults) != 2 || faults[0].Kind != "unruled" {
		t.Errorf("Faults = %+v, %v; want two unruled steps", faults, err)
	}
}

func TestARepeatGetsTheSameAnswerAndNoNewStep(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	first := d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	d.Advance(time.Minute)
	if again := d.talk(t, "appointment", initial("a.1"), "APPOINTMENT"); !reflect.DeepEqual(again, first) {
		t.Errorf("INIT again = %v; want %v", again, first)
	}
	chosen := object{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	for range 3 {
		d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", chosen), "DETAILS")
	}
	if v, steps := d.visit(t, f.ID, "a.1"); v.Run != 1 || v.Steps != 2 || len(steps) != 2 {
		t.Errorf("run %d, %d steps, %d recorded; want 1, 2, 2", v.Run, v.Steps, len(steps))
	}
	d.talk(t, "appointment", back("a.1", "DETAILS"), "APPOINTMENT")
	d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", chosen), "DETAILS")
	if v, _ := d.visit(t, f.ID, "a.1"); v.Steps != 4 {
		t.Errorf("after BACK the same data makes %d steps; want 4", v.Steps)
	}
}

func TestARepeatIsKnownAfterARestart(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	chosen := exchange("a.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "10:30"})
	want := d.talk(t, "appointment", chosen, "DETAILS")
	d.restart()
	if got := d.talk(t, "appointment", chosen, "DETAILS"); !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart = %v; want %v", got, want)
	}
	person := object{"name": "Ada", "email": "ada@example.org", "age": "36", "symptoms": []any{}, "notes": "", "terms": true}
	if got := d.talk(t, "appointment", exchange("a.1", "DETAILS", person), "SUMMARY"); got["summary"] != "Dental care, 2026-12-01 10:30" {
		t.Errorf("after a restart the summary is %v; want what was chosen before", got["summary"])
	}
	if v, steps := d.visit(t, f.ID, "a.1"); v.Steps != 3 || len(steps) != 3 || v.Run != 1 {
		t.Errorf("run %d, %d steps, %d recorded; want 1, 3, 3", v.Run, v.Steps, len(steps))
	}
}

func TestAnotherOpeningIsAnotherRun(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "10:30"}), "DETAILS")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	v, steps := d.visit(t, f.ID, "a.1")
	if v.Run != 2 || v.Steps != 1 || len(steps) != 1 || len(v.Answers) != 0 || !slices.Equal(v.Trail, []string{"APPOINTMENT"}) {
		t.Errorf("visit = %+v; want run 2 with its opening only", v)
	}
}

func TestARunMayBeginWithoutINIT(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", exchange("test.appointment.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "10:30"}), "DETAILS")
	v, steps := d.visit(t, f.ID, "test.appointment.1")
	if v.Run != 1 || !v.Test || !steps[0].Test || !slices.Equal(v.Trail, []string{"APPOINTMENT", "DETAILS"}) {
		t.Errorf("visit = %+v; want run 1 of a test on APPOINTMENT, DETAILS", v)
	}
	d.talk(t, "appointment", initial("test.appointment.1"), "APPOINTMENT")
	if v, _ := d.visit(t, f.ID, "test.appointment.1"); v.Run != 2 {
		t.Errorf("INIT after an answer is run %d; want 2", v.Run)
	}
}

// short is rules for the flow claim that finish and expire at once.
const short = `{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"POLICY","data":{"error_message":""}}},"screens":{
	"POLICY":{"rules":[{"when":{"field":"policy_no","op":"equals","value":"end"},"then":{"expire":{"message":"Already claimed."}}}],
		"otherwise":{"finish":{"params":{"policy_no":"{{ data.policy_no }}"}}}},
	"INCIDENT":{"rules":[],"otherwise":{"go":"REVIEW"}},"EVIDENCE":{"rules":[],"otherwise":{"go":"REVIEW"}},
	"REVIEW":{"rules":[],"otherwise":{"finish":{}}}}}`

func TestAnExpiredTokenStaysExpired(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, []byte(short))
	d.refresh(t)
	d.talk(t, "claim", initial("c.1"), "POLICY")
	for _, request := range []object{exchange("c.1", "POLICY", object{"policy_no": "end"}), exchange("c.1", "POLICY", object{"policy_no": "x"}), initial("c.1")} {
		status, answer := d.ask(t, "claim", request)
		if status != 427 || answer["error_msg"] != "Already claimed." {
			t.Errorf("%s = %d %v; want 427 and the rule's message", say(request), status, answer)
		}
	}
	d.restart()
	if status, answer := d.ask(t, "claim", initial("c.1")); status != 427 || answer["error_msg"] != "Already claimed." {
		t.Errorf("after a restart = %d %v; want 427", status, answer)
	}
	if v, steps := d.visit(t, f.ID, "c.1"); v.Outcome != models.VisitExpired || v.Steps != 2 || len(steps) != 5 {
		t.Errorf("visit %s, %d steps, %d recorded; want expired, 2, 5", v.Outcome, v.Steps, len(steps))
	}
	request := exchange("unused", "POLICY", object{"policy_no": "end"})
	if status, _ := d.ask(t, "claim", request); status != 427 {
		t.Errorf("a rule that expires a request without a token = %d; want 427", status)
	}
	d.talk(t, "claim", initial("unused"), "POLICY")
}

func TestATokenWorksOnceWhereTheFlowSaysSo(t *testing.T) {
	for _, once := range []bool{false, true} {
		d := newDesk(t)
		f := d.flow(t, "claim", "", func(f *models.Flow) { f.TokenOnce = once })
		d.publish(t, f.ID, []byte(short))
		d.refresh(t)
		d.talk(t, "claim", initial("c.1"), "POLICY")
		done := exchange("c.1", "POLICY", object{"policy_no": "AB-1"})
		first := d.talk(t, "claim", done, "SUCCESS")
		if again := d.talk(t, "claim", done, "SUCCESS"); !reflect.DeepEqual(again, first) {
			t.Errorf("the finishing submission again = %v; want %v", again, first)
		}
		want := map[bool]string{false: "POLICY", true: "427"}[once]
		d.talk(t, "claim", initial("c.1"), want)
	}
}

func TestAResponseFinishesTheVisitThatIsInMemory(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim", func(f *models.Flow) { f.TokenOnce = true })
	d.talk(t, "claim", initial("claim.1"), "POLICY")
	d.talk(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": "ZZ-123456", "pin": "1234"}), "NOT_COVERED")
	w := newWorker(t, d)
	w.start(t)
	w.deliver(t, []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[
		{"id":"wamid.9","from":"49","timestamp":"1795168800","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":
		{"name":"flow","response_json":"{\"outcome\":\"not_covered\",\"flow_token\":\"claim.1\"}"}}}]}}]}]}`))
	eventually(t, "the visit is finished", func() bool {
		v, _ := d.visit(t, f.ID, "claim.1")
		return v.Outcome == models.VisitFinished
	})
	eventually(t, "the token is spent", func() bool {
		status, _ := d.ask(t, "claim", initial("claim.1"))
		return status == 427
	})
}

func TestConcurrentRequestsOfOneTokenAreOneAfterTheOther(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	d.talk(t, "claim", initial("claim.1"), "POLICY")
	var wait sync.WaitGroup
	for i := range 24 {
		wait.Go(func() {
			n := fmt.Sprintf("AB-%06d", i%6)
			d.talk(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": n, "pin": "123456"}), "INCIDENT")
		})
	}
	wait.Wait()
	v, steps := d.visit(t, f.ID, "claim.1")
	if v.Steps != len(steps) || v.Steps < 7 || v.Run != 1 {
		t.Errorf("run %d, %d steps, %d recorded; want 1 and as many steps as recorded, at least 7", v.Run, v.Steps, len(steps))
	}
}

func TestALockedDatabaseDelaysTheStepAndNotTheCustomer(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	other, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(d.URL, "sqlite:")+"?_txlock=immediate&_busy_timeout=5000")
	must(t, "Open", err)
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, "BEGIN IMMEDIATE", err)
	chosen := object{"department": "dental", "date": "2026-12-01", "time": "10:30"}
	person := object{"name": "Ada", "email": "ada@example.org", "age": "36", "symptoms": []any{}, "notes": "", "terms": true}
	for _, ask := range []func(){
		func() { d.ask(t, "appointment", read(t, "endpoint", "ping.json")) },
		func() { d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", chosen), "DETAILS") },
		func() { d.talk(t, "appointment", exchange("a.1", "DETAILS", person), "SUMMARY") },
		func() { d.talk(t, "appointment", initial("a.2"), "APPOINTMENT") },
	} {
		began := time.Now()
		ask()
		if took := time.Since(began); took > time.Second {
			t.Errorf("a request took %s while the database was locked; want less than 1 s", took)
		}
	}
	if v, _ := d.visit(t, f.ID, "a.1"); v.Steps != 1 {
		t.Fatalf("the visit has %d steps while the database is locked: it is not", v.Steps)
	}
	must(t, "Rollback", tx.Rollback())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	must(t, "Drain", d.ep.Drain(ctx))
	v, steps := d.visit(t, f.ID, "a.1")
	if v.Steps != 3 || len(steps) != 3 || v.Screen != "SUMMARY" {
		t.Errorf("afterwards the visit has %d steps, %d recorded, on %s; want 3, 3, SUMMARY", v.Steps, len(steps), v.Screen)
	}
	if v, _ := d.visit(t, f.ID, "a.2"); v.Steps != 1 {
		t.Errorf("the new visit has %d steps; want 1", v.Steps)
	}
}

func TestARequestWaitsForItsTurnAtRSA(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "appointment")
	body, _ := d.seal(t, read(t, "endpoint", "ping.json"))
	var wait sync.WaitGroup
	for range 32 {
		wait.Go(func() {
			if w := d.post("/flow-endpoint/appointment", body); w.Code != 200 {
				t.Errorf("one of 32 at once = %d; want 200", w.Code)
			}
		})
	}
	wait.Wait()
	gate := make(chan struct{})
	d.gate.Store(&gate)
	d.decryptions.Store(0)
	cores := runtime.GOMAXPROCS(0)
	for range cores {
		wait.Go(func() { d.post("/flow-endpoint/appointment", body) })
	}
	eventually(t, "every core is at RSA", func() bool { return d.decryptions.Load() == int64(cores) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "POST", "/flow-endpoint/appointment", bytes.NewReader(body)))
	if w.Code != 503 || ctx.Err() == nil || d.decryptions.Load() != int64(cores) {
		t.Errorf("a request whose time ended while it waited = %d, %v, %d at RSA; want 503, a deadline, %d", w.Code, ctx.Err(), d.decryptions.Load(), cores)
	}
	close(gate)
	wait.Wait()
}

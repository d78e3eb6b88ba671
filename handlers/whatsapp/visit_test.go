package whatsapp_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"switchyard/models"
)

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

func TestAFlowOpenedAgainTheNextDayShowsThatDay(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	d.Advance(24 * time.Hour)
	if got := d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")["min_date"]; got != "2026-11-21" {
		t.Errorf("min_date = %v; want 2026-11-21", got)
	}
	if v, _ := d.visit(t, f.ID, "a.1"); v.Run != 1 || v.Steps != 2 {
		t.Errorf("run %d, %d steps; want 1, 2: nothing was answered in between", v.Run, v.Steps)
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

// TestATokenWorksOnceWhereTheFlowSaysSo: every token then, else only what we minted ourselves.
func TestATokenWorksOnceWhereTheFlowSaysSo(t *testing.T) {
	minted := models.MintToken("claim")
	for _, c := range []struct {
		token string
		once  bool
		want  string
	}{
		{"c.1", false, "POLICY"}, {"c.1", true, "427"}, {minted, false, "427"}, {"test." + minted, false, "427"}, {minted[:len(minted)-1], false, "POLICY"},
		{"unused", true, "POLICY"},
	} {
		d := newDesk(t)
		f := d.flow(t, "claim", "", func(f *models.Flow) { f.TokenOnce = c.once })
		d.publish(t, f.ID, []byte(short))
		d.refresh(t)
		d.talk(t, "claim", initial(c.token), "POLICY")
		done := exchange(c.token, "POLICY", object{"policy_no": "AB-1"})
		first := d.talk(t, "claim", done, "SUCCESS")
		if again := d.talk(t, "claim", done, "SUCCESS"); !reflect.DeepEqual(again, first) {
			t.Errorf("the finishing submission again = %v; want %v", again, first)
		}
		d.talk(t, "claim", initial(c.token), c.want)
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

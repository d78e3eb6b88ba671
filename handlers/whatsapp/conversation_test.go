package whatsapp_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"switchyard/models"
)

const appointmentToken = "appointment.7f3c2a90"

func TestTheAppointmentIsBookedAsItsRulesSay(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	departments := []any{object{"id": "dental", "title": "Dental care"}, object{"id": "cardiology", "title": "Cardiology"},
		object{"id": "other", "title": "Something else"}}
	times := []any{object{"id": "10:30", "title": "10:30"}, object{"id": "15:00", "title": "15:00"}}
	first := object{"departments": departments, "min_date": "2026-11-20", "times": times, "show_times": false}
	same := func(got, want object) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("data = %v; want %v", got, want)
		}
	}

	same(d.talk(t, "appointment", read(t, "endpoint", "init.json"), "APPOINTMENT"), first)
	first["show_times"] = true
	stay := d.talk(t, "appointment", read(t, "endpoint", "data-exchange.json"), "APPOINTMENT")
	if stay["error_message"] != "Please choose a time." {
		t.Errorf("error_message = %v; want that no time is chosen", stay["error_message"])
	}
	delete(stay, "error_message")
	same(stay, first)
	chosen := object{"department": "dental", "date": "2026-12-01"}
	same(d.talk(t, "appointment", exchange(appointmentToken, "APPOINTMENT",
		object{"trigger": "date_selected", "department": "dental", "date": "2026-12-01"}), "APPOINTMENT"), first)
	chosen["time"] = "10:30"
	same(d.talk(t, "appointment", exchange(appointmentToken, "APPOINTMENT", chosen), "DETAILS"),
		object{"department_title": "Dental care", "when": "2026-12-01, 10:30"})
	same(d.talk(t, "appointment", read(t, "endpoint", "back.json"), "APPOINTMENT"), first)
	d.talk(t, "appointment", exchange(appointmentToken, "APPOINTMENT", chosen), "DETAILS")

	person := object{"name": "Ada", "email": "ada@example.org", "age": "17", "symptoms": []any{}, "notes": "", "terms": true}
	if got := d.talk(t, "appointment", exchange(appointmentToken, "DETAILS", person), "DETAILS"); got["error_message"] != "Please ask a parent to book." ||
		got["department_title"] != "Dental care" {
		t.Errorf("a minor gets %v", got)
	}
	person["age"], person["email"] = "36", "ada"
	if got := d.talk(t, "appointment", exchange(appointmentToken, "DETAILS", person), "DETAILS"); got["error_message"] != "Please check your e-mail address." {
		t.Errorf("a broken e-mail address gets %v", got)
	}
	person["email"], person["symptoms"] = "ada@example.org", []any{"2_swelling", "0_pain"}
	same(d.talk(t, "appointment", exchange(appointmentToken, "DETAILS", person), "SUMMARY"),
		object{"summary": "Dental care, 2026-12-01 10:30 (urgent)", "fee": 0.0})
	done := d.talk(t, "appointment", exchange(appointmentToken, "SUMMARY", object{"confirmed": true}), "SUCCESS")
	same(done, object{"extension_message_response": object{"params": object{"flow_token": appointmentToken, "outcome": "booked",
		"department": "dental", "date": "2026-12-01", "time": "10:30", "name": "Ada"}}})

	v, steps := d.visit(t, f.ID, appointmentToken)
	if v.Run != 1 || v.Outcome != models.VisitFinished || v.Steps != 10 || v.Test || v.RuleVersion != 1 {
		t.Errorf("visit = run %d, %s, %d steps, test %t, rules %d; want 1, finished, 10, false, 1", v.Run, v.Outcome, v.Steps, v.Test, v.RuleVersion)
	}
	var path []string
	for _, s := range steps {
		path = append(path, strings.Join([]string{s.Action, s.Screen, s.Kind, s.NextScreen, s.Rule}, "|"))
		if s.Status != 200 || s.RuleVersion != 1 || len(s.Faults) != 0 || s.Micros <= 0 || !json.Valid(s.Data) || !json.Valid(s.Answer) {
			t.Errorf("step %d = %+v; want 200, rules 1, a duration, data and answer, no fault", s.ID, s)
		}
	}
	want := []string{
		"INIT||go|APPOINTMENT|Otherwise",
		"data_exchange|APPOINTMENT|stay|APPOINTMENT|No time chosen",
		"data_exchange|APPOINTMENT|go|APPOINTMENT|A date was picked: show its times",
		"data_exchange|APPOINTMENT|go|DETAILS|Otherwise",
		"BACK|DETAILS|go|APPOINTMENT|Back",
		"data_exchange|APPOINTMENT|go|DETAILS|Otherwise",
		"data_exchange|DETAILS|stay|DETAILS|Minors need a parent",
		"data_exchange|DETAILS|stay|DETAILS|E-mail must look like one",
		"data_exchange|DETAILS|go|SUMMARY|Bleeding, or swelling with pain, costs nothing",
		"data_exchange|SUMMARY|finish|SUCCESS|Otherwise",
	}
	if !slices.Equal(path, want) {
		t.Errorf("steps:\n%s\nwant:\n%s", strings.Join(path, "\n"), strings.Join(want, "\n"))
	}
}

func TestErrorNotificationsAreAcknowledgedAndRecorded(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", read(t, "endpoint", "init.json"), "APPOINTMENT")
	for _, name := range []string{"error-notification.json", "error-notification-error-key.json"} {
		status, answer := d.ask(t, "appointment", read(t, "endpoint", name))
		want := object{"version": "3.0", "data": object{"acknowledged": true}}
		if status != 200 || !reflect.DeepEqual(answer, want) {
			t.Errorf("%s = %d %v; want 200 %v", name, status, answer, want)
		}
	}
	faults, err := d.Faults(t.Context(), f.ID, 10)
	must(t, "Faults", err)
	var texts []string
	for _, s := range faults {
		texts = append(texts, s.Kind+": "+strings.Join(s.Faults, ";"))
	}
	want := []string{"notice: payload-schema-error: name is missing",
		"notice: invalid-screen-transition: Screen SUMMARY is not reachable from DETAILS"}
	if !slices.Equal(texts, want) {
		t.Errorf("faults = %q; want %q", texts, want)
	}
	if v, steps := d.visit(t, f.ID, appointmentToken); v.Steps != 1 || len(steps) != 3 || v.Screen != "APPOINTMENT" {
		t.Errorf("visit has %d steps, %d recorded, screen %s; want 1, 3 (two of them notices), APPOINTMENT", v.Steps, len(steps), v.Screen)
	}
}

func TestAPingIsAnsweredAndNotRecorded(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "")
	status, answer := d.ask(t, "appointment", read(t, "endpoint", "ping.json"))
	want := object{"version": "3.0", "data": object{"status": "active"}}
	if status != 200 || !reflect.DeepEqual(answer, want) {
		t.Errorf("ping = %d %v; want 200 %v", status, answer, want)
	}
	if d.noted(models.MarkPing) != 1 || d.noted(models.MarkPing+":appointment") != 1 || d.noted(models.MarkOpened) != 1 {
		t.Errorf("marks = %v; want the ping, of this flow, and that an envelope opened", d.marks)
	}
	if faults, err := d.Faults(t.Context(), f.ID, 10); err != nil || len(faults) != 0 {
		t.Errorf("a ping left %d steps, %v", len(faults), err)
	}
}

func TestTheClaimReadsItsListAndKeepsNoPasscode(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	const token, pin, wrong = "claim.5b", "918273", "55x5509"
	d.talk(t, "claim", initial(token), "POLICY")
	policy := object{"policy_no": "12", "pin": pin}
	if got := d.talk(t, "claim", exchange(token, "POLICY", policy), "POLICY"); got["error_message"] != "A policy number looks like AB-123456." {
		t.Errorf("a wrong number gets %v", got)
	}
	policy["policy_no"], policy["pin"] = "AB-123456", wrong
	if got := d.talk(t, "claim", exchange(token, "POLICY", policy), "POLICY"); got["error_message"] != "Please check your PIN." {
		t.Errorf("a wrong PIN gets %v", got)
	}
	policy["pin"] = pin // the same request but for the PIN is no repeat
	got := d.talk(t, "claim", exchange(token, "POLICY", policy), "INCIDENT")
	want := object{"holder": "AB-123456", "kinds": []any{object{"id": "theft", "title": "Theft"},
		object{"id": "damage", "title": "Damage"}, object{"id": "water", "title": "Water"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("INCIDENT gets %v; want %v (fire is switched off)", got, want)
	}
	incident := object{"kind": "theft", "period": object{"start-date": "2027-01-01", "end-date": "2027-01-02"}, "amount": "600", "police_ref": "", "tags": []any{}}
	if got := d.talk(t, "claim", exchange(token, "INCIDENT", incident), "INCIDENT"); got["error_message"] != "The incident cannot lie in the future." {
		t.Errorf("a future incident gets %v", got)
	}
	incident["period"] = object{"start-date": "2026-11-01", "end-date": "2026-11-02"}
	if got := d.talk(t, "claim", exchange(token, "INCIDENT", incident), "INCIDENT"); got["error_message"] != "Please add the police reference." {
		t.Errorf("theft without a reference gets %v", got)
	}
	incident["police_ref"] = "P-1"
	if got := d.talk(t, "claim", exchange(token, "INCIDENT", incident), "EVIDENCE"); !reflect.DeepEqual(got, object{"max": 3.0}) {
		t.Errorf("a claim over the limit of its kind gets %v", got)
	}
	if got := d.talk(t, "claim", exchange(token, "EVIDENCE", object{"photos": []any{}}), "EVIDENCE"); got["error_message"] != "Please add at least one photo." {
		t.Errorf("no photo gets %v", got)
	}
	photo := object{"photos": []any{object{"file_name": "a.jpg", "media_id": "1", "cdn_url": "https://x.test"}}}
	if got := d.talk(t, "claim", exchange(token, "EVIDENCE", photo), "REVIEW"); !reflect.DeepEqual(got, object{"amount": "600", "needs_call": true}) {
		t.Errorf("REVIEW gets %v", got)
	}
	done := d.talk(t, "claim", exchange(token, "REVIEW", object{"confirmed": true}), "SUCCESS")
	if got := done["extension_message_response"].(object)["params"]; !reflect.DeepEqual(got,
		object{"flow_token": token, "outcome": "claimed", "policy_no": "AB-123456", "kind": "theft", "amount": "600"}) {
		t.Errorf("SUCCESS gets %v", got)
	}

	v, steps := d.visit(t, f.ID, token)
	if v.Steps != 10 || len(steps) != 10 || v.Answers["POLICY"]["pin"] != "•••" || v.Answers["POLICY"]["policy_no"] != "AB-123456" {
		t.Errorf("visit has %d steps, %d recorded, POLICY %v; want 10, 10, the pin hidden", v.Steps, len(steps), v.Answers["POLICY"])
	}
	for _, secret := range []string{pin, wrong} {
		if d.Holds(secret) {
			t.Errorf("the passcode %s stands in the database", secret)
		}
	}
	if !d.Holds("AB-123456") {
		t.Error("the policy number is nowhere in the database: the search cannot find anything")
	}
}

func TestAPasscodeThatTheRulesRepeatIsShownAndNotKept(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, []byte(`{"switchyard":1,"opening":{"rules":[],"otherwise":{"go":"POLICY"}},"screens":{
		"POLICY":{"rules":[{"when":{"field":"policy_no","op":"equals","value":"x"},"then":{"expire":{"message":"not {{ data.pin }}"}}}],
			"otherwise":{"stay":{"error":"{{ data.pin }} is wrong"}}},
		"INCIDENT":{"rules":[],"otherwise":{"go":"REVIEW"}},"EVIDENCE":{"rules":[],"otherwise":{"go":"REVIEW"}},
		"REVIEW":{"rules":[],"otherwise":{"finish":{}}}}}`))
	d.refresh(t)
	d.talk(t, "claim", initial("claim.1"), "POLICY")
	got := d.talk(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": "y", "pin": "473829"}), "POLICY")
	if got["error_message"] != "473829 is wrong" {
		t.Errorf("the rules say %v; want the passcode that they see", got["error_message"])
	}
	again := d.talk(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": "y", "pin": "473829"}), "POLICY")
	if !reflect.DeepEqual(again, got) {
		t.Errorf("a repeat says %v; want the same", again)
	}
	status, answer := d.ask(t, "claim", exchange("claim.1", "POLICY", object{"policy_no": "x", "pin": "473829"}))
	if status != 427 || answer["error_msg"] != "not 473829" {
		t.Errorf("the rule that expires says %d %v", status, answer)
	}
	if _, steps := d.visit(t, f.ID, "claim.1"); len(steps) != 3 || !strings.Contains(string(steps[1].Answer), "••• is wrong") {
		t.Errorf("%d steps, the second answered %s; want 3, the passcode hidden", len(steps), steps[1].Answer)
	}
	if d.Holds("473829") {
		t.Error("the passcode stands in the database")
	}
}

package whatsapp_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/models"
	"switchyard/models/rules"
)

const (
	asBefore = "Customers get the rules that ran before"
	without  = "Customers get the rules without what cannot run"
)

// told checks what Faults says about the flow claim.
func (d *desk) told(t testing.TB, when string, parts ...string) {
	t.Helper()
	fault := d.live.Faults()["claim"]
	for _, part := range parts {
		if !strings.Contains(fault, part) {
			t.Errorf("%s Faults = %q; want %q in it", when, fault, part)
		}
	}
	if len(parts) == 0 && fault != "" {
		t.Errorf("%s Faults = %q; want none", when, fault)
	}
}

func TestADeletedListTakesNoFlowDown(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	kinds := func(token string) int {
		t.Helper()
		data := d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
		return len(data["kinds"].([]any))
	}
	must(t, "DeleteList", d.DeleteList(t.Context(), "claim_kinds", models.By{}))
	d.refresh(t)
	if n := kinds("c.1"); n != 3 {
		t.Errorf("%d kinds after the list was deleted; want the 3 of before", n)
	}
	d.told(t, "while the server runs", "claim_kinds", asBefore)
	d.restart()
	if n := kinds("c.2"); n != 0 {
		t.Errorf("%d kinds after a restart without the list; want an empty list", n)
	}
	d.told(t, "after a restart", "claim_kinds", without)
	d.refresh(t)
	if n := kinds("c.3"); n != 0 {
		t.Errorf("%d kinds after another look; want an empty list", n)
	}
	d.told(t, "after another look", "claim_kinds", without)
	faults, err := d.DB.Faults(t.Context(), f.ID, 1)
	if err != nil || len(faults) != 1 || faults[0].RuleVersion != 1 || !strings.Contains(strings.Join(faults[0].Faults, " "), "The list “claim_kinds” is missing") {
		t.Errorf("newest step with faults = %+v, %v; want version 1 and the missing list", faults, err)
	}
	incident := object{"kind": "theft", "period": object{"start-date": "2026-11-01", "end-date": "2026-11-02"}, "amount": "600", "police_ref": "P-1", "tags": []any{}}
	if got := d.talk(t, "claim", exchange("c.3", "INCIDENT", incident), "REVIEW"); got["amount"] != "600" {
		t.Errorf("a claim over a limit that nobody knows = %v; want it to go on to REVIEW", got)
	}
	must(t, "SaveList", d.SaveList(t.Context(), rules.List{Name: "claim_kinds", Rows: []rules.Row{{ID: "theft", Title: "Theft", Enabled: true}}}, models.By{}))
	d.refresh(t)
	if n := kinds("c.4"); n != 1 {
		t.Errorf("%d kinds of a list that came back without its column; want 1", n)
	}
	d.told(t, "with a column missing", "no column “limit”", without)
	d.claimKinds(t)
	d.refresh(t)
	if n := kinds("c.5"); n != 3 {
		t.Errorf("%d kinds when all is back; want 3", n)
	}
	d.told(t, "when all is back")
}

func TestARenamedScreenTakesNoFlowDown(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim", func(f *models.Flow) { f.FallbackMessage = "Bitte noch einmal." })
	renamed := bytes.ReplaceAll(read(t, "flows", "claim.json"), []byte(`"EVIDENCE"`), []byte(`"PHOTOS"`))
	_, err := d.SaveFlowJSON(t.Context(), f.ID, renamed, models.By{})
	must(t, "SaveFlowJSON", err)
	incident := object{"kind": "theft", "period": object{"start-date": "2026-11-01", "end-date": "2026-11-02"}, "amount": "600", "police_ref": "P-1", "tags": []any{}}
	start := func(token string) {
		t.Helper()
		d.talk(t, "claim", initial(token), "POLICY")
		d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
	}
	d.refresh(t)
	start("c.1")
	d.talk(t, "claim", exchange("c.1", "INCIDENT", incident), "EVIDENCE")
	d.told(t, "while the server runs", "EVIDENCE", asBefore)
	d.restart()
	start("c.2")
	got := d.talk(t, "claim", exchange("c.2", "INCIDENT", incident), "INCIDENT")
	if got["error_message"] != "Bitte noch einmal." || len(got["kinds"].([]any)) != 3 {
		t.Errorf("an outcome to a screen that is gone = %v; want the screen again with the fallback's text", got)
	}
	d.told(t, "after a restart", "EVIDENCE", without)
	_, steps := d.visit(t, f.ID, "c.2")
	if last := steps[len(steps)-1]; last.Kind != "fallback" || last.RuleVersion != 1 || !strings.Contains(strings.Join(last.Faults, " "), "EVIDENCE does not exist") {
		t.Errorf("step = %+v; want a fallback that names the screen", last)
	}
	incident["amount"] = "5"
	if got := d.talk(t, "claim", exchange("c.2", "INCIDENT", incident), "REVIEW"); !reflect.DeepEqual(got, object{"amount": "5", "needs_call": false}) {
		t.Errorf("the rules beside it = %v; want them to run", got)
	}
}

func TestRulesThatVisitsAreHeldOnAreSalvagedToo(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim", keeping)
	d.talk(t, "claim", initial("c.1"), "POLICY")
	d.publish(t, f.ID, staying("two"))
	must(t, "DeleteList", d.DeleteList(t.Context(), "claim_kinds", models.By{}))
	d.restart()
	data := d.talk(t, "claim", exchange("c.1", "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
	if kinds := data["kinds"].([]any); len(kinds) != 0 {
		t.Errorf("kinds of the version that the visit is held on = %v; want an empty list", kinds)
	}
	d.claimKinds(t)
	d.refresh(t)
	data = d.talk(t, "claim", exchange("c.1", "POLICY", object{"policy_no": "AB-654321", "pin": "1234"}), "INCIDENT")
	if kinds := data["kinds"].([]any); len(kinds) != 3 {
		t.Errorf("kinds when the list is back = %v; want 3", kinds)
	}
	d.told(t, "about the newest version, which needs no list,")
}

func TestADocumentThatCannotBeReadGivesTheFallback(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	d.publish(t, f.ID, []byte(`{"switchyard":1}`))
	d.restart()
	if got := d.opens(t, "c.1"); got != "Something went wrong. Please try again." {
		t.Errorf("the opening says %q; want the fallback's text", got)
	}
	d.told(t, "after a restart", "opening", "fallback")
}

func TestNestedListsOfACustomerHoldNothingUp(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "")
	const first = "\"APPOINTMENT\": {\n      \"rules\": [\n"
	rule := `{"when":{"field":"date","op":"equals","value":{"field":"time"}},"then":{"expire":{}}},`
	d.publish(t, f.ID, []byte(strings.Replace(string(read(t, "rules", "appointment.json")), first, first+rule, 1)))
	d.refresh(t)
	d.talk(t, "appointment", initial(""), "APPOINTMENT")
	if fault := d.live.Faults()["appointment"]; fault != "" {
		t.Fatalf("Faults = %s", fault)
	}
	var deep any = 1
	for range 40 {
		deep = []any{deep}
	}
	began := time.Now()
	status, _ := d.ask(t, "appointment", exchange("", "APPOINTMENT", object{"department": "dental", "date": deep, "time": deep}))
	if took := time.Since(began); status != 200 && status != 427 || took > time.Second {
		t.Errorf("answer = %d after %s; want one at once", status, took)
	}
}

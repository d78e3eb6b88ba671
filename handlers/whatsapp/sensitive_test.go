package whatsapp_test

import (
	"reflect"
	"testing"
)

func TestSensitiveValuesAreSealedInTheDatabaseAndServeTheRules(t *testing.T) {
	d := newDesk(t)
	d.claimKinds(t)
	f := d.flow(t, "claim", "claim")
	d.flow(t, "appointment", "appointment")
	const token, amount = "claim.7d", "731946.25"
	incident := object{"kind": "theft", "period": object{"start-date": "2026-11-01", "end-date": "2026-11-02"}, "amount": amount, "police_ref": "P-1", "tags": []any{}}
	photo := object{"photos": []any{object{"file_name": "a.jpg", "media_id": "1", "cdn_url": "https://x.test"}}}
	d.talk(t, "claim", initial(token), "POLICY")
	d.talk(t, "claim", exchange(token, "POLICY", object{"policy_no": "AB-123456", "pin": "1234"}), "INCIDENT")
	d.talk(t, "claim", exchange(token, "INCIDENT", incident), "EVIDENCE") // over the limit: the rule read the amount
	want := d.talk(t, "claim", exchange(token, "EVIDENCE", photo), "REVIEW")
	if want["amount"] != amount {
		t.Fatalf("REVIEW gets %v; want the amount", want)
	}
	d.talk(t, "claim", exchange("unused", "INCIDENT", incident), "EVIDENCE") // a step without a visit

	d.restart()
	if got := d.talk(t, "claim", exchange(token, "EVIDENCE", photo), "REVIEW"); !reflect.DeepEqual(got, want) {
		t.Errorf("a repeat after a restart = %v; want %v", got, want)
	}
	done := d.talk(t, "claim", exchange(token, "REVIEW", object{"confirmed": true}), "SUCCESS")
	if params := done["extension_message_response"].(object)["params"].(object); params["amount"] != amount {
		t.Errorf("SUCCESS after a restart gets %v; want the amount of the answers before", params)
	}
	if v, steps := d.visit(t, f.ID, token); v.Answers["INCIDENT"]["amount"] != amount || len(steps) != 5 {
		t.Errorf("answers = %v, %d steps; want the amount opened, 5", v.Answers, len(steps))
	}
	if d.Holds(amount) {
		t.Error("the amount stands in the database")
	}
	d.talk(t, "appointment", exchange("appointment.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "found-1"}), "DETAILS")
	if !d.Holds("found-1") {
		t.Error("what is not sensitive is not found either: the search cannot find anything")
	}
}

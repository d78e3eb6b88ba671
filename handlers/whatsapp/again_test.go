package whatsapp_test

import (
	"testing"

	"switchyard/models"
	"switchyard/models/rules"
)

// TestWhatAPhoneRefusedIsDecidedAnew: after an error notification, the same submission gets the answer of the rules as they
// are, here with a list that was mended.
func TestWhatAPhoneRefusedIsDecidedAnew(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "claim", "")
	list := func(title string) {
		t.Helper()
		l := rules.List{Name: "words", Rows: []rules.Row{{ID: "a", Title: title, Enabled: true}}}
		must(t, "SaveList", d.SaveList(t.Context(), l, models.By{}))
		d.refresh(t)
	}
	list("wrong")
	d.publish(t, f.ID, staying(`{{ lookup('words', 'a', 'title') }}`))
	d.refresh(t)
	d.opens(t, "c.1")
	d.says(t, "c.1", "1")
	list("right")
	if got := d.says(t, "c.1", "1"); got != "wrong" {
		t.Errorf("a repeat = %q; want the same answer", got)
	}
	notice := exchange("c.1", "POLICY", object{"error": "payload-schema-error", "error_message": "no"})
	if status, answer := d.ask(t, "claim", notice); status != 200 || answer["data"].(object)["acknowledged"] != true {
		t.Fatalf("the notification = %d %v; want it acknowledged", status, answer)
	}
	if got := d.says(t, "c.1", "1"); got != "right" {
		t.Errorf("after the notification = %q; want right", got)
	}
}

// TestGoingBackTwiceWithoutNamingTheScreenLeavesTwoScreens: some phones do not say which screen they leave.
func TestGoingBackTwiceWithoutNamingTheScreenLeavesTwoScreens(t *testing.T) {
	d := newDesk(t)
	d.flow(t, "appointment", "appointment")
	d.talk(t, "appointment", initial("a.1"), "APPOINTMENT")
	d.talk(t, "appointment", exchange("a.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "10:30"}), "DETAILS")
	person := object{"name": "Ada", "email": "ada@example.org", "age": "36", "symptoms": []any{}, "notes": "", "terms": true}
	d.talk(t, "appointment", exchange("a.1", "DETAILS", person), "SUMMARY")
	nameless := back("a.1", "")
	d.talk(t, "appointment", nameless, "DETAILS")
	d.talk(t, "appointment", nameless, "APPOINTMENT")
}

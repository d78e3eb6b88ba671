package whatsapp_test

import (
	"bytes"
	"testing"

	"switchyard/models"
)

// TestAFieldNamedErrorIsAnAnswerWhereTheFormHasOne: the same data is an error notification where no payload of the
// screen sends such a key (design/decisions.md 22).
func TestAFieldNamedErrorIsAnAnswerWhereTheFormHasOne(t *testing.T) {
	d := newDesk(t)
	f := d.flow(t, "appointment", "appointment")
	said := exchange(appointmentToken, "DETAILS", object{"error": "a text", "error_message": "more"})
	if status, answer := d.ask(t, "appointment", said); status != 200 || answer["data"].(object)["acknowledged"] != true {
		t.Errorf("a notification = %d %v; want it acknowledged", status, answer)
	}
	json := bytes.Replace(read(t, "flows", "appointment.json"), []byte(`"notes": "${form.notes}"`), []byte(`"notes": "${form.notes}", "error": "${form.notes}"`), 1)
	_, err := d.SaveFlowJSON(t.Context(), f.ID, json, models.By{})
	must(t, "SaveFlowJSON", err)
	d.refresh(t)
	if got := d.talk(t, "appointment", said, "DETAILS"); got["error_message"] != "Please check your e-mail address." {
		t.Errorf("an answer of a form with a field “error” = %v; want the rules to decide", got)
	}
	if v, _ := d.visit(t, f.ID, appointmentToken); v.Answers["DETAILS"]["error"] != "a text" {
		t.Errorf("answers = %v; want the field kept", v.Answers)
	}
}

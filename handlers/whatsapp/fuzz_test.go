package whatsapp_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"switchyard/handlers/whatsapp/wire/wiretest"
	"switchyard/models"
	"switchyard/models/flowjson"
)

// fuzzDesk has one flow and records nothing: what is looked for is in the answers, and the disk would take most of the time.
func fuzzDesk(f *testing.F) *desk {
	d := newDesk(f)
	d.ep.Record = func(context.Context, models.StepRecord) error { return nil }
	d.flow(f, "appointment", "appointment")
	return d
}

// FuzzEnvelope sends bytes as they are: whatever they are, the answer is one of the protocol's, and 421 says nothing.
func FuzzEnvelope(f *testing.F) {
	d := fuzzDesk(f)
	good, bad := wiretest.Envelopes(f, &d.key.PublicKey, &newKey().PublicKey)
	f.Add(good)
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		if len(bad[name]) < 8<<10 {
			f.Add(bad[name])
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w := d.post("/flow-endpoint/appointment", body)
		switch {
		case w.Code == 421 && w.Body.Len() == 0, w.Code == 200 && w.Body.Len() > 0, w.Code == 413 && len(body) > 1<<20:
		default:
			t.Errorf("POST of %q = %d %q; want 200, or 421 and nothing", body, w.Code, w.Body)
		}
	})
}

// FuzzRequest seals bytes as WhatsApp would: what opens is always answered, with a screen of the flow and data that it
// declares.
func FuzzRequest(f *testing.F) {
	d := fuzzDesk(f)
	flow, problems := flowjson.Parse(read(f, "flows", "appointment.json"))
	if flow == nil {
		f.Fatal(problems)
	}
	for _, request := range []object{
		initial("f.1"), exchange("f.1", "APPOINTMENT", object{"department": "dental", "date": "2026-12-01", "time": "10:30"}),
		exchange("f.1", "APPOINTMENT", object{"department": "dental"}), back("f.1", "DETAILS"), exchange("", "SUMMARY", object{"trigger": "x"}),
		exchange("f.2", "DETAILS", object{"name": "a\x00b", "email": 7, "more": []any{nil, 1e9}}), exchange("f.3", "NOWHERE", nil),
		{"version": "3.0", "action": "ping"}, {"action": "data_exchange", "flow_token": 7, "data": []any{}}, {},
		{"version": "3.0", "action": "data_exchange", "screen": "APPOINTMENT", "flow_token": "f.1", "data": object{"error": "e", "error_message": "m"}},
	} {
		f.Add([]byte(say(request)))
	}
	f.Add([]byte("hello"))
	f.Fuzz(func(t *testing.T, plain []byte) {
		if len(plain) > 64<<10 {
			return
		}
		body, opener := d.seal(t, plain)
		w := d.post("/flow-endpoint/appointment", body)
		answer, err := opener.Open(w.Body.Bytes())
		if err != nil || w.Code != 200 && w.Code != 427 {
			t.Fatalf("%q is answered with %d %q, %v; want a sealed 200 or 427", plain, w.Code, w.Body, err)
		}
		if w.Code == 200 {
			answersFor(t, flow, plain, answer)
		}
	})
}

// answersFor checks an answer of 200 against the flow.
func answersFor(t *testing.T, flow *flowjson.Flow, plain, raw []byte) {
	t.Helper()
	var answer struct {
		Screen *string
		Data   map[string]any
	}
	if err := json.Unmarshal(raw, &answer); err != nil || answer.Data == nil {
		t.Fatalf("%q is answered with %s, %v; want an object with data", plain, raw, err)
	}
	if answer.Screen == nil { // ping, notice
		return
	}
	i := slices.IndexFunc(flow.Screens, func(s *flowjson.Screen) bool { return s.ID == *answer.Screen })
	if i < 0 {
		if *answer.Screen != "SUCCESS" {
			t.Fatalf("%q is answered with %s; want a screen of the flow", plain, raw)
		}
		return
	}
	for key, value := range answer.Data {
		declared := slices.ContainsFunc(flow.Screens[i].Data, func(k flowjson.DataKey) bool { return k.Name == key })
		if value == nil || !declared && key != "error_message" {
			t.Errorf("%q is answered with %s; want no null, and of %s's own keys only, but it has %s = %v", plain, raw, *answer.Screen, key, value)
		}
	}
}

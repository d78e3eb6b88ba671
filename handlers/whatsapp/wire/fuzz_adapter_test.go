package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

// adapted parses a body that an adapter must take and holds what callers rely on: something came of it, under the same
// key each time.
func adapted(t *testing.T, body []byte) wire.Events {
	t.Helper()
	events, err := wire.ParseWebhook(body, wire.Dialog360)
	if err != nil {
		t.Fatalf("ParseWebhook(%q) = %v; want nil", body, err)
	}
	check(t, events)
	if len(events.Messages)+len(events.Statuses)+len(events.Flows)+len(events.Others) == 0 {
		t.Errorf("ParseWebhook(%q) lost what it held", body)
	}
	again, err := wire.ParseWebhook(bytes.Clone(body), wire.Dialog360)
	if err != nil || toJSON(t, again) != toJSON(t, events) {
		t.Errorf("ParseWebhook(%q) twice = %+v, then %+v, %v", body, events, again, err)
	}
	return events
}

func FuzzPartner(f *testing.F) {
	for _, name := range names(f, "partner") {
		var p struct {
			Event string
			Data  json.RawMessage
		}
		if err := json.Unmarshal(read(f, "partner", name), &p); err != nil {
			f.Fatal(err)
		}
		f.Add(p.Event, []byte(p.Data))
	}
	f.Fuzz(func(t *testing.T, event string, data []byte) {
		if event == "" || !json.Valid(data) || string(bytes.TrimSpace(data)) == "null" {
			return
		}
		body := []byte(`{"id":"e","event":` + toJSON(t, event) + `,"data":` + string(data) + `}`)
		adapted(t, body)
		meta, err := wire.ParseWebhook(body, wire.Meta)
		if err != nil || toJSON(t, meta) != toJSON(t, adapted(t, body)) {
			t.Errorf("by Meta's route ParseWebhook(%q) = %+v, %v; want the same", body, meta, err)
		}
	})
}

func FuzzFlattened(f *testing.F) {
	f.Add("flows", []byte(`{"event":"FLOW_STATUS_CHANGE","flow_id":"1","time":1760000000000,"wabaId":"1"}`))
	f.Add("messages", []byte(`{"messages":[{"id":"wamid.1"}]}`))
	for _, name := range names(f, "more") {
		var p struct {
			Entry []struct {
				Changes []struct {
					Field string
					Value json.RawMessage
				}
			}
		}
		if json.Unmarshal(read(f, "more", name), &p) == nil && len(p.Entry) > 0 {
			f.Add(p.Entry[0].Changes[0].Field, []byte(p.Entry[0].Changes[0].Value))
		}
	}
	f.Fuzz(func(t *testing.T, field string, value []byte) {
		value = bytes.TrimSpace(value)
		if field == "" || !json.Valid(value) || value[0] != '{' {
			return
		}
		adapted(t, []byte(`{"field":`+toJSON(t, field)+`,"value":`+string(value)+`}`))
	})
}

func FuzzYCloud(f *testing.F) {
	f.Add("2026-02-22T12:00:00.000Z", []byte(`{"flowId":"1","wabaId":"2","oldStatus":"DRAFT","newStatus":"PUBLISHED"}`))
	f.Add("", []byte(`[]`))
	f.Fuzz(func(t *testing.T, at string, changes []byte) {
		body := []byte(`{"id":"e","type":"whatsapp.flow.status_change","createTime":` + toJSON(t, at) + `,"flowChanges":` + string(changes) + `}`)
		if _, err := wire.ParseWebhook(body, wire.Meta); errors.Is(err, wire.ErrNotJSON) || errors.Is(err, wire.ErrUnknownShape) {
			return
		}
		for _, e := range adapted(t, body).Flows {
			if e.Event != "FLOW_STATUS_CHANGE" || e.State != "" {
				t.Errorf("ParseWebhook(%q) has %+v; want a change of status", body, e)
			}
		}
	})
}

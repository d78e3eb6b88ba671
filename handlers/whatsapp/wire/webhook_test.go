package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

var update = flag.Bool("update", false, "rewrite the expected events in testdata/events")

func TestEveryWebhookFixtureHasItsExpectedEvents(t *testing.T) {
	for _, folder := range []string{"webhooks", "more", "partner"} {
		for _, name := range names(t, folder) {
			events, err := wire.ParseWebhook(read(t, folder, name), wire.Meta)
			holdGolden(t, folder+"/"+name, golden(t, events, err))
		}
	}
}

// holdGolden compares with what is expected of a fixture. The expected events of "webhooks" lie beside each other.
func holdGolden(t *testing.T, fixture string, got []byte) {
	t.Helper()
	file := strings.TrimPrefix(strings.TrimSuffix(fixture, filepath.Ext(fixture)), "webhooks/") + ".json"
	file = filepath.Join("testdata", "events", filepath.FromSlash(file))
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("ParseWebhook(%s) =\n%s\nwant\n%s", fixture, got, want)
	}
}

func golden(t *testing.T, events wire.Events, err error) []byte {
	t.Helper()
	if err != nil {
		return []byte("{\n  \"error\": " + toJSON(t, err.Error()) + "\n}\n")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(events); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameEventHasTheSameKeyWhereverItStands(t *testing.T) {
	key := func(name string, source wire.Source) string {
		t.Helper()
		events, err := wire.ParseWebhook(read(t, "webhooks", name), source)
		if err != nil || len(events.Flows) != 1 {
			t.Fatalf("ParseWebhook(%s) = %+v, %v; want one flow event", name, events, err)
		}
		return events.Flows[0].Key
	}
	alone, inBatch := key("alert-endpoint-error-rate-activated.json", wire.Meta), key("batch-mixed.json", wire.Meta)
	if alone != inBatch || len(alone) != 64 {
		t.Errorf("keys = %s and %s; want the same 64 digits", alone, inBatch)
	}
	if other := key("batch-mixed.json", wire.Dialog360); other == alone {
		t.Error("another source family has the same key")
	}
}

func TestTheKeyOfAnEventFollowsWhatItSaysNotHowItIsWritten(t *testing.T) {
	key := func(account, time, value string) string {
		t.Helper()
		body := `{"entry":[{"id":` + account + `,"time":` + time + `,"changes":[{"field":"flows","value":` + value + `}]}]}`
		events, err := wire.ParseWebhook([]byte(body), wire.Meta)
		if err != nil || len(events.Flows) != 1 {
			t.Fatalf("ParseWebhook(%s) = %+v, %v; want one flow event", body, events, err)
		}
		return events.Flows[0].Key
	}
	base := key(`"12"`, `34`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`)
	for name, same := range map[string]string{
		"order of keys": key(`"12"`, `34`, `{"x":{"b":"é","a":1.5},"flow_id":"1","event":"E"}`),
		"space":         key(`"12"`, `34`, "{ \"event\" : \"E\",\n\"flow_id\":\"1\",\"x\":{\"a\":1.5,\"b\":\"é\"} }"),
		"escapes":       key(`"12"`, `34`, `{"event":"\u0045","flow_id":"1","x":{"a":1.5,"b":"\u00e9"}}`),
		"time as text":  key(`"12"`, `"34"`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`),
		"id as number":  key(`12`, `34`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`),
	} {
		if same != base {
			t.Errorf("%s: another key; want the same", name)
		}
	}
	for name, different := range map[string]string{
		"a figure":          key(`"12"`, `34`, `{"event":"E","flow_id":"1","x":{"a":1.6,"b":"é"}}`),
		"number as written": key(`"12"`, `34`, `{"event":"E","flow_id":"1","x":{"a":1.50,"b":"é"}}`),
		"number as text":    key(`"12"`, `34`, `{"event":"E","flow_id":"1","x":{"a":"1.5","b":"é"}}`),
		"time":              key(`"12"`, `35`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`),
		"account":           key(`"13"`, `34`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`),
		"where the id ends": key(`"1"`, `234`, `{"event":"E","flow_id":"1","x":{"a":1.5,"b":"é"}}`),
	} {
		if different == base {
			t.Errorf("%s: the same key; want another", name)
		}
	}
}

func TestBodiesOfAnotherShapeAreToldApartFromNoJSON(t *testing.T) {
	for _, body := range []string{
		``, ` `, `x`, `{`, `{}x`, `{"entry":[}`, "\xef\xbb\xbf{}", `{"entry":[],}`, `NaN`, "\x00", `entry=1`, strings.Repeat("[", 10001) + strings.Repeat("]", 10001),
		strings.Repeat("[", 3<<20),
	} {
		if events, err := wire.ParseWebhook([]byte(body), wire.Meta); !errors.Is(err, wire.ErrNotJSON) {
			t.Errorf("ParseWebhook(%.40q) = %+v, %v; want %v", body, events, err, wire.ErrNotJSON)
		}
	}
	for _, body := range []string{
		`null`, `true`, `0`, `"x"`, `[]`, `[{"entry":[]}]`, `{}`, `{"entry":null}`, `{"entry":{}}`, `{"entry":"x"}`, `{"object":"page","entry":[]}`,
		`{"object":5,"entry":[]}`, `{"contacts":[]}`, `{"messages":{}}`, `{"statuses":"x"}`, `{"errors":[]}`, `{"Entry":[]}`, `{"ENTRY":[],"object":"whatsapp_business_account"}`,
		`{"field":"flows","value":[]}`, `{"field":{},"value":{}}`, `{"event":"X"}`, `{"event":"X","data":null}`, `{"event":{},"data":{}}`,
		`{"type":"whatsapp.inbound_message.received","whatsappInboundMessage":{}}`, `{"type":"whatsapp.flow.status_change"}`, strings.Repeat("[", 9999) + strings.Repeat("]", 9999),
	} {
		if events, err := wire.ParseWebhook([]byte(body), wire.Meta); !errors.Is(err, wire.ErrUnknownShape) {
			t.Errorf("ParseWebhook(%.40q) = %+v, %v; want %v", body, events, err, wire.ErrUnknownShape)
		}
	}
	for _, body := range []string{`{"entry":[]}`, `{"object":"whatsapp_business_account","entry":[]}`, `{"messages":[]}`} {
		if _, err := wire.ParseWebhook([]byte(body), wire.Meta); err != nil {
			t.Errorf("ParseWebhook(%s) = %v; want nil", body, err)
		}
	}
}

package views_test

import (
	"encoding/json"
	"strings"
	"testing"

	"switchyard/views"
)

func TestPayloadIsSetInLines(t *testing.T) {
	got := views.Payload([]byte(`{"a" : [ ] ,"b":{"c":1e400,"d":"x\",{"},"e":[1,{ }]}`), false)
	const want = "{\n  \"a\": [],\n  \"b\": {\n    \"c\": 1e400,\n    \"d\": \"x\\\",{\"\n  },\n  \"e\": [\n    1,\n    {}\n  ]\n}"
	if got.Text != want || got.Note != "" {
		t.Errorf("Payload = %q; want %q", got.Text, want)
	}
	for name, body := range map[string]string{"deep": strings.Repeat("[", 9999) + strings.Repeat("]", 9999), "long": `"` + strings.Repeat("x", 4<<20) + `"`,
		"wide": "[" + strings.Repeat("1,", 1<<20) + "1]"} {
		got := views.Payload([]byte(body), false)
		if len(got.Text) > 200<<10 || name != "long" && name != "wide" && got.Text == "" || !strings.Contains(got.Note, "Only its beginning") {
			t.Errorf("Payload of a %s body: %d bytes, %q; want its beginning and a note", name, len(got.Text), got.Note)
		}
	}
}

func TestPayloadOfViewersTellsNothingOfCustomers(t *testing.T) {
	const body = `{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{
		"contacts":[{"wa_id":"5511987654321","profile":{"name":"Ana"}}],
		"messages":[{"from":"5511987654321","timestamp":"1763600000","type":"interactive","interactive":{"nfm_reply":{"response_json":"{\"iban\":\"DE00\"}"}}},
			{"type":"text 5511987654321","text":{"body":"my code is 1234"},"code":131000,"amount":9.5}],
		"5511987654321":"x","Ana Lopes":1}}]}]}`
	got := views.Payload([]byte(body), true)
	for _, secret := range []string{"5511987654321", "Ana", "iban", "1234", "9.5", "DE00"} {
		if strings.Contains(got.Text, secret) {
			t.Errorf("a viewer sees %q in\n%s", secret, got.Text)
		}
	}
	for _, shown := range []string{"whatsapp_business_account", `"field": "messages"`, "+55 •••• 21", "1763600000", `"type": "interactive"`, "131000"} {
		if !strings.Contains(got.Text, shown) {
			t.Errorf("a viewer does not see %q in\n%s", shown, got.Text)
		}
	}
	if got := views.Payload([]byte(`{"from":"5511987654321"`), true); got.Text != "" || got.Note == "" {
		t.Errorf("of what is no JSON a viewer sees %+v; want nothing", got)
	}
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte(`{"a":["b",{"c":null}],"from":"5511987654321"}`), true)
	f.Add([]byte("no JSON \xff"), false)
	f.Fuzz(func(t *testing.T, body []byte, mask bool) {
		got := views.Payload(body, mask)
		if len(body) < 1000 && json.Valid(body) && !json.Valid([]byte(got.Text)) {
			t.Errorf("Payload(%q, %v) = %q; want JSON", body, mask, got.Text)
		}
	})
}

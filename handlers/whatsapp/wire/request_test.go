package wire_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

func TestEveryEndpointFixtureIsRead(t *testing.T) {
	const token = "appointment.7f3c2a90"
	want := map[string]wire.Request{
		"back.json": {Version: "3.0", Action: "BACK", Screen: "DETAILS", Data: map[string]any{}, Token: token},
		"data-exchange.json": {Version: "3.0", Action: "data_exchange", Screen: "APPOINTMENT", Token: token,
			Data: map[string]any{"department": "dental", "date": "2026-12-01"}},
		"error-notification.json": {Version: "3.0", Action: "data_exchange", Screen: "DETAILS", Token: token,
			Data: map[string]any{"error": "invalid-screen-transition", "error_message": "Screen SUMMARY is not reachable from DETAILS"}},
		"error-notification-error-key.json": {Version: "3.0", Action: "INIT", Token: token,
			Data: map[string]any{"error_key": "payload-schema-error", "error_message": "name is missing"}},
		"init.json":       {Version: "3.0", Action: "INIT", Data: map[string]any{}, Token: token},
		"ping.json":       {Version: "3.0", Action: "ping", Data: map[string]any{}},
		"ping-plain.json": {Action: "ping", Data: map[string]any{}},
	}
	for _, name := range names(t, "endpoint") {
		got, err := wire.ParseRequest(read(t, "endpoint", name))
		if err != nil || !reflect.DeepEqual(got, want[name]) {
			t.Errorf("ParseRequest(%s) = %+v, %v; want %+v", name, got, err, want[name])
		}
		if ping := strings.HasPrefix(name, "ping"); got.Ping() != ping || got.HasToken() == ping {
			t.Errorf("%s: Ping() = %t, HasToken() = %t; want %t and the opposite", name, got.Ping(), got.HasToken(), ping)
		}
	}
}

func TestOddRequestsAreRead(t *testing.T) {
	cases := []struct {
		name, plain string
		want        wire.Request
	}{
		{"nothing", `{}`, wire.Request{}},
		{"null everywhere", `{"version":null,"action":null,"screen":null,"data":null,"flow_token":null}`, wire.Request{}},
		{"version as a number", `{"version":3.0,"action":"INIT"}`, wire.Request{Version: "3.0", Action: "INIT"}},
		{"token as a number", `{"flow_token":12345678901234567890}`, wire.Request{Token: "12345678901234567890"}},
		{"texts of other types", `{"version":[],"action":{},"screen":true,"flow_token":["x"]}`, wire.Request{}},
		{"keys in another case", `{"ACTION":"ping","Data":{"a":1}}`, wire.Request{}},
		{"duplicate keys, the last counts", `{"action":"INIT","action":"BACK"}`, wire.Request{Action: "BACK"}},
		{"escaped", `{"action":"B\u0041CK","screen":"A\/B"}`, wire.Request{Action: "BACK", Screen: "A/B"}},
		{"NUL stays", `{"screen":"A\u0000B"}`, wire.Request{Screen: "A\x00B"}},
		{"lone surrogate", `{"screen":"\ud800"}`, wire.Request{Screen: "\ufffd"}},
		{"bad UTF-8", "{\"screen\":\"\xff\"}", wire.Request{Screen: "\ufffd"}},
		{"space around", " \n{ \"screen\" : \"A\" }\t", wire.Request{Screen: "A"}},
		{"signature", `{"flow_token_signature":"a.b.c"}`, wire.Request{TokenJWT: "a.b.c"}},
		{"numbers keep their digits", `{"data":{"n":9007199254740993,"x":[1.10]}}`,
			wire.Request{Data: map[string]any{"n": json.Number("9007199254740993"), "x": []any{json.Number("1.10")}}}},
	}
	for _, c := range cases {
		if c.want.Data == nil {
			c.want.Data = map[string]any{}
		}
		if got, err := wire.ParseRequest([]byte(c.plain)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: ParseRequest(%s) = %+v, %v; want %+v", c.name, c.plain, got, err, c.want)
		}
	}
}

func TestDataThatIsNoObjectIsTold(t *testing.T) {
	for _, data := range []string{`[]`, `""`, `"{}"`, `1`, `false`} {
		got, err := wire.ParseRequest([]byte(`{"version":"3.0","action":"data_exchange","screen":"A","flow_token":"t","data":` + data + `}`))
		want := wire.Request{Version: "3.0", Action: "data_exchange", Screen: "A", Token: "t", Data: map[string]any{}, Unread: "data is not a JSON object"}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("data %s: ParseRequest = %+v, %v; want %+v", data, got, err, want)
		}
	}
}

func TestWhatIsNoRequestIsAnError(t *testing.T) {
	for _, plain := range []string{
		``, ` `, `x`, `null`, `true`, `1`, `"ping"`, `[]`, `[{"action":"ping"}]`, `{`, `{}{}`, `{} x`, `{"action":"ping",}`, `{'action':'ping'}`,
		"\xef\xbb\xbf{}", "\x00", strings.Repeat("[", 1<<20), strings.Repeat(`{"data":`, 10001),
		`{"action":"` + strings.Repeat("x", 1<<20) + `"}`,
	} {
		if got, err := wire.ParseRequest([]byte(plain)); err == nil || !reflect.DeepEqual(got, wire.Request{}) {
			t.Errorf("ParseRequest(%.40q) = %+v, %v; want an error", plain, got, err)
		}
	}
}

func TestAMissingEmptyOrUnusedTokenIsNoKey(t *testing.T) {
	for token, want := range map[string]bool{"": false, "unused": false, "Unused": true, "appointment.1": true, " ": true} {
		if got := (wire.Request{Token: token}).HasToken(); got != want {
			t.Errorf("HasToken() of %q = %t; want %t", token, got, want)
		}
	}
}

func TestAnErrorNotificationIsToldFromAnOrdinaryRequest(t *testing.T) {
	sends := func(screen, key string) bool { return screen == "REPORT" && key == "error" }
	cases := []struct {
		name, screen, data string
		kind, message      string
		ok                 bool
	}{
		{"error", "A", `{"error":"timeout","error_message":"late"}`, "timeout", "late", true},
		{"error_key", "A", `{"error_key":"timeout","error_message":"late"}`, "timeout", "late", true},
		{"all three", "A", `{"error_key":"k","error":"e","error_message":"m"}`, "e", "m", true},
		{"an empty error beside error_key", "A", `{"error_key":"k","error":""}`, "k", "", true},
		{"no message", "A", `{"error":"timeout"}`, "timeout", "", true},
		{"message of another type", "A", `{"error":"timeout","error_message":5}`, "timeout", "", true},
		{"another key", "A", `{"error":"timeout","name":"x"}`, "", "", false},
		{"only a message", "A", `{"error_message":"late"}`, "", "", false},
		{"error that is no text", "A", `{"error":{"code":1}}`, "", "", false},
		{"error that is no text beside error_key", "A", `{"error":1,"error_key":"k"}`, "k", "", true},
		{"nothing", "A", `{}`, "", "", false},
		{"the screen sends error itself", "REPORT", `{"error":"my screen is black"}`, "", "", false},
		{"the screen sends error, this is error_key", "REPORT", `{"error_key":"timeout"}`, "timeout", "", true},
		{"the screen sends error, both are there", "REPORT", `{"error":"black","error_key":"k"}`, "", "", false},
	}
	for _, c := range cases {
		r := wire.Request{Screen: c.screen}
		if err := json.Unmarshal([]byte(c.data), &r.Data); err != nil {
			t.Fatal(err)
		}
		for range 20 { // maps have no order
			kind, message, ok := r.Notice(sends)
			if kind != c.kind || message != c.message || ok != c.ok {
				t.Errorf("%s: Notice() = %q, %q, %t; want %q, %q, %t", c.name, kind, message, ok, c.kind, c.message, c.ok)
			}
		}
	}
	for _, name := range []string{"error-notification.json", "error-notification-error-key.json"} {
		r, _ := wire.ParseRequest(read(t, "endpoint", name))
		if _, _, ok := r.Notice(nil); !ok {
			t.Errorf("%s: Notice(nil) = false; want true", name)
		}
	}
}

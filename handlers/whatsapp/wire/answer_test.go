package wire_test

import (
	"math"
	"testing"

	"switchyard/handlers/whatsapp/wire"
)

func TestAnswersAreWrittenAsThePlatformExpects(t *testing.T) {
	params := map[string]any{"b": 1, "a": []string{"x"}, "flow_token": "of the rules"}
	cases := []struct{ name, got, want string }{
		{"ping", string(wire.AnswerPing("3.0")), `{"version":"3.0","data":{"status":"active"}}`},
		{"ping without version", string(wire.AnswerPing("")), `{"data":{"status":"active"}}`},
		{"acknowledged", string(wire.AnswerAcknowledged("4.0")), `{"version":"4.0","data":{"acknowledged":true}}`},
		{"screen", string(wire.AnswerScreen("3.0", "DETAILS", map[string]any{"b": "Sofía <b>", "a": nil, "c": map[string]any{"z": 1, "y": 2.5}})),
			`{"version":"3.0","screen":"DETAILS","data":{"b":"Sofía <b>","c":{"y":2.5,"z":1}}}`},
		{"screen without data", string(wire.AnswerScreen("", "A", nil)), `{"screen":"A","data":{}}`},
		{"a value that JSON cannot hold is left out", string(wire.AnswerScreen("", "A", map[string]any{"bad": math.NaN(), "good": 1})),
			`{"screen":"A","data":{"good":1}}`},
		{"finish", string(wire.AnswerFinish("3.0", "t.1", params)),
			`{"version":"3.0","screen":"SUCCESS","data":{"extension_message_response":{"params":{"a":["x"],"b":1,"flow_token":"t.1"}}}}`},
		{"finish without params", string(wire.AnswerFinish("", "", nil)),
			`{"screen":"SUCCESS","data":{"extension_message_response":{"params":{"flow_token":""}}}}`},
		{"finish with a value that JSON cannot hold", string(wire.AnswerFinish("", "t", map[string]any{"f": func() {}})),
			`{"screen":"SUCCESS","data":{"extension_message_response":{"params":{"flow_token":"t"}}}}`},
		{"expired", string(wire.AnswerExpired("The order is placed & paid")), `{"error_msg":"The order is placed & paid"}`},
		{"expired without text", string(wire.AnswerExpired("")), `{}`},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s = %s; want %s", c.name, c.got, c.want)
		}
	}
	if params["flow_token"] != "of the rules" || len(params) != 3 {
		t.Errorf("AnswerFinish changed the caller's params: %v", params)
	}
}

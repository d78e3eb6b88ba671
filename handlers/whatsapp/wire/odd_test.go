package wire_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"switchyard/handlers/whatsapp/wire"
)

// parse wraps a value in Meta's envelope and decodes it.
func parse(t *testing.T, field, value string) wire.Events {
	t.Helper()
	body := fmt.Sprintf(`{"entry":[{"id":"1","time":1674160476,"changes":[{"field":%q,"value":%s}]}]}`, field, value)
	events, err := wire.ParseWebhook([]byte(body), wire.Meta)
	if err != nil {
		t.Fatalf("ParseWebhook(%s) = %v", body, err)
	}
	return events
}

// shape counts what came, "messages statuses flows others", then the fields of the others.
func shape(e wire.Events) string {
	var fields []string
	for _, o := range e.Others {
		fields = append(fields, o.Field)
	}
	return fmt.Sprint(len(e.Messages), len(e.Statuses), len(e.Flows), len(e.Others), fields)
}

func TestNothingThatIsOddVanishes(t *testing.T) {
	cases := []struct{ field, value, want string }{
		{"messages", `{}`, "0 0 0 1 [messages]"},
		{"messages", `null`, "0 0 0 1 [messages]"},
		{"messages", `[]`, "0 0 0 1 [messages]"},
		{"messages", `"x"`, "0 0 0 1 [messages]"},
		{"messages", `{"messages":{}}`, "0 0 0 1 [messages]"},
		{"messages", `{"messages":[]}`, "0 0 0 1 [messages]"},
		{"messages", `{"messages":[1,null,"x",[]]}`, "0 0 0 4 [messages messages messages messages]"},
		{"messages", `{"messages":[{}]}`, "1 0 0 0 []"},
		{"messages", `{"message_echoes":[{"id":"w"}]}`, "0 0 0 1 [messages]"},
		{"messages", `{"statuses":[{}]}`, "0 0 0 1 [messages]"},
		{"messages", `{"statuses":[{"id":"w"},{"status":"read"},7,{"id":5,"status":"read"}]}`, "0 1 0 3 [messages messages messages]"},
		{"messages", `{"messages":[{"id":"w","type":"interactive"}],"errors":[{"code":131000}]}`, "1 0 0 1 [messages.errors]"},
		{"messages", `{"messages":[{"id":"a"}],"statuses":[{"id":"b","status":"sent"}]}`, "1 1 0 0 []"},
		{"flows", `{}`, "0 0 0 1 [flows]"},
		{"flows", `null`, "0 0 0 1 [flows]"},
		{"flows", `5`, "0 0 0 1 [flows]"},
		{"flows", `{"event":"E"}`, "0 0 0 1 [flows]"},
		{"flows", `{"flow_id":"1"}`, "0 0 0 1 [flows]"},
		{"flows", `{"event":"A_SEVENTH_KIND","flow_id":7}`, "0 0 1 0 []"},
		{"smb_message_echoes", `{"message_echoes":[{"id":"w"}]}`, "1 0 0 0 []"},
		{"smb_message_echoes", `{"message_echoes":[{},5,{"id":"w"}]}`, "1 0 0 2 [smb_message_echoes smb_message_echoes]"},
		{"smb_message_echoes", `{}`, "0 0 0 1 [smb_message_echoes]"},
		{"history", `{"history":[]}`, "0 0 0 1 [history]"},
		{"", `{}`, "0 0 0 1 []"},
		{"Messages", `{"messages":[{"id":"w"}]}`, "0 0 0 1 [Messages]"},
	}
	for _, c := range cases {
		if got := shape(parse(t, c.field, c.value)); got != c.want {
			t.Errorf("field %q, value %s: %s; want %s", c.field, c.value, got, c.want)
		}
	}
	for body, want := range map[string]string{
		`{"entry":[null,5,{},{"changes":{}}]}`:                              "0 0 0 4 [   ]",
		`{"entry":[{"changes":[]}]}`:                                        "0 0 0 0 []",
		`{"entry":[{"changes":[null,"x",{},{"field":"flows"}]}]}`:           "0 0 0 4 [   flows]",
		`{"entry":[{"messaging":[{"x":1}]}]}`:                               "0 0 0 1 []",
		`{"messages":[{"id":"a"}],"statuses":[{"id":"a","status":"read"}]}`: "1 1 0 0 []",
		`{"statuses":[{"id":"a","status":"read"}],"errors":[{}]}`:           "0 1 0 1 [messages.errors]",
	} {
		events, err := wire.ParseWebhook([]byte(body), wire.Meta)
		if got := shape(events); err != nil || got != want {
			t.Errorf("ParseWebhook(%s) = %s, %v; want %s", body, got, err, want)
		}
	}
}

func TestAKnownPartOfAnUnknownShapeIsTold(t *testing.T) {
	const event = `"event":"ENDPOINT_LATENCY","flow_id":"1"`
	for _, c := range []struct{ field, value, want string }{
		{"messages", `{"messages":{"id":"w"}}`, "messages is not a list"},
		{"messages", `{"messages":5,"statuses":"x","errors":{}}`, "messages is not a list; statuses is not a list; errors is not a list"},
		{"messages", `{"messages":[{"id":"w"}],"contacts":{}}`, "contacts is not a list"},
		{"messages", `[]`, "the value of messages is not an object"},
		{"messages", `null`, "the value of messages is not an object"},
		{"messages", `{"messages":[5,{"id":"a"},6]}`, "an entry of messages is not an object"},
		{"messages", `{"messages":[{"id":"w","interactive":"{}"}]}`, "interactive of a message is not an object"},
		{"messages", `{"messages":[{"id":"w","type":"interactive"}]}`, "interactive of a message is not an object"},
		{"messages", `{"messages":[{"id":"w","interactive":{"nfm_reply":[]}}]}`, "nfm_reply of a message is not an object"},
		{"messages", `{"statuses":[{"id":"w"},{"id":"w","status":"read"}]}`, "an entry of statuses has no id or no status"},
		{"flows", `5`, "the value of flows is not an object"},
		{"flows", `{"event":"ENDPOINT_LATENCY"}`, "a change of flows has no flow_id"},
		{"flows", `{"flow_id":"1","event":null}`, "a change of flows has no event"},
		{"flows", `{}`, "a change of flows has no flow_id; a change of flows has no event"},
		{"flows", `{` + event + `,"alert_state":["ACTIVATED"]}`, "alert_state of a flow is not a text"},
		{"flows", `{` + event + `,"errors":{}}`, "errors is not a list"},
		{"", `{}`, "a change has no field"},

		{"messages", `{}`, ""},
		{"messages", `{"messages":null,"statuses":null,"errors":null}`, ""},
		{"messages", `{"message_echoes":[{"id":"w"}]}`, ""},
		{"messages", `{"messages":[{"id":"w","type":"text","text":5,"interactive":null}]}`, ""},
		{"messages", `{"messages":[{"id":"w","interactive":{"type":"a_new_kind"}}]}`, ""},
		{"messages", `{"messages":[{"id":"w","interactive":{"type":"nfm_reply"}}]}`, ""}, // a response that cannot be read says so itself
		{"flows", `{` + event + `,"errors":null,"alert_state":null}`, ""},
		{"security", `5`, ""},
	} {
		if got := strings.Join(parse(t, c.field, c.value).Unread, "; "); got != c.want {
			t.Errorf("field %q, value %s: unread %q; want %q", c.field, c.value, got, c.want)
		}
	}
	for body, want := range map[string]string{
		`{"entry":[5]}`: "an entry is not an object",
		`{"entry":[{"changes":{"field":"messages"}}]}`: "changes of an entry is not a list",
		`{"entry":[{"messaging":[]}]}`:                 "changes of an entry is not a list",
		`{"entry":[{"changes":[{"field":"flows"}]}]}`:  "the value of flows is not an object",
		`{"entry":[{"changes":[{"field":"other"}]}]}`:  "",
		`{"entry":[{"changes":["x"]}]}`:                "a change has no field",
		`{"messages":[{"id":"a"}],"statuses":5}`:       "statuses is not a list",
		`{"entry":[{"changes":[]}]}`:                   "",
	} {
		events, err := wire.ParseWebhook([]byte(body), wire.Meta)
		if got := strings.Join(events.Unread, "; "); err != nil || got != want {
			t.Errorf("ParseWebhook(%s): unread %q, %v; want %q", body, got, err, want)
		}
	}
}

func TestNumbersComeAsTextAndTextAsNumbers(t *testing.T) {
	seven, rate := 7000.0, 14.28
	got := parse(t, "flows", `{"event":"E","flow_id":6912,"threshold":"7000","error_rate":" 14.28 ","availability":"n/a","p50_latency":true,
		"p90_latency":{},"requests_count":1e999,"errors":[{"error_type":5,"error_count":"0x10","error_rate":"-"},7],"message":null,"alert_state":["x"]}`).Flows[0]
	want := wire.FlowEvent{
		Key: got.Key, Account: "1", FlowID: "6912", Event: "E", At: time.Unix(1674160476, 0).UTC(), Threshold: &seven, ErrorRate: &rate,
		Errors: []wire.ErrorCount{{Type: "5"}, {}}, Raw: got.Raw,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("flow event = %s; want %s", toJSON(t, got), toJSON(t, want))
	}
	for value, want := range map[string]int64{
		`1700471111`: 1700471111, `"1700471111"`: 1700471111, `1700471111.9`: 1700471111, `"x"`: 0, `0`: 0, `-1`: 0, `null`: 0, `""`: 0, `1e300`: 0, `1700471111000`: 0, `{}`: 0,
	} {
		at := parse(t, "messages", `{"messages":[{"id":"w","timestamp":`+value+`}]}`).Messages[0].At
		if got := max(at.Unix(), 0); got != want || at.IsZero() != (want == 0) {
			t.Errorf("timestamp %s = %v; want %d s", value, at, want)
		}
	}
	status := parse(t, "messages", `{"statuses":[{"id":1,"status":"failed","errors":[{"code":"131026","message":"m"},{"code":1.5,"title":"t","details":"d"},{"code":1e99},null]}]}`)
	faults := []wire.Fault{{Code: 131026, Title: "m"}, {Title: "t", Details: "d"}, {}, {}}
	if got := status.Statuses[0].Errors; !reflect.DeepEqual(got, faults) {
		t.Errorf("errors of a status = %+v; want %+v", got, faults)
	}
}

func TestASenderIsNamedByTheContactWithItsID(t *testing.T) {
	const people = `"contacts":[{"wa_id":"1","profile":{"name":"Ann"}},{"user_id":"BR.2","wa_id":"2","profile":{"name":"Bo","username":"bo"}},{"profile":{"name":"nobody"}},5]`
	for _, c := range []struct{ message, contacts, want string }{
		{`{"id":"w","from":"1"}`, people, "1//Ann/"},
		{`{"id":"w","from_user_id":"BR.2"}`, people, "2/BR.2/Bo/bo"},
		{`{"id":"w","from":"2"}`, people, "2/BR.2/Bo/bo"},
		{`{"id":"w","from":"3"}`, people, "3///"},
		{`{"id":"w"}`, people, "///"},
		{`{"id":"w"}`, `"contacts":[{"user_id":"IN.1","profile":{"name":"Cy"}}]`, "/IN.1/Cy/"},
		{`{"id":"w","from":"3"}`, `"contacts":[{"wa_id":"1","profile":{"name":"Ann"}}]`, "3///"},
		{`{"id":"w","from":"1"}`, `"contacts":[{"wa_id":1,"profile":"x"}]`, "1///"},
		{`{"id":"w","from":"1"}`, `"contacts":{}`, "1///"},
	} {
		m := parse(t, "messages", `{"messages":[`+c.message+`],`+c.contacts+`}`).Messages[0]
		if got := strings.Join([]string{m.From, m.FromUser, m.Name, m.Username}, "/"); got != c.want {
			t.Errorf("message %s with %s: sender %s; want %s", c.message, c.contacts, got, c.want)
		}
	}
}

func TestAMessageWithoutAnIDIsTheSameEachTimeItComes(t *testing.T) {
	const value = `{"messages":[{"type":"text","text":{"body":"a"}},{"type":"text","text":{"body":"b"}}]}`
	first, again := parse(t, "messages", value).Messages, parse(t, "messages", value).Messages
	if len(first[0].ID) != 71 || first[0].ID != again[0].ID || first[0].ID == first[1].ID {
		t.Errorf("ids = %q, %q, again %q; want the first and the third equal, 71 letters", first[0].ID, first[1].ID, again[0].ID)
	}
}

func TestResponsesThatCannotBeReadSayWhy(t *testing.T) {
	deep := strings.Repeat("[", 10001) + strings.Repeat("]", 10001)
	cases := []struct{ name, json, reason string }{
		{"an object as text", `"{\"flow_token\":\"t\",\"n\":9007199254740993}"`, ""},
		{"an object itself", `{"flow_token":"t","n":9007199254740993}`, ""},
		{"missing", ``, "response_json is missing"},
		{"empty", `""`, "response_json is empty"},
		{"blank", `"  "`, "response_json is empty"},
		{"cut", `"{\"a\":"`, "response_json is not valid JSON: it ends too early"},
		{"no JSON", `"hello"`, "response_json is not valid JSON: it cannot be read from byte 1 on"},
		{"a comma too many", `"{\"a\":1,}"`, "response_json is not valid JSON: it cannot be read from byte 8 on"},
		{"more after it", `"{\"a\":1} {}"`, "response_json is not valid JSON: there is more text after its end"},
		{"a letter after it", `"{\"a\":1}x"`, "response_json is not valid JSON: there is more text after its end"},
		{"array", `"[]"`, "response_json is not a JSON object"},
		{"null text", `"null"`, "response_json is not a JSON object"},
		{"null", `null`, "response_json is not a JSON object"},
		{"number", `5`, "response_json is not a JSON object"},
		{"encoded twice", `"\"{}\""`, "response_json is not a JSON object"},
		{"too deep", toJSON(t, deep), "response_json is not valid JSON: it cannot be read from byte 10001 on"},
	}
	for _, c := range cases {
		field := ""
		if c.json != "" {
			field = `,"response_json":` + c.json
		}
		r := parse(t, "messages", `{"messages":[{"id":"w","interactive":{"nfm_reply":{"name":"flow"`+field+`}}}]}`).Messages[0].Flow
		if r == nil || r.Reason != c.reason || (r.Answers == nil) != (c.reason != "") {
			t.Errorf("%s: flow reply = %+v; want reason %q", c.name, r, c.reason)
			continue
		}
		if c.reason == "" && (r.Token != "t" || r.Answers["n"] != json.Number("9007199254740993") || r.Raw != `{"flow_token":"t","n":9007199254740993}`) {
			t.Errorf("%s: flow reply = %+v; want token t and every digit", c.name, r)
		}
	}
}

func TestOnlyANfmReplyCompletesAFlow(t *testing.T) {
	for interactive, want := range map[string]bool{
		`{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":"{}"}}`:   true,
		`{"type":"nfm_reply","nfm_reply":{"response_json":"{\"flow_token\":5}"}}`: true,
		`{"type":"nfm_reply"}`:               true,
		`{"type":"nfm_reply","nfm_reply":5}`: true,
		`{"type":"nfm_reply","nfm_reply":{"name":"address_message","response_json":"{}"}}`: false,
		`{"type":"button_reply","button_reply":{"id":"x"}}`:                                false,
		`{}`: false, `null`: false, `"nfm_reply"`: false,
	} {
		m := parse(t, "messages", `{"messages":[{"id":"w","type":"interactive","interactive":`+interactive+`}]}`).Messages[0]
		if got := m.Flow != nil; got != want {
			t.Errorf("interactive %s: completes a flow = %t; want %t", interactive, got, want)
		}
	}
}

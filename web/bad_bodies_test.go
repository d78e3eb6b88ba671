package web_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"switchyard/models"
	"switchyard/web"
)

// A badBody is one that no platform should send, and how it is taken.
type badBody struct {
	name   string
	body   []byte
	status int
	state  models.DeliveryState // once decoded; "" when nothing is stored
}

// messageBody is a webhook body around one inbound message.
func messageBody(message string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[` + message + `]}}]}]}`
}

func flowsBody(value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","time":1790000000,"changes":[{"field":"flows","value":` + value + `}]}]}`
}

func text(wamid, more string) string {
	return messageBody(`{"id":"` + wamid + `","from":"15551230000","timestamp":"1790000000","type":"text","text":{"body":"hello"}` + more + `}`)
}

func nested(open, inside, end string, depth int) string {
	return strings.Repeat(open, depth) + inside + strings.Repeat(end, depth)
}

// badBodies is C2 of the reliability plan.
func badBodies() (all []badBody) {
	add := func(state models.DeliveryState, name, body string) {
		all = append(all, badBody{name, []byte(body), http.StatusOK, state})
	}
	// No JSON, or not one object of a known shape: a person must see it.
	for name, body := range map[string]string{
		"empty": "", "blank": " \n", "one bracket": "{", "trailing comma": `{"a":1,}`, "trailing data": text("wamid.t", "") + "x", "two bodies": text("wamid.u", "") + text("wamid.v", ""),
		"a raw byte 0xFF alone": "\xff", "UTF-16": "\xff\xfe{\x00}\x00", "NUL bytes": "\x00\x00\x00", "form": "a=1&b=2", "XML": "<a/>", "single quotes": `{'a':1}`,
		"a comment": `{/* */}`, "NaN": `{"a":NaN}`, "1e400 outside of everything": `[1e400]`, "null": "null", "true": "true", "a number": "17", "a text": `"text"`, "a list": "[]", "a list of bodies": "[" + text("wamid.w", "") + "]",
		"an empty object": "{}", "an unknown object": `{"hello":"world"}`, "entry is a text": `{"object":"whatsapp_business_account","entry":"x"}`, "entry is an object": `{"object":"whatsapp_business_account","entry":{}}`,
		"an entry is null": `{"object":"whatsapp_business_account","entry":[null]}`, "changes is a text": `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":"x"}]}`,
		"a change is a number": `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[1]}]}`, "value is a list": `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":[]}]}]}`,
		"messages is an object": `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":{}}}]}]}`,
		"statuses is a text":    `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"statuses":"x"}}]}]}`,
		"a message is a text":   messageBody(`"x"`), "a message is null": messageBody(`null`), "a BOM": "\ufeff" + text("wamid.bom", ""),
		"flows value is null": flowsBody(`null`), "flows value without an id": flowsBody(`{"event":"ENDPOINT_LATENCY","alert_state":"ACTIVATED"}`),
		"10,001 deep": nested("[", "", "]", 10_001), "10,001 deep objects": nested(`{"a":`, "1", "}", 10_001), "a megabyte of [": strings.Repeat("[", 1<<20),
		"3 MB of [": strings.Repeat("[", 3<<20), "3 MB of spaces": strings.Repeat(" ", 3<<20), "response_json is no JSON": messageBody(completion("wamid.r1", `"{"`)),
		"response_json is a list": messageBody(completion("wamid.r2", `"[1]"`)), "response_json is null": messageBody(completion("wamid.r3", `null`)), "response_json is a number": messageBody(completion("wamid.r4", `1`)),
		"a response of no flow": messageBody(completion("wamid.r5", `"{\"a\":1}"`)), "a response 10,001 deep": messageBody(completion("wamid.r6", `"`+nested("[", "", "]", 10_001)+`"`)),
	} {
		add(models.Unmatched, name, body)
	}
	// Odd, but understood.
	for name, body := range map[string]string{
		"a message without anything": messageBody(`{}`), "an empty entry": `{"object":"whatsapp_business_account","entry":[]}`, "no object": `{"entry":[]}`,
		"duplicate keys": text("wamid.dup", `,"id":"wamid.dup2"`), "case-variant keys": text("wamid.case", `,"ID":"wamid.other","From":"1"`), "a timestamp of 2^53+1": text("wamid.big", `,"timestamp":9007199254740993`),
		"a timestamp of 1e400": text("wamid.huge", `,"timestamp":1e400`), "a timestamp of -0": text("wamid.zero", `,"timestamp":-0`), "a timestamp of 1e308": text("wamid.1e308", `,"timestamp":1e308`),
		"\\u0000 in a name": text("wamid.nul", `,"profile":"a\u0000b"`), "\\u0000 in the text": messageBody(`{"id":"wamid.nul2","from":"15551230000","type":"text","text":{"body":"a\u0000b"}}`),
		"\\u0000 in an id": text(`wamid.\u0000`, ""), "a lone surrogate": text(`wamid.\ud800`, ""), "a raw 0xFF in a text": text("wamid.\xff", ""), "right-to-left override": text(`wamid.\u202e`, ""),
		"100,000 keys": text("wamid.keys", manyKeys(100_000)), "a text of 1 MB": text("wamid."+strings.Repeat("a", 1<<20), ""), "9,999 deep beside": text("wamid.deep", `,"x":`+nested("[", "", "]", 9_900)),
		"an id that is a number": messageBody(`{"id":17,"from":15551230000,"timestamp":1790000000,"type":"text","text":{"body":"x"}}`),
		"an unknown field":       `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"of_next_year","value":{"a":[1,2]}}]}]}`,
		"a type of next year":    messageBody(`{"id":"wamid.new","from":"15551230000","timestamp":"1790000000","type":"hologram","hologram":{"a":1}}`),
		"figures as texts":       flowsBody(`{"event":"ENDPOINT_LATENCY","flow_id":"1","alert_state":"ACTIVATED","threshold":"7000","p90_latency":"8000"}`),
		"a huge threshold":       flowsBody(`{"event":"ENDPOINT_LATENCY","flow_id":"2","alert_state":"ACTIVATED","threshold":1e400}`),
	} {
		add(models.Done, name, body)
	}
	return append(all, badBody{"more than the limit", bytes.Repeat([]byte(" "), 4<<20+1), http.StatusRequestEntityTooLarge, ""})
}

// sum names a body as its row does.
func sum(body []byte) string {
	h := sha256.Sum256(body)
	return string(h[:])
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	return b.String()
}

// completion is a message that completes a flow; response is written as JSON.
func completion(wamid, response string) string {
	return `{"id":"` + wamid + `","from":"15551230000","timestamp":"1790000000","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":` + response + `}}}`
}

func TestEveryBadBodyIsAcknowledgedAndNoneStopsTheOthers(t *testing.T) {
	var cfg web.Config
	s := openSite(t, func(c *web.Config) { cfg = *c })
	all := badBodies()
	if len(all) < 60 {
		t.Fatalf("%d bodies; want at least 60", len(all))
	}
	want := map[string]models.DeliveryState{}
	for _, b := range all {
		got := s.deliver(t, b.body)
		if got.status != b.status {
			t.Errorf("%s = %d %.100s; want %d", b.name, got.status, got.body, b.status)
		}
		if b.status == http.StatusOK {
			want[sum(b.body)] = b.state
		}
	}
	s.decoded(t)
	stored := map[string]string{}
	for _, line := range query(t, cfg, `SELECT state, sha256 FROM deliveries`) {
		state, sum, _ := strings.Cut(line, "|")
		stored[strings.TrimSuffix(sum, "|")] = state
	}
	for _, b := range all {
		if state := stored[sum(b.body)]; state != string(b.state) {
			t.Errorf("%s is %q; want %q", b.name, state, b.state)
		}
	}
	if len(stored) != len(want) {
		t.Errorf("%d bodies stored; want %d", len(stored), len(want))
	}
	if log := s.log.String(); strings.Contains(log, "panic") {
		t.Errorf("the log tells of a panic:\n%s", log)
	}
}

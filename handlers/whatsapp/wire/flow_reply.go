package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A FlowReply is a completed flow: interactive.nfm_reply.
type FlowReply struct {
	Name, Body string
	Raw        string         // response_json as it came (an object's text when it was sent as an object)
	Answers    map[string]any // decoded, numbers as json.Number; nil when Raw is no JSON object
	Reason     string         // why it could not be decoded, for people; empty when it could
	Token      string         // flow_token among the answers
}

// addressReply is the one nfm_reply known to be no flow: an address form that some countries have.
const addressReply = "address_message"

// flowReply returns nil when the message completes no flow.
func flowReply(message object) *FlowReply {
	interactive := objectOf(message["interactive"])
	nfm := objectOf(interactive["nfm_reply"])
	if nfm == nil && interactive.text("type") != "nfm_reply" || nfm.text("name") == addressReply {
		return nil
	}
	r := &FlowReply{Name: nfm.text("name"), Body: nfm.text("body")}
	raw := nfm["response_json"]
	switch {
	case len(raw) == 0:
		r.Reason = "response_json is missing"
		return r
	case raw[0] == '"':
		r.Raw = unquote(raw)
	default:
		r.Raw = string(raw)
	}
	r.decode()
	return r
}

// decode reads Raw, the customer's answers: exactly one JSON object.
func (r *FlowReply) decode() {
	d := json.NewDecoder(strings.NewReader(r.Raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		r.Reason = notJSON(err)
		return
	}
	if _, err := d.Token(); err != io.EOF {
		r.Reason = "response_json is not valid JSON: there is more text after its end"
		return
	}
	answers, ok := v.(map[string]any)
	if !ok {
		r.Reason = "response_json is not a JSON object"
		return
	}
	r.Answers = answers
	switch t := answers["flow_token"].(type) {
	case string:
		r.Token = t
	case json.Number:
		r.Token = t.String()
	}
}

// notJSON says what is wrong without repeating what the customer wrote.
func notJSON(err error) string {
	const reason = "response_json is not valid JSON: "
	var syntax *json.SyntaxError
	switch {
	case err == io.EOF:
		return "response_json is empty"
	case err == io.ErrUnexpectedEOF:
		return reason + "it ends too early"
	case errors.As(err, &syntax):
		return reason + fmt.Sprintf("it cannot be read from byte %d on", syntax.Offset)
	}
	return reason + "it cannot be read"
}

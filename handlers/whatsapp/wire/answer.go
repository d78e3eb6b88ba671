package wire

import (
	"bytes"
	"encoding/json"
	"maps"
)

// Answers, as plaintext JSON. version is the request's own and echoed when not empty; key order is fixed.

// AnswerPing is the answer to a health check.
func AnswerPing(version string) []byte {
	return answer{version: version, data: map[string]any{"status": "active"}}.json()
}

// AnswerAcknowledged is the answer to an error notification.
func AnswerAcknowledged(version string) []byte {
	return answer{version: version, data: map[string]any{"acknowledged": true}}.json()
}

// AnswerScreen shows a screen with its data; nil data is {}. A value that is null or that JSON cannot hold
// (NaN) is left out: the customer gets the rest of the screen.
func AnswerScreen(version, screen string, data map[string]any) []byte {
	return answer{version: version, screen: screen, data: data}.json()
}

// AnswerFinish ends the flow: params and the token come back in the nfm_reply.
func AnswerFinish(version, token string, params map[string]any) []byte {
	all := maps.Clone(params)
	if all == nil {
		all = map[string]any{}
	}
	all["flow_token"] = token
	return answer{version: version, screen: "SUCCESS", data: map[string]any{
		"extension_message_response": map[string]any{"params": encodable(all)},
	}}.json()
}

// AnswerExpired is the body of a 427; without a message the client shows its own.
func AnswerExpired(message string) []byte {
	if message == "" {
		return []byte(`{}`)
	}
	return encode(map[string]string{"error_msg": message})
}

type answer struct {
	version, screen string
	data            map[string]any
}

func (a answer) json() []byte {
	return encode(struct {
		Version string                     `json:"version,omitempty"`
		Screen  string                     `json:"screen,omitempty"`
		Data    map[string]json.RawMessage `json:"data"`
	}{a.version, a.screen, encodable(a.data)})
}

// encodable encodes each value by itself and drops those that cannot be, and null, which no client accepts.
func encodable(data map[string]any) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(data))
	for k, v := range data {
		if b := encode(v); b != nil && string(b) != "null" {
			out[k] = b
		}
	}
	return out
}

// encode returns nil for what JSON cannot hold. HTML stays as it is: a phone shows it, no browser reads it.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

package wire

import (
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
	w := newWriter()
	w.writeEach(all)
	return answer{version: version, screen: "SUCCESS", data: map[string]any{
		"extension_message_response": map[string]any{"params": json.RawMessage(w.Bytes())},
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
	w := newWriter()
	w.WriteByte('{')
	if a.version != "" {
		w.WriteString(`"version":`)
		w.write(a.version)
		w.WriteByte(',')
	}
	if a.screen != "" {
		w.WriteString(`"screen":`)
		w.write(a.screen)
		w.WriteByte(',')
	}
	w.WriteString(`"data":`)
	w.writeEach(a.data)
	w.WriteByte('}')
	return w.Bytes()
}

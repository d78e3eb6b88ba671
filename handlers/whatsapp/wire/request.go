package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A Request is a decrypted (or plain) endpoint request (protocol.md §3.3).
type Request struct {
	Version  string
	Action   string         // as it came: "INIT", "data_exchange", "BACK", "ping", or unknown
	Screen   string         // "" when absent
	Data     map[string]any // never nil; numbers are json.Number
	Token    string         // flow_token; "" when missing
	TokenJWT string         // flow_token_signature
}

// ParseRequest reads a plaintext request; anything but one JSON object of at most 1 MiB is an error.
// data that is absent or null is {}, any other type an error. Text that is given as a number counts as it is
// written, of any other type as missing.
func ParseRequest(plain []byte) (Request, error) {
	if len(plain) > dataSize {
		return Request{}, errors.New("the request is larger than 1 MiB")
	}
	if !json.Valid(plain) {
		return Request{}, errors.New("the request is not JSON")
	}
	o := objectOf(plain)
	if o == nil {
		return Request{}, errors.New("the request is not a JSON object")
	}
	data, err := requestData(o["data"])
	if err != nil {
		return Request{}, err
	}
	return Request{
		Version: o.text("version"), Action: o.text("action"), Screen: o.text("screen"), Data: data,
		Token: o.text("flow_token"), TokenJWT: o.text("flow_token_signature"),
	}, nil
}

func requestData(raw json.RawMessage) (map[string]any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return map[string]any{}, nil
	}
	if raw[0] != '{' {
		return nil, errors.New("data in the request is not a JSON object")
	}
	data := map[string]any{}
	if err := decodeNumbers(raw, &data); err != nil {
		return nil, fmt.Errorf("read data of the request: %w", err)
	}
	return data, nil
}

// decodeNumbers keeps numbers as they are written: an id above 2^53 loses no digit.
func decodeNumbers(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(into)
}

// Ping tells whether it is a health check.
func (r Request) Ping() bool { return r.Action == "ping" }

// HasToken is false for a missing, empty or "unused" token: never a key (design/decisions.md 1).
func (r Request) HasToken() bool { return r.Token != "" && r.Token != "unused" }

// Notice returns the error and its message when the request is an error notification: data holds a text error or
// error_key and no keys but error, error_key, error_message (design/decisions.md 22). ordinary tells whether the
// screen's own payloads send such a key; then it is an ordinary request. A nil ordinary knows of none.
func (r Request) Notice(ordinary func(screen, key string) bool) (kind, message string, ok bool) {
	for key := range r.Data {
		switch key {
		case "error", "error_key":
			if ordinary != nil && ordinary(r.Screen, key) {
				return "", "", false
			}
		case "error_message":
		default:
			return "", "", false
		}
	}
	kind, ok = r.Data["error"].(string)
	if other, isText := r.Data["error_key"].(string); isText && kind == "" {
		kind, ok = other, true
	}
	if !ok {
		return "", "", false
	}
	message, _ = r.Data["error_message"].(string)
	return kind, message, true
}

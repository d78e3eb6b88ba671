package wire

import (
	"bytes"
	"encoding/json"
	"errors"
)

// A Request is a decrypted (or plain) endpoint request (protocol.md §3.3).
type Request struct {
	Version  string
	Action   string         // as it came: "INIT", "data_exchange", "BACK", "ping", or unknown
	Screen   string         // "" when absent
	Data     map[string]any // never nil; numbers are json.Number
	Token    string         // flow_token; "" when missing
	TokenJWT string         // flow_token_signature
	Unread   string         // why data could not be read, and is empty; "" when it could
}

// ParseRequest reads a plaintext request; anything but one JSON object of at most 1 MiB is an error.
// data that is absent or null is {}, of any other type it is Unread. Text that is given as a number counts as it is
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
	data, unread := requestData(o["data"])
	return Request{
		Version: o.text("version"), Action: o.text("action"), Screen: o.text("screen"), Data: data,
		Token: o.text("flow_token"), TokenJWT: o.text("flow_token_signature"), Unread: unread,
	}, nil
}

func requestData(raw json.RawMessage) (data map[string]any, unread string) {
	data = map[string]any{}
	if len(raw) == 0 || string(raw) == "null" {
		return data, ""
	}
	if raw[0] == '{' && flat(raw, data) {
		return data, ""
	}
	data = map[string]any{}
	if raw[0] != '{' || decodeNumbers(raw, &data) != nil {
		return map[string]any{}, "data is not a JSON object"
	}
	return data, ""
}

// flat decodes an object of texts, numbers and words, as most are; false when there is a list or an object in it.
func flat(raw json.RawMessage, into map[string]any) bool {
	for key, v := range members(raw) {
		switch v[0] {
		case '"':
			into[key] = unquote(v)
		case '{', '[':
			return false
		case 't', 'f':
			into[key] = v[0] == 't'
		case 'n':
			into[key] = nil
		default:
			into[key] = json.Number(v)
		}
	}
	return true
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

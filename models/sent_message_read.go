package models

import "encoding/json"

// What a platform wrote is read as far as it is what it should be.

// looseJSON reads what fits; of another shape nothing.
func looseJSON[T any](raw []byte, into *T) {
	var v T
	if len(raw) > 0 && json.Unmarshal(raw, &v) == nil {
		*into = v
	}
}

// messageErrors reads both shapes: before v16.0 message and error_data are absent.
func messageErrors(raw []byte) []MessageError {
	var all []json.RawMessage
	looseJSON(raw, &all)
	var out []MessageError
	for _, one := range all {
		var e struct {
			Code           json.Number
			Title, Message string
			Data           struct{ Details string } `json:"error_data"`
		}
		looseJSON(one, &e)
		code, _ := e.Code.Int64()
		m := MessageError{Code: int(code), Title: e.Title, Details: e.Data.Details}
		if m.Title == "" {
			m.Title = e.Message
		}
		out = append(out, m)
	}
	return out
}

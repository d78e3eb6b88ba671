package views

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// hiddenAnswer stands for a sensitive answer that the role may not see (design/decisions.md 8).
const hiddenAnswer = "•••"

// hides tells whether the role may not see the answers of a key.
func (a Answers) hides(key string) bool {
	f := a.field(key)
	return a.Mask && f != nil && f.Sensitive
}

// hideIn replaces the values of hidden keys in JSON, at any depth; all else stays as it was written. In what is no
// JSON nobody can tell them apart, so nothing of it is shown.
func (a Answers) hideIn(raw string) string {
	if !a.Mask || a.Flow == nil || !slices.ContainsFunc(a.Flow.Screens, hasSensitive) {
		return raw
	}
	if !json.Valid([]byte(raw)) {
		return hiddenAnswer
	}
	h := hiding{hides: a.hides, raw: raw, in: json.NewDecoder(strings.NewReader(raw))}
	h.in.UseNumber()
	if h.value() != nil {
		return hiddenAnswer
	}
	return h.out.String() + raw[h.done:]
}

func hasSensitive(s *flowjson.Screen) bool {
	return slices.ContainsFunc(s.Fields, func(f flowjson.Field) bool { return f.Sensitive })
}

// A hiding copies valid JSON without the values of some keys.
type hiding struct {
	hides func(key string) bool
	raw   string
	in    *json.Decoder
	out   strings.Builder
	done  int64 // bytes of raw that are copied or left out
}

func (h *hiding) value() error {
	open, err := h.in.Token()
	if _, nested := open.(json.Delim); err != nil || !nested {
		return err
	}
	for h.in.More() {
		if open == json.Delim('{') {
			err = h.member()
		} else {
			err = h.value()
		}
		if err != nil {
			return err
		}
	}
	_, err = h.in.Token() // the end
	return err
}

// member reads a key and its value.
func (h *hiding) member() error {
	key, err := h.in.Token()
	name, _ := key.(string)
	if err != nil || !h.hides(name) {
		return errors.Join(err, h.value())
	}
	h.out.WriteString(h.raw[h.done:h.in.InputOffset()] + `: "` + hiddenAnswer + `"`)
	var value json.RawMessage
	err = h.in.Decode(&value)
	h.done = h.in.InputOffset()
	return err
}

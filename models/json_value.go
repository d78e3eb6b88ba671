package models

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// AppendJSON appends a value as json.Marshal writes it: each step of a visit is written several times, and what was
// decoded from JSON needs no reflection. What JSON cannot hold is an error.
func AppendJSON(b []byte, v any) ([]byte, error) { return forHTML.appendTo(b, v) }

// A jsonForm is how texts are written.
type jsonForm bool

const (
	forHTML jsonForm = true  // <, > and & escaped, as json.Marshal does
	asIs    jsonForm = false // not, as an Encoder does that was told so
)

func (f jsonForm) appendTo(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return f.appendText(b, v)
	case json.Number:
		if isPlainNumber(string(v)) {
			return append(b, v...), nil
		}
	case []any:
		return f.appendList(b, v)
	case map[string]any:
		return appendObject(f, b, v)
	case map[string]map[string]any:
		return appendObject(f, b, v)
	}
	return f.appendAny(b, v)
}

// isPlainNumber tells that a text is a number of JSON, with nothing around it.
func isPlainNumber(s string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return s != "" && (digit(s[0]) || s[0] == '-') && digit(s[len(s)-1]) && json.Valid([]byte(s))
}

// appendAny appends what encoding/json makes of it.
func (f jsonForm) appendAny(b []byte, v any) ([]byte, error) {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(bool(f))
	err := e.Encode(v)
	return append(b, bytes.TrimSuffix(raw.Bytes(), []byte("\n"))...), err
}

func (f jsonForm) appendText(b []byte, s string) ([]byte, error) {
	if f.plain(s) {
		return append(append(append(b, '"'), s...), '"'), nil
	}
	return f.appendAny(b, s)
}

// plain tells that a text stands in JSON as it is.
func (f jsonForm) plain(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c < ' ', c == '"', c == '\\', f == forHTML && (c == '<' || c == '>' || c == '&'):
			return false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

func (f jsonForm) appendList(b []byte, list []any) (_ []byte, err error) {
	if list == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = f.appendTo(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject[V any](f jsonForm, b []byte, m map[string]V) (_ []byte, err error) {
	if m == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '{')
	for i, key := range sortedKeys(m) {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = f.appendText(b, key); err != nil {
			return nil, err
		}
		if b, err = f.appendTo(append(b, ':'), m[key]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
	slices.Sort(keys)
	return keys
}

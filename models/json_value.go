package models

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// AppendJSON appends a value as json.Marshal writes it: each step of a visit is written several times, and what was
// decoded from JSON needs no reflection. What JSON cannot hold is an error.
func AppendJSON(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case string:
		return appendText(b, v)
	case []any:
		return appendList(b, v)
	case map[string]any:
		return appendObject(b, v)
	case map[string]map[string]any:
		return appendObject(b, v)
	}
	raw, err := json.Marshal(v)
	return append(b, raw...), err
}

func appendText(b []byte, s string) ([]byte, error) {
	if plain(s) {
		return append(append(append(b, '"'), s...), '"'), nil
	}
	raw, err := json.Marshal(s)
	return append(b, raw...), err
}

// plain tells that a text stands in JSON as it is.
func plain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

func appendList(b []byte, list []any) (_ []byte, err error) {
	if list == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = AppendJSON(b, v); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendObject[V any](b []byte, m map[string]V) (_ []byte, err error) {
	if m == nil {
		return append(b, "null"...), nil
	}
	b = append(b, '{')
	keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
	slices.Sort(keys)
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendText(b, key); err != nil {
			return nil, err
		}
		if b, err = AppendJSON(append(b, ':'), m[key]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

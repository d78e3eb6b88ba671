package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// An object is a JSON object whose values are read only when asked for; the last of duplicate keys counts.
type object map[string]json.RawMessage

// objectOf returns nil when raw is no object: reading a nil object gives what is missing.
func objectOf(raw []byte) object {
	if _, ok := inside(raw, '{'); !ok {
		return nil
	}
	o := object{}
	for k, v := range members(raw) {
		o[k] = v
	}
	return o
}

func isArray(raw []byte) bool {
	_, ok := inside(raw, '[')
	return ok
}

// has tells whether the key has a value: null is none.
func (o object) has(key string) bool { return len(o[key]) > 0 && string(o[key]) != "null" }

// text reads a string, or a number as it is written; "" for anything else.
func (o object) text(key string) string { return textOf(o[key]) }

func textOf(raw json.RawMessage) string {
	switch {
	case len(raw) == 0:
		return ""
	case raw[0] == '"':
		return unquote(raw)
	case raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9':
		return string(raw)
	}
	return ""
}

// number reads a number, or a string that is written like one; nil for anything else.
func (o object) number(key string) *float64 {
	s := strings.TrimSpace(o.text(key))
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') || !json.Valid([]byte(s)) {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return &f
}

// object is the value of a key when it is an object, as it came; nil for anything else.
func (o object) object(key string) json.RawMessage {
	if objectOf(o[key]) == nil {
		return nil
	}
	return o[key]
}

// lastEpoch is the end of the year 9999: later times cannot be written as RFC 3339.
const lastEpoch = 253402300799

// epoch reads seconds since 1970, as a number or as text; zero for anything else.
func (o object) epoch(key string) time.Time {
	f := o.number(key)
	if f == nil || *f <= 0 || *f > lastEpoch {
		return time.Time{}
	}
	return time.Unix(int64(*f), 0).UTC()
}

// integer reads a whole number; 0 for anything else.
func (o object) integer(key string) int {
	f := o.number(key)
	if f == nil || math.Trunc(*f) != *f || math.Abs(*f) > 1<<53 {
		return 0
	}
	return int(*f)
}

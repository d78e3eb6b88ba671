package rules

import (
	"encoding/json"

	"switchyard/models/flowjson"
)

func schemaOf(k *flowjson.DataKey) *flowjson.Schema {
	return &flowjson.Schema{Type: k.Type, Items: k.Items, Props: k.Props}
}

// empty is the empty value of a declared type, with every property that an object declares. WhatsApp knows no null.
func empty(s *flowjson.Schema) any {
	if s == nil {
		return ""
	}
	switch s.Type {
	case "number", "integer":
		return 0.0
	case "boolean":
		return false
	case "array":
		return []any{}
	case "object":
		out := make(map[string]any, len(s.Props))
		for name, p := range s.Props {
			out[name] = empty(p)
		}
		return out
	}
	return ""
}

// conform casts a value to the declared type where nothing is lost ("120" → 120, "true" → true, 120 → "120"),
// and cuts objects to the properties that are declared. ok is false when the type's empty had to stand in.
func conform(v any, s *flowjson.Schema) (out any, ok bool) {
	if s == nil {
		return v, v != nil
	}
	switch s.Type {
	case "string":
		t, ok := scalarText(v)
		return t, ok
	case "number", "integer":
		if n, ok := v.(json.Number); ok && isLong(n) && len(n) <= maxDigits {
			return n, true
		}
		if f, ok := toNumber(v); ok && exact(v, f) {
			return f, true
		}
		return 0.0, false
	case "boolean":
		b, ok := toBool(v)
		return b, ok
	case "array":
		return conformList(v, s)
	case "object":
		return conformObject(v, s)
	}
	if v == nil {
		return "", false
	}
	return v, true
}

// exact tells whether a text is still the same number after it was read as one; long numbers are not.
func exact(v any, f float64) bool {
	s, ok := v.(string)
	if !ok {
		return true
	}
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n <= 15 && f == f
}

// conformList casts every entry. One that cannot be cast makes the list empty: an entry without its id or title
// would only be refused on the phone, and a shorter list would hide that something is wrong.
func conformList(v any, s *flowjson.Schema) (any, bool) {
	list, ok := v.([]any)
	if !ok {
		return []any{}, false
	}
	out := make([]any, len(list))
	for i, e := range list {
		c, fits := conform(e, s.Items)
		if !fits {
			return []any{}, false
		}
		out[i] = c
	}
	return out, true
}

func conformObject(v any, s *flowjson.Schema) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return empty(s), false
	}
	if len(s.Props) == 0 {
		return m, true
	}
	out := make(map[string]any, len(s.Props))
	for name, p := range s.Props {
		e, has := m[name]
		if !has {
			out[name] = missing(name, p, s)
			continue
		}
		c, fits := conform(e, p)
		out[name], ok = c, ok && fits
	}
	return out, ok
}

// missing is a declared property that an object lacks. An option that does not say so is enabled, as on the phone: with
// the empty of its type nobody could choose any.
func missing(name string, p, of *flowjson.Schema) any {
	if name == "enabled" && p.Type == "boolean" && of.Props["id"] != nil {
		return true
	}
	return empty(p)
}

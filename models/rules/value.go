package rules

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxBlank bounds the texts that are looked through for anything but blanks, in bytes: a longer one is never
// empty, and no yes, no or date.
const maxBlank = 4096

// isEmpty tells whether a value is empty: missing, null, "", blank text, [], {}.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return len(v) <= maxBlank && strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	case map[string]map[string]any:
		return len(v) == 0
	}
	return false
}

func toBool(v any) (b, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		if len(v) > maxBlank {
			return false, false
		}
		switch strings.TrimSpace(v) {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	}
	return false, false
}

// scalarText is the text of a text, number or boolean. It allocates only for numbers.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		if isLong(v) {
			return v.String(), true
		}
	}
	if f, ok := toNumber(v); ok {
		return numberText(f), true
	}
	return "", false
}

// toText renders any value inside text: lists are joined by ", ", objects are JSON, nothing is nothing.
func toText(v any) string {
	if s, ok := scalarText(v); ok {
		return s
	}
	var b strings.Builder
	writeText(&b, v)
	return b.String()
}

func writeText(b *strings.Builder, v any) {
	if s, ok := scalarText(v); ok {
		b.WriteString(s)
		return
	}
	switch v := v.(type) {
	case nil:
	case []any:
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeText(b, e)
		}
	default:
		if raw, err := json.Marshal(v); err == nil {
			b.Write(raw)
		}
	}
}

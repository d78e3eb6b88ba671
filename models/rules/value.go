package rules

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// isEmpty tells whether a value is empty: missing, null, "", blank text, [], {}.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	case map[string]map[string]any:
		return len(v) == 0
	}
	return false
}

// toNumber reads a number, or a text that is one: digits with at most one decimal point and a sign in
// front. Exponents, commas and other notations that people do not type are no numbers.
func toNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case string:
		return textNumber(v)
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

func textNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	digits, points := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case (c == '-' || c == '+') && i == 0:
		default:
			return 0, false
		}
	}
	if digits == 0 || points > 1 {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// isNumber tells whether a value is a number by its type, not a text that looks like one.
func isNumber(v any) bool {
	switch v.(type) {
	case json.Number, float64, int, int64:
		return true
	}
	return false
}

// scalarText is the text of a text, number or boolean. It allocates only for numbers.
func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	}
	if f, ok := toNumber(v); ok {
		return numberText(f), true
	}
	return "", false
}

// numberText writes a number as people do: no exponent where digits will do, no trailing zeros.
func numberText(f float64) string {
	if f == 0 {
		return "0" // not "-0"
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-9 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// toText renders any value inside text: lists are joined by ", ", objects are JSON, nothing is nothing.
func toText(v any) string {
	if s, ok := scalarText(v); ok {
		return s
	}
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = toText(e)
		}
		return strings.Join(parts, ", ")
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

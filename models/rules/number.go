package rules

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
)

const (
	maxDigits = 400     // bytes of a number; longer ones are none
	exactTo   = 1 << 53 // up to here float64 holds every whole number
)

// toNumber reads a number, or a text that is one: digits with at most one decimal point and a sign in
// front. Exponents, commas and other notations that people do not type are no numbers.
func toNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case string:
		return textNumber(v)
	case json.Number:
		if len(v) > maxDigits {
			return 0, false
		}
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
	if len(s) > maxDigits {
		return 0, false
	}
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

// compareNumbers compares two numbers or texts that are numbers. Ids are often longer than float64 is exact,
// so what float64 cannot tell apart is compared digit by digit.
func compareNumbers(a, b any) (c int, ok bool) {
	x, xok := toNumber(a)
	y, yok := toNumber(b)
	if !xok || !yok {
		return 0, false
	}
	if c = cmp.Compare(x, y); c != 0 || math.Abs(x) < exactTo {
		return c, true
	}
	return exactly(a).Cmp(exactly(b)), true
}

// exactly is a number as it is written.
func exactly(v any) *big.Rat {
	var written string
	switch v := v.(type) {
	case string:
		written = strings.TrimSpace(v)
	case json.Number:
		written = string(v)
	case float64:
		written = strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		written = strconv.Itoa(v)
	case int64:
		written = strconv.FormatInt(v, 10)
	}
	if r, ok := new(big.Rat).SetString(written); ok {
		return r
	}
	return new(big.Rat)
}

// isLong tells whether a number in JSON is whole and may lose digits as float64: most of those are ids.
func isLong(n json.Number) bool { return len(n) > 15 && !strings.ContainsAny(string(n), ".eE") }

// plainNumber turns json.Number into float64, which formulas and casts expect; one that would lose digits
// stays as it is.
func plainNumber(v any) any {
	n, ok := v.(json.Number)
	if !ok || isLong(n) {
		return v
	}
	if f, ok := toNumber(n); ok {
		return f
	}
	return n.String()
}

// float is plainNumber for functions that know float64 only.
func float(v any) any {
	if n, ok := v.(json.Number); ok {
		if f, ok := toNumber(n); ok {
			return f
		}
		return n.String()
	}
	return v
}

// longText reads a text as a number without losing digits.
func longText(s string) (n json.Number, ok bool) {
	n = json.Number(strings.TrimPrefix(strings.TrimSpace(s), "+"))
	if _, number := textNumber(s); !number || !isLong(n) || !json.Valid([]byte(n)) {
		return "", false
	}
	return n, true
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

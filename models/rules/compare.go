package rules

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Limits of one comparison; beyond them the truth is unknown.
const (
	maxText  = 100_000   // bytes of a text that is searched
	maxPairs = 1_000_000 // pairs of entries when two lists are compared
)

// equal compares by the type of the rule's value: a number as numbers, text exactly, lists as sets.
func equal(got, want any) Truth {
	if isEmpty(want) || isEmpty(got) {
		return truthOf(isEmpty(want) && isEmpty(got))
	}
	switch want := want.(type) {
	case string:
		return equalText(got, want)
	case bool:
		b, ok := toBool(got)
		return known(ok, b == want)
	case []any:
		return equalSets(got, want)
	}
	w, wok := toNumber(want)
	g, gok := toNumber(got)
	return known(wok && gok, g == w)
}

func known(ok, b bool) Truth {
	if !ok {
		return Unknown
	}
	return truthOf(b)
}

func equalText(got any, want string) Truth {
	if f, ok := toNumber(got); ok && isNumber(got) {
		var buf [32]byte
		if f == 0 {
			return truthOf(want == "0")
		}
		return truthOf(string(strconv.AppendFloat(buf[:0], f, 'f', -1, 64)) == want)
	}
	s, ok := scalarText(got)
	return known(ok, s == want)
}

func toBool(v any) (b, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		switch strings.TrimSpace(v) {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	}
	return false, false
}

func equalSets(got any, want []any) Truth {
	g, ok := got.([]any)
	if !ok || len(g)*len(want) > maxPairs {
		return Unknown
	}
	for _, w := range want {
		if !holds(g, w) {
			return False
		}
	}
	for _, e := range g {
		if !among(e, want) {
			return False
		}
	}
	return True
}

// holds tells whether a list of the data has an entry equal to one of the rule.
func holds(got []any, want any) bool {
	for _, g := range got {
		if equal(g, want) == True {
			return true
		}
	}
	return false
}

func among(got any, want []any) bool {
	for _, w := range want {
		if equal(got, w) == True {
			return true
		}
	}
	return false
}

// oneOf is true when some entry equals, unknown when none does but some could not be compared.
func oneOf(got any, want []any) Truth {
	t := False
	for _, w := range want {
		t = max(t, equal(got, w))
		if t == True {
			break
		}
	}
	return t
}

// has counts how the rule's entries fare against the field's: how many of them it holds. A single value is
// a list of one; objects cannot be compared.
func has(got any, want []any) (n int, ok bool) {
	var one [1]any
	list, isList := got.([]any)
	switch {
	case isList:
	case isEmpty(got):
		return 0, true
	default:
		if _, scalar := got.(map[string]any); scalar {
			return 0, false
		}
		one[0] = got
		list = one[:]
	}
	if len(list)*len(want) > maxPairs {
		return 0, false
	}
	for _, w := range want {
		if holds(list, w) {
			n++
		}
	}
	return n, true
}

// order compares two numbers or two dates; ok is false for anything else.
func order(a, b any, zone *time.Location) (c int, ok bool) {
	an, aok := toNumber(a)
	bn, bok := toNumber(b)
	if aok && bok {
		return cmp.Compare(an, bn), true
	}
	if aok || bok {
		return 0, false
	}
	ad, aok := toDate(a, zone, false)
	bd, bok := toDate(b, zone, false)
	return compareDates(ad, bd), aok && bok
}

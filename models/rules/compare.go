package rules

import (
	"encoding/json"
	"strconv"
	"time"
)

// Limits of one comparison; beyond them the truth is unknown.
const (
	maxText   = 100_000 // bytes of a text that is searched
	maxNested = 32      // lists inside lists
)

// equal compares by the type of the rule's value: a number as numbers, text exactly, lists as sets. Two lists
// pay for each pair of entries that is compared; single values are free, since a document holds only so many.
func (r *run) equal(got, want any) Truth { return r.equalAt(got, want, 0) }

func (r *run) equalAt(got, want any, depth int) Truth {
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
		return r.equalSets(got, want, depth)
	}
	c, ok := compareNumbers(got, want)
	return known(ok, c == 0)
}

func known(ok, b bool) Truth {
	if !ok {
		return Unknown
	}
	return truthOf(b)
}

func equalText(got any, want string) Truth {
	if n, ok := got.(json.Number); ok && isLong(n) {
		return truthOf(string(n) == want)
	}
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

// equalSets tells whether each entry of one list has an equal one in the other. A pair is compared once,
// whatever the depth; comparing it twice at each level would take for ever.
func (r *run) equalSets(got any, want []any, depth int) Truth {
	g, ok := got.([]any)
	if !ok {
		return Unknown
	}
	if depth == maxNested {
		r.afford(maxSpend) // nothing honest is nested so deep: the rest of the budget goes
		return Unknown
	}
	var few [16]bool
	found := few[:min(len(g), len(few))]
	if len(g) > len(few) {
		found = make([]bool, len(g))
	}
	for _, w := range want {
		held := false
		for i, e := range g {
			if !r.payPair(e, w) {
				return Unknown
			}
			if !(held && found[i]) && r.equalAt(e, w, depth+1) == True {
				held, found[i] = true, true
			}
		}
		if !held {
			return known(!r.tired(), false)
		}
	}
	for _, f := range found {
		if !f {
			return known(!r.tired(), false)
		}
	}
	return True
}

// holds tells whether a list of the data has an entry equal to one of the rule.
func (r *run) holds(got []any, want any) Truth {
	for _, g := range got {
		if !r.payPair(g, want) {
			return Unknown
		}
		if r.equalAt(g, want, 1) == True {
			return True
		}
	}
	return known(!r.tired(), false)
}

// oneOf is true when some entry equals, unknown when none does but some could not be compared.
func (r *run) oneOf(got any, want []any) Truth {
	t := False
	for _, w := range want {
		if !r.payPair(got, w) {
			return Unknown
		}
		t = max(t, r.equalAt(got, w, 1))
		if t == True {
			break
		}
	}
	return t
}

// has counts how the rule's entries fare against the field's: how many of them it holds. A single value is
// a list of one; objects cannot be compared.
func (r *run) has(got any, want []any) (n int, ok bool) {
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
	for _, w := range want {
		switch r.holds(list, w) {
		case True:
			n++
		case Unknown:
			return 0, false
		}
	}
	return n, true
}

// order compares two numbers or two dates; ok is false for anything else.
func order(a, b any, zone *time.Location) (c int, ok bool) {
	if c, ok = compareNumbers(a, b); ok {
		return c, true
	}
	_, aok := toNumber(a)
	_, bok := toNumber(b)
	if aok || bok {
		return 0, false
	}
	ad, aok := toDate(a, zone, false)
	bd, bok := toDate(b, zone, false)
	return compareDates(ad, bd), aok && bok
}

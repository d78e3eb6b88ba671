package rules

import (
	"regexp"
	"time"
)

// prepare turns the right side of an operator into the form that apply takes; what cannot be prepared
// stays as it is and makes the truth unknown.
func prepare(op Op, v any, zone *time.Location) any {
	switch op {
	case Contains, NotContains, StartsWith, EndsWith:
		if s, ok := scalarText(v); ok && len(s) <= maxText {
			return &sought{v, newNeedle(s)}
		}
	case Matches:
		if s, ok := v.(string); ok && len(s) <= maxPattern {
			if re, err := regexp.Compile(s); err == nil {
				return re
			}
		}
		return nil
	case Before, After:
		if d, ok := toDate(v, zone, true); ok {
			return d
		}
	case OneOf, NotOneOf, HasAny, HasAll, HasNone:
		if _, ok := v.([]any); !ok && !isEmpty(v) {
			return []any{v}
		}
	}
	return v
}

// maxPattern is the longest regular expression, in bytes.
const maxPattern = 1000

// sought is a text to be found in a text, or as it is in a list.
type sought struct {
	value any
	text  *needle
}

// apply is the meaning of each operator: got is the field's value, want what prepare made.
func apply(r *run, op Op, got, want any) Truth {
	switch op {
	case Equals:
		return r.equal(got, want)
	case NotEquals:
		return r.equal(got, want).not()
	case Contains:
		return contains(r, got, want)
	case NotContains:
		return contains(r, got, want).not()
	case StartsWith, EndsWith, Matches:
		return textTest(r, op, got, want)
	case Lt, Lte, Gt, Gte, Between:
		return orderTest(r, op, got, want)
	case OneOf, NotOneOf, HasAny, HasAll, HasNone:
		return listTest(r, op, got, want)
	case Before, After, WithinDays:
		return dateTest(r, op, got, want)
	case CountLt, CountGte:
		return countTest(op, got, want)
	}
	return simpleTest(op, got)
}

// simpleTest are the operators without a value; they are never unknown.
func simpleTest(op Op, got any) Truth {
	switch op {
	case IsEmpty:
		return truthOf(isEmpty(got))
	case IsNotEmpty:
		return truthOf(!isEmpty(got))
	case IsTrue:
		b, ok := toBool(got)
		return truthOf(ok && b)
	case IsFalse:
		b, ok := toBool(got)
		return truthOf(ok && !b || isEmpty(got))
	}
	s, ok := scalarText(got)
	switch op {
	case IsEmail:
		return truthOf(ok && looksLikeEmail(s))
	case IsPhone:
		return truthOf(ok && looksLikePhone(s))
	}
	return Unknown
}

func contains(r *run, got, want any) Truth {
	w, ok := want.(*sought)
	if !ok {
		return Unknown
	}
	if list, isList := got.([]any); isList {
		return r.holds(list, w.value)
	}
	s, ok := searchText(got)
	ok = ok && r.afford(len(s)/64)
	return known(ok, ok && w.text.in(s))
}

// searchText is the text that a field is searched as; nothing is the empty text.
func searchText(got any) (string, bool) {
	if isEmpty(got) {
		return "", true
	}
	s, ok := scalarText(got)
	return s, ok && len(s) <= maxText
}

func textTest(r *run, op Op, got, want any) Truth {
	s, ok := searchText(got)
	if !ok {
		return Unknown
	}
	switch w := want.(type) {
	case *regexp.Regexp:
		ok = r.afford(len(s) / 2) // a slow pattern takes some 100 ns per byte
		return known(ok, ok && w.MatchString(s))
	case *sought:
		if op == StartsWith {
			return truthOf(w.text.starts(s))
		}
		return truthOf(w.text.ends(s))
	}
	return Unknown
}

func orderTest(r *run, op Op, got, want any) Truth {
	if op == Between {
		ends, ok := want.([]any)
		if !ok || len(ends) != 2 {
			return Unknown
		}
		return min(orderTest(r, Gte, got, ends[0]), orderTest(r, Lte, got, ends[1]))
	}
	c, ok := order(got, want, r.zone)
	switch op {
	case Lt:
		return known(ok, c < 0)
	case Lte:
		return known(ok, c <= 0)
	case Gt:
		return known(ok, c > 0)
	}
	return known(ok, c >= 0)
}

func listTest(r *run, op Op, got, want any) Truth {
	w, ok := want.([]any)
	if !ok && !isEmpty(want) {
		return Unknown
	}
	switch op {
	case OneOf:
		return r.oneOf(got, w)
	case NotOneOf:
		return r.oneOf(got, w).not()
	}
	n, ok := r.has(got, w)
	switch op {
	case HasAll:
		return known(ok, n == len(w))
	case HasAny:
		return known(ok, n > 0)
	}
	return known(ok, n == 0)
}

func dateTest(r *run, op Op, got, want any) Truth {
	d, ok := toDate(got, r.zone, true)
	if !ok {
		return Unknown
	}
	if op == WithinDays {
		n, ok := toNumber(want)
		days := float64(d.day - dateOf(r.in.Now, r.zone).day)
		return known(ok, min(n, 0) <= days && days <= max(n, 0))
	}
	w, ok := toDate(want, r.zone, true)
	c := compareDates(d, w)
	return known(ok, op == Before && c < 0 || op == After && c > 0)
}

func countTest(op Op, got, want any) Truth {
	n := 1
	if list, isList := got.([]any); isList {
		n = len(list)
	} else if isEmpty(got) {
		n = 0
	}
	w, ok := toNumber(want)
	return known(ok, (float64(n) < w) == (op == CountLt))
}

package rules

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// A function is one of ours in a formula. It must not keep args.
type function func(r *run, args []any) (any, error)

// functions by name: those that people call and those that operators become.
var functions = map[string]function{
	"list": listFunction, "lookup": lookupFunction, "title": titleFunction, "number": numberFunction,
	"pay": payFunction, "plain": plainFunction, "rows": rowsFunction, "get": getFunction, "slice": sliceFunction, "range": rangeFunction, "method": methodFunction,
	"row":     func(_ *run, a []any) (any, error) { return a[0], nil },
	"sortKey": func(_ *run, a []any) (any, error) { return float(a[0]), nil },
	"rowNumber": func(_ *run, a []any) (any, error) {
		f, ok := toNumber(a[0])
		if !ok && !isEmpty(a[0]) {
			return nil, errType
		}
		return f, nil
	},
	"holds": holdsFunction(false), "holdsAll": holdsFunction(true), "walked": walkedFunction,
	"truth": truthFunction, "not": func(_ *run, a []any) (any, error) { return valueOf(threeOf(a[0]).not()), nil },
	"and": logic(func(a, b Truth) Truth { return min(a, b) }), "or": logic(func(a, b Truth) Truth { return max(a, b) }),
	"is": func(_ *run, a []any) (any, error) { return valueOf(threeOf(a[0])) == a[1], nil },
	"eq": func(r *run, a []any) (any, error) { return equalFunction(r, a, false) },
	"ne": func(r *run, a []any) (any, error) { return equalFunction(r, a, true) },
	"lt": ordered(func(c int) bool { return c < 0 }), "lte": ordered(func(c int) bool { return c <= 0 }),
	"gt": ordered(func(c int) bool { return c > 0 }), "gte": ordered(func(c int) bool { return c >= 0 }),
	"in": inFunction, "contains": found(Contains), "starts": found(StartsWith), "ends": found(EndsWith), "matches": matchesFunction,
	"add": addFunction, "sub": subFunction, "mul": arithmetic("*"), "div": arithmetic("/"), "mod": arithmetic("%"), "pow": arithmetic("**"),
	"len": lenFunction, "string": stringFunction, "join": joinFunction, "replace": replaceFunction, "date": dateFunction,
	"abs": rounded("abs"), "ceil": rounded("ceil"), "floor": rounded("floor"), "round": rounded("round"), "int": rounded("int"), "float": numberFunction,
	"max": some(slices.Max[[]float64]), "min": some(slices.Min[[]float64]), "mean": some(mean), "median": some(median), "sum": overNumbers(sumFunction),
}

// equalFunction compares like the operator equals, whichever side the constant stands on.
func equalFunction(r *run, a []any, not bool) (any, error) {
	if err := r.payFor(a[0], a[1]); err != nil {
		return nil, err
	}
	got, want := a[0], a[1]
	if _, isBool := got.(bool); isBool || isNumber(got) && !isNumber(want) {
		got, want = want, got
	}
	t := r.equal(got, want)
	if ad, ok := a[0].(time.Time); ok {
		bd, ok := toDate(a[1], r.zone, true)
		t = known(ok, compareDates(dateOf(ad, r.zone), bd) == 0)
	}
	if t == Unknown {
		return r.unsure("two values of different types cannot be compared")
	}
	return (t == True) != not, nil
}

func ordered(holds func(int) bool) function {
	return func(r *run, a []any) (any, error) {
		c, ok := order(hours(a[0]), hours(a[1]), r.zone)
		if !ok {
			return r.unsure("a comparison has no number or date")
		}
		return holds(c), nil
	}
}

// hours makes durations comparable.
func hours(v any) any {
	if d, ok := v.(time.Duration); ok {
		return d.Hours()
	}
	return v
}

func inFunction(r *run, a []any) (any, error) {
	if err := r.payFor(a[1]); err != nil {
		return nil, err
	}
	switch in := a[1].(type) {
	case nil:
		return false, nil
	case map[string]any:
		key, _ := scalarText(a[0])
		_, has := in[key]
		return has, nil
	case []any:
		if isNumber(a[0]) { // the number decides how "18" in the list is read
			return valueOf(r.holds(in, a[0])), nil
		}
		return valueOf(r.oneOf(a[0], in)), nil
	}
	return nil, errType
}

func found(op Op) function {
	return func(r *run, a []any) (any, error) {
		if err := r.payFor(a[0], a[1]); err != nil {
			return nil, err
		}
		return valueOf(apply(r, op, a[0], prepare(op, a[1], r.zone))), nil
	}
}

func matchesFunction(r *run, a []any) (any, error) {
	s, ok := searchText(a[0])
	re, isPattern := a[1].(*regexp.Regexp)
	if !ok || !isPattern {
		return r.unsure("a pattern is compared with no text")
	}
	if err := r.pay(len(s) / 2); err != nil { // as the operator
		return nil, err
	}
	return re.MatchString(s), nil
}

func payFunction(r *run, a []any) (any, error) {
	if err := r.payFor(a[0]); err != nil {
		return nil, err
	}
	l, ok := a[0].([]any)
	if !ok {
		return float(a[0]), nil
	}
	out := make([]any, len(l))
	for i, e := range l {
		out[i] = float(e)
	}
	return out, nil
}

// plainFunction turns the lists of texts that some builtins give into lists of anything, and pays for them.
func plainFunction(r *run, a []any) (any, error) {
	texts, ok := a[0].([]string)
	if !ok {
		return a[0], nil
	}
	if err := r.pay(len(texts)); err != nil {
		return nil, err
	}
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out, nil
}

// rowsFunction stands before a walk over a list.
func rowsFunction(r *run, a []any) (any, error) {
	r.unsureRow, r.brokenRow = false, false
	switch l := a[0].(type) {
	case nil:
		return []any{}, nil
	case []any:
		if len(l) > maxRows {
			return nil, errRows
		}
		return l, nil
	}
	return nil, errType
}

func replaceFunction(r *run, a []any) (any, error) {
	s, sok := searchText(a[0])
	from, fok := scalarText(a[1])
	to, tok := scalarText(a[2])
	if !sok || !fok || !tok {
		return nil, errType
	}
	if grown := len(s) + strings.Count(s, from)*len(to); grown > maxText {
		return nil, errText
	} else if err := r.pay(grown/16 + 1); err != nil {
		return nil, err
	}
	return strings.ReplaceAll(s, from, to), nil
}

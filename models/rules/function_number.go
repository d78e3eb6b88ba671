package rules

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

func numberFunction(r *run, a []any) (any, error) {
	switch v := a[0].(type) {
	case json.Number:
		return plainNumber(v), nil
	case string:
		if n, ok := longText(v); ok {
			return n, nil
		}
	}
	f, ok := toNumber(a[0])
	if ok {
		return f, nil
	}
	if !isEmpty(a[0]) {
		return r.breaks("a value is not a number")
	}
	return nil, nil
}

// addFunction adds numbers, texts that are numbers, and a duration to a date; other texts it joins, where
// nothing is the empty text.
func addFunction(r *run, a []any) (any, error) {
	x, xok := toNumber(a[0])
	y, yok := toNumber(a[1])
	if xok && yok {
		return r.finite(x + y)
	}
	if t, d, ok := r.dateAndDuration(a[0], a[1]); ok {
		return t.Add(d), nil
	}
	switch {
	case isNothing(a[0]) && isNothing(a[1]):
		return a[0], nil
	case isNothing(a[0]) && yok, isNothing(a[1]) && xok:
		return r.unsure("“+” has no value to compute with")
	}
	s, sok := searchText(a[0])
	t, tok := searchText(a[1])
	if !sok || !tok {
		return r.breaks("“+” has neither numbers nor texts")
	}
	if text, ok := a[0].(string); ok {
		s = text // blanks too
	}
	if text, ok := a[1].(string); ok {
		t = text
	}
	if len(s)+len(t) > maxText {
		return nil, errText
	}
	return s + t, r.pay((len(s) + len(t)) / 16)
}

// isNothing tells whether a field was left empty; a blank is a text that can be joined.
func isNothing(v any) bool {
	_, isText := v.(string)
	return v == "" || !isText && isEmpty(v)
}

// subFunction subtracts numbers, durations from dates, and dates: two texts give days, with a time.Time among
// them it is a duration.
func subFunction(r *run, a []any) (any, error) {
	if _, number := toNumber(a[0]); number {
		return arithmetic("-")(r, a)
	}
	if t, d, ok := r.dateAndDuration(a[0], a[1]); ok {
		return t.Add(-d), nil
	}
	from, fok := toDate(a[0], r.zone, false)
	to, tok := toDate(a[1], r.zone, false)
	if !fok || !tok {
		return arithmetic("-")(r, a)
	}
	_, x := a[0].(time.Time)
	_, y := a[1].(time.Time)
	if x || y {
		return r.timeOf(from).Sub(r.timeOf(to)), nil
	}
	return float64(from.day - to.day), nil
}

func (r *run) dateAndDuration(a, b any) (t time.Time, d time.Duration, ok bool) {
	if d, ok = b.(time.Duration); !ok {
		return t, d, false
	}
	at, ok := toDate(a, r.zone, false)
	if !ok {
		return t, d, false
	}
	return r.timeOf(at), d, true
}

// arithmetic of two numbers; without them there is nothing to go on with.
func arithmetic(op string) function {
	return func(r *run, a []any) (any, error) {
		x, xok := toNumber(a[0])
		y, yok := toNumber(a[1])
		switch {
		case xok && yok:
		case (xok || isEmpty(a[0])) && (yok || isEmpty(a[1])):
			return r.unsure("“" + op + "” has no value to compute with")
		default:
			return r.breaks("“" + op + "” has no numbers")
		}
		switch op {
		case "-":
			x -= y
		case "*":
			x *= y
		case "**":
			x = math.Pow(x, y)
		case "/", "%":
			if y == 0 {
				return r.breaks("a division by zero")
			}
			if op == "%" {
				return r.finite(math.Mod(x, y))
			}
			x /= y
		}
		return r.finite(x)
	}
}

func (r *run) finite(f float64) (any, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return r.breaks("a number becomes too large")
	}
	return f, nil
}

func rounded(how string) function {
	return func(r *run, a []any) (any, error) {
		f, ok := toNumber(a[0])
		switch {
		case !ok && isEmpty(a[0]) && how != "int":
			return r.unsure("“" + how + "” has no value to compute with")
		case !ok:
			return numberFunction(r, a)
		}
		switch how {
		case "abs":
			f = math.Abs(f)
		case "ceil":
			f = math.Ceil(f)
		case "floor":
			f = math.Floor(f)
		case "round":
			f = math.Round(f)
		default:
			f = math.Trunc(f)
		}
		return f, nil
	}
}

// overNumbers computes over the numbers among the arguments and the entries of lists, empty ones left out.
func overNumbers(of func(*run, []float64) (any, error)) function {
	return func(r *run, a []any) (any, error) {
		if err := r.payFor(a...); err != nil {
			return nil, err
		}
		var ns []float64
		odd := false
		add := func(v any) {
			if f, ok := toNumber(v); ok {
				ns = append(ns, f)
			} else if !isEmpty(v) {
				odd = true
			}
		}
		for _, v := range a {
			if l, ok := v.([]any); ok {
				for _, e := range l {
					add(e)
				}
				continue
			}
			add(v)
		}
		if odd {
			return r.breaks("a value is not a number")
		}
		return of(r, ns)
	}
}

// some computes over at least one number.
func some(of func([]float64) float64) function {
	return overNumbers(func(r *run, ns []float64) (any, error) {
		if len(ns) == 0 {
			return r.unsure("there are no numbers")
		}
		return r.finite(of(ns))
	})
}

func sumFunction(r *run, ns []float64) (any, error) { return r.finite(total(ns)) }

func total(ns []float64) (sum float64) {
	for _, n := range ns {
		sum += n
	}
	return sum
}

func mean(ns []float64) float64 { return total(ns) / float64(len(ns)) }

func median(ns []float64) float64 {
	slices.Sort(ns)
	half := len(ns) / 2
	if len(ns)%2 == 1 {
		return ns[half]
	}
	return (ns[half-1] + ns[half]) / 2
}

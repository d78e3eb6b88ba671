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
		r.note("a value is not a number")
	}
	return nil, nil
}

// addFunction adds numbers, texts that are numbers, and a duration to a date; other texts it joins.
func addFunction(r *run, a []any) (any, error) {
	x, xok := toNumber(a[0])
	y, yok := toNumber(a[1])
	if xok && yok {
		return finite(x + y), nil
	}
	if t, d, ok := dateAndDuration(a[0], a[1]); ok {
		return t.Add(d), nil
	}
	if isEmpty(a[0]) && isEmpty(a[1]) {
		return a[0], nil
	}
	s, sok := searchText(a[0])
	t, tok := searchText(a[1])
	if !sok || !tok {
		r.note("“+” has neither numbers nor texts")
		return nil, nil
	}
	if len(s)+len(t) > maxText {
		return nil, errText
	}
	return s + t, r.pay((len(s) + len(t)) / 16)
}

// subFunction subtracts numbers, and dates: two dates of time.Time give a duration, two texts days.
func subFunction(r *run, a []any) (any, error) {
	if _, number := toNumber(a[0]); number {
		return arithmetic("-")(r, a)
	}
	if t, d, ok := dateAndDuration(a[0], a[1]); ok {
		return t.Add(-d), nil
	}
	x, xok := a[0].(time.Time)
	y, yok := a[1].(time.Time)
	if xok && yok {
		return x.Sub(y), nil
	}
	from, fok := toDate(a[0], r.zone, false)
	to, tok := toDate(a[1], r.zone, false)
	if fok && tok {
		return float64(from.day - to.day), nil
	}
	return arithmetic("-")(r, a)
}

func dateAndDuration(a, b any) (time.Time, time.Duration, bool) {
	t, tok := a.(time.Time)
	d, dok := b.(time.Duration)
	return t, d, tok && dok
}

// arithmetic of two numbers; anything else gives nothing.
func arithmetic(op string) function {
	return func(r *run, a []any) (any, error) {
		x, xok := toNumber(a[0])
		y, yok := toNumber(a[1])
		if !xok || !yok {
			if !isEmpty(a[0]) && !isEmpty(a[1]) {
				r.note("“" + op + "” has no numbers")
			}
			return nil, nil
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
				r.note("a division by zero")
				return nil, nil
			}
			if op == "%" {
				return finite(math.Mod(x, y)), nil
			}
			x /= y
		}
		return finite(x), nil
	}
}

func finite(f float64) any {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil
	}
	return f
}

func rounded(how string) function {
	return func(r *run, a []any) (any, error) {
		v, err := numberFunction(r, a)
		f, ok := toNumber(v)
		if !ok {
			return nil, err
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

// overNumbers computes over the numbers among the arguments and the entries of lists; without any, nothing.
func overNumbers(of func([]float64) float64) function {
	return func(r *run, a []any) (any, error) {
		if err := r.payFor(a...); err != nil {
			return nil, err
		}
		var ns []float64
		add := func(v any) {
			if f, ok := toNumber(v); ok {
				ns = append(ns, f)
			} else if !isEmpty(v) {
				r.note("a value is not a number")
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
		if len(ns) == 0 {
			return nil, nil
		}
		return finite(of(ns)), nil
	}
}

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

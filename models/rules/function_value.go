package rules

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// getFunction reads a member; what is missing is nil.
func getFunction(_ *run, a []any) (any, error) {
	switch of := a[0].(type) {
	case map[string]any:
		key, ok := scalarText(a[1])
		if !ok {
			return nil, nil
		}
		return plainNumber(of[key]), nil
	case []any:
		i, ok := index(a[1], len(of))
		if !ok || i >= len(of) {
			return nil, nil
		}
		return plainNumber(of[i]), nil
	}
	return nil, nil
}

// index reads a place in a list; negative ones count from the end.
func index(v any, n int) (int, bool) {
	f, ok := toNumber(v)
	if !ok || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return 0, false
	}
	i := int(f)
	if i < 0 {
		i += n
	}
	return i, i >= 0
}

func sliceFunction(_ *run, a []any) (any, error) {
	n := 0
	list, isList := a[0].([]any)
	text, isText := a[0].(string)
	switch {
	case isList:
		n = len(list)
	case isText && len(text) <= maxText:
		n = utf8.RuneCountInString(text)
	default:
		return nil, nil
	}
	from, to := 0, n
	if i, ok := index(a[1], n); ok {
		from = min(i, n)
	}
	if i, ok := index(a[2], n); ok {
		to = min(i, n)
	}
	to = max(from, to)
	if isList {
		return list[from:to:to], nil
	}
	return string([]rune(text)[from:to]), nil
}

func rangeFunction(r *run, a []any) (any, error) {
	from, fok := toNumber(a[0])
	to, tok := toNumber(a[1])
	if !fok || !tok {
		return nil, nil
	}
	if to-from >= maxRows {
		return nil, errRows
	}
	out := []any{}
	for f := math.Trunc(from); f <= to; f++ {
		out = append(out, f)
		if len(out) > maxRows { // where one more is no longer another number
			return nil, errRows
		}
	}
	return out, r.pay(len(out))
}

func lenFunction(r *run, a []any) (any, error) {
	switch v := a[0].(type) {
	case string:
		return float64(utf8.RuneCountInString(v)), r.pay(len(v) / 16)
	case []any:
		return float64(len(v)), nil
	case map[string]any:
		return float64(len(v)), nil
	case nil:
		return 0.0, nil
	}
	return nil, errType
}

func stringFunction(r *run, a []any) (any, error) {
	if err := r.payFor(a[0]); err != nil {
		return nil, err
	}
	s := toText(tidy(a[0]))
	if len(s) > maxText {
		return nil, errText
	}
	return s, nil
}

func joinFunction(r *run, a []any) (any, error) {
	list, ok := a[0].([]any)
	separator := ""
	if len(a) > 1 {
		separator, _ = scalarText(a[1])
	}
	if !ok {
		return nil, errType
	}
	if err := r.payFor(a[0]); err != nil {
		return nil, err
	}
	var b strings.Builder
	for i, e := range list {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(toText(tidy(e)))
		if b.Len() > maxText {
			return nil, errText
		}
	}
	return b.String(), nil
}

// dateFunction makes a date of which a formula can ask the year, or which it can move.
func dateFunction(r *run, a []any) (any, error) {
	if t, ok := a[0].(time.Time); ok {
		return t, nil
	}
	d, ok := toDate(a[0], r.zone, true)
	switch {
	case !ok && !isEmpty(a[0]):
		return r.breaks("a value is not a date")
	case !ok:
		return nil, nil
	}
	return r.timeOf(d), nil
}

func (r *run) timeOf(d date) time.Time {
	if d.whole {
		return time.Date(1970, 1, 1+d.day, 0, 0, 0, 0, r.zone)
	}
	return time.UnixMicro(d.at).In(r.zone)
}

// methodFunction asks a date or a duration for a part. Dates that are text, as now and today are, are read as such.
func methodFunction(r *run, a []any) (any, error) {
	name, _ := a[0].(string)
	of := a[1]
	if s, ok := of.(string); ok {
		d, err := dateFunction(r, []any{s})
		if t := worst([]any{d}); err != nil || t != nil {
			return d, err
		}
		of = d
	}
	switch of := of.(type) {
	case nil:
		return nil, nil
	case time.Duration:
		return map[string]any{"Hours": of.Hours(), "Minutes": of.Minutes(), "Seconds": of.Seconds()}[name], nil
	case time.Time:
		return timeMethod(of, name, a[2:])
	}
	return nil, errType
}

func timeMethod(t time.Time, name string, args []any) (any, error) {
	switch {
	case name == "AddDate" && len(args) == 3:
		var n [3]int
		for i := range n {
			f, ok := toNumber(args[i])
			if !ok || math.Abs(f) > 100_000 {
				return nil, errType
			}
			n[i] = int(f)
		}
		return t.AddDate(n[0], n[1], n[2]), nil
	case name == "Format" && len(args) == 1:
		if form, ok := args[0].(string); ok && len(form) <= 100 {
			return t.Format(form), nil
		}
		return nil, errType
	case len(args) > 0:
		return nil, errType
	}
	parts := map[string]any{"Year": float64(t.Year()), "Month": float64(t.Month()), "Day": float64(t.Day()), "YearDay": float64(t.YearDay()),
		"Hour": float64(t.Hour()), "Minute": float64(t.Minute()), "Weekday": t.Weekday().String()}
	return parts[name], nil
}

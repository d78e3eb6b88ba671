package rules

import "math"

// A reading is how an operator reads a value: asked about many constants, a value is read once for all of them.
type reading int8

const (
	asItIs reading = iota
	asOrdered
	asMoment
	asNumber
)

// read is a value in each reading, the same in what the operators make of it.
func (w *world) read(v any) (got [4]any) {
	got = [4]any{v, v, v, v}
	if d, ok := toDate(v, w.c.set.zone, true); ok {
		got[asMoment] = d
	}
	if f, ok := toNumber(v); ok {
		if math.Abs(f) < exactTo {
			got[asOrdered], got[asNumber] = f, f
		}
	} else if d, ok := toDate(v, w.c.set.zone, false); ok {
		got[asOrdered] = d
	}
	return got
}

// ready prepares a constant, and says how the value that is compared with it is read.
func (w *world) ready(op Op, v any) (want any, as reading) {
	want = prepare(op, v, w.c.set.zone)
	switch op {
	case Lt, Lte, Gt, Gte:
		return w.read(want)[asOrdered], asOrdered
	case Between:
		if ends, ok := want.([]any); ok && len(ends) == 2 {
			return []any{w.read(ends[0])[asOrdered], w.read(ends[1])[asOrdered]}, asOrdered
		}
	case Before, After:
		return want, asMoment
	case Equals:
		if isNumber(want) {
			return w.read(want)[asNumber], asNumber
		}
	}
	return want, asItIs
}

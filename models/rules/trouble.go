package rules

// A trouble stands in a formula where there is no value to go on with. It goes through arithmetic, comparison,
// and, or and not by Kleene's rules, makes the condition unknown and is empty in a value.
//
// A missing member is no trouble: it is nil, which compares as empty (nil != 5 is true) and is filled in by ??.
// Computing with it is one: with n missing, data.n + 2 == 2 is unknown.
type trouble struct{ broken bool }

var (
	// unsure is a comparison that cannot be made, or a sum with a part missing. filter, count and find leave
	// out the rows for which they are unsure.
	unsure = &trouble{}
	// broken is an error, such as a division by zero: nothing that needs it is known.
	broken = &trouble{broken: true}
)

// troubled are the functions that take a trouble as an argument; every other gives it back.
var troubled = map[string]bool{"and": true, "or": true, "is": true, "truth": true, "holds": true, "holdsAll": true, "walked": true}

// worst is the worst trouble among values, or nil.
func worst(vs []any) *trouble {
	var w *trouble
	for _, v := range vs {
		if t, ok := v.(*trouble); ok && (w == nil || t.broken) {
			w = t
		}
	}
	return w
}

// hasTrouble looks inside lists and objects, which were paid for.
func hasTrouble(v any) bool {
	switch v := v.(type) {
	case *trouble:
		return true
	case []any:
		for _, e := range v {
			if hasTrouble(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if hasTrouble(e) {
				return true
			}
		}
	}
	return false
}

// breaks notes an error and gives what stands for it.
func (r *run) breaks(why string) (any, error) {
	r.note(why)
	return broken, nil
}

// unsure notes why there is nothing to go on with.
func (r *run) unsure(why string) (any, error) {
	r.note(why)
	return unsure, nil
}

// threeOf reads a truth in a formula: everything that is no yes or no is unknown.
func threeOf(v any) Truth {
	b, ok := toBool(v)
	return known(ok, b)
}

// valueOf writes a truth that was found from some values.
func valueOf(t Truth, from ...any) any {
	if t != Unknown {
		return t == True
	}
	if w := worst(from); w != nil {
		return w
	}
	return unsure
}

func logic(of func(a, b Truth) Truth) function {
	return func(_ *run, a []any) (any, error) { return valueOf(of(threeOf(a[0]), threeOf(a[1])), a...), nil }
}

func truthFunction(_ *run, a []any) (any, error) {
	switch threeOf(a[0]) {
	case True:
		return true, nil
	case False:
		return false, nil
	}
	return nil, errTruth
}

// holdsFunction is the truth of a row for a function that walks over a list; what is neither true nor false is
// noted and counts as otherwise.
func holdsFunction(otherwise bool) function {
	return func(r *run, a []any) (any, error) {
		t := threeOf(a[0])
		if t != Unknown {
			return t == True, nil
		}
		r.unsureRow = true
		if w := worst(a); w != nil && w.broken {
			r.brokenRow = true
		}
		return otherwise, nil
	}
}

// walkedFunction is what a function over a list gave, unless rows that were neither true nor false leave that
// open.
func walkedFunction(r *run, a []any) (any, error) {
	name, result := a[0], a[1]
	switch {
	case name == "any" && result == true, (name == "all" || name == "none") && result == false:
		return result, nil // settled by another row
	case r.brokenRow:
		return broken, nil
	case r.unsureRow && (name == "any" || name == "all" || name == "none" || name == "one"):
		return unsure, nil
	}
	return result, nil
}

package rules

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// pay takes n steps from the budget of this decision.
func (r *run) pay(n int) error {
	if r.spent += n; r.spent > maxSpend || n >= maxSpend {
		return errSpent
	}
	return nil
}

// afford takes n steps outside formulas; once the budget is spent, what costs anything stays unknown, and that
// is told.
func (r *run) afford(n int) bool {
	if n == 0 || r.pay(n) == nil {
		return true
	}
	r.fault("What the customer sent is too large to be compared in time, so a condition on it does not hold.")
	return false
}

// payPair takes what it costs to compare two entries of lists.
func (r *run) payPair(got, want any) bool {
	n := 1
	if g, ok := got.(string); ok {
		if w, ok := want.(string); ok && len(g) == len(w) {
			n += len(w) / 64
		}
	}
	return r.afford(n)
}

// tired tells that the budget of this decision is spent.
func (r *run) tired() bool { return r.spent > maxSpend }

// payFor takes what it costs to walk through the values.
func (r *run) payFor(vs ...any) error {
	for _, v := range vs {
		if err := r.pay(measure(v, maxSpend)); err != nil {
			return err
		}
		if hasTrouble(v) {
			return errPart
		}
	}
	return nil
}

// measure is the size of a value: a step per entry and per 16 bytes of text. It stops at the limit, so a
// list that holds itself many times over costs no more to measure than the limit.
func measure(v any, limit int) int {
	n := 1
	switch v := v.(type) {
	case string:
		n += len(v) / 16
	case []any:
		for _, e := range v {
			if n >= limit {
				break
			}
			n += measure(e, limit-n)
		}
	case map[string]any:
		for k, e := range v {
			if n >= limit {
				break
			}
			n += len(k)/16 + measure(e, limit-n)
		}
	}
	return n
}

// tidy turns what a formula gave into JSON's types. What JSON cannot hold, and null inside, is left out.
func tidy(v any) any {
	switch v := v.(type) {
	case string, bool:
		return v
	case []any:
		return tidyList(v)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e = tidy(e); e != nil {
				out[k] = e
			}
		}
		return out
	case time.Time:
		if h, m, s := v.Clock(); h+m+s == 0 {
			return v.Format(dayForm)
		}
		return v.Format(time.RFC3339)
	case time.Duration:
		return v.String()
	case json.Number:
		return plainNumber(v)
	case int:
		if v > exactTo || v < -exactTo {
			return json.Number(strconv.Itoa(v))
		}
	}
	if f, ok := toNumber(v); ok && !math.IsInf(f, 0) {
		return f
	}
	return nil
}

func tidyList(v []any) []any {
	out := make([]any, 0, len(v))
	for _, e := range v {
		if e = tidy(e); e != nil {
			out = append(out, e)
		}
	}
	return out
}

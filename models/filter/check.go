package filter

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Check says what is wrong with a condition: an *Error, or nil. The zero value is right.
func (c Condition) Check() error {
	if c.IsZero() {
		return nil
	}
	if n := c.Leaves(); n > MaxLeaves {
		return &Error{"", fmt.Sprintf("A filter has at most %d conditions.", MaxLeaves)}
	}
	if len(c.String()) > MaxLength {
		return &Error{"", fmt.Sprintf("The filter is too long for an address: %d characters at most. Take fewer values.", MaxLength)}
	}
	return c.check(0)
}

func (c Condition) check(depth int) error {
	if c.Join == "" {
		return c.checkLeaf()
	}
	if depth >= MaxDepth {
		return &Error{"", fmt.Sprintf("Groups stand in groups at most %d deep.", MaxDepth)}
	}
	if len(c.Parts) == 0 || !slices.Contains([]Join{All, Any, None}, c.Join) {
		return wrong(c.String(), "a group has at least one condition.")
	}
	for _, p := range c.Parts {
		if err := p.check(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

func (c Condition) checkLeaf() error {
	if c.Key == "" || len(c.Key) > maxKey {
		return wrong(c.String(), "names no answer.")
	}
	o, ok := OperatorOf(c.Op)
	if !ok {
		return wrong(string(c.Op), "is no operator.")
	}
	switch n := len(c.Values); {
	case n < o.Min && o.Min == 2:
		return wrong(c.String(), "needs both ends of the range.")
	case n < o.Min:
		return wrong(c.String(), "needs a value.")
	case n > o.Max && o.Max == 0:
		return wrong(c.String(), "takes no value.")
	case n > o.Max:
		return wrong(c.String(), "has too many values.")
	}
	for _, v := range c.Values {
		if err := o.checkValue(c, v); err != nil {
			return err
		}
	}
	return nil
}

func (o Operator) checkValue(c Condition, v string) error {
	if v == "" {
		return wrong(c.String(), "has an empty value; to find empty answers use “is empty”.")
	}
	if len(v) > maxValue {
		return wrong(c.String(), fmt.Sprintf("a value has at most %d characters.", maxValue))
	}
	if _, ok := number(v); o.Compare == AsNumber && !ok {
		return wrong(v, "is no number. Use a point for decimals, as in 12.5.")
	}
	if _, ok := day(v); o.Compare == AsDate && !ok {
		return wrong(v, "is no date. Write it as 2026-11-20.")
	}
	return nil
}

// number reads the value of a condition.
func number(v string) (float64, bool) {
	f, err := strconv.ParseFloat(v, 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

// day reads the value of a condition.
func day(v string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, v)
	return t, err == nil && t.Year() >= 1000 && t.Year() < 9999
}

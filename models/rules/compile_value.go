package rules

import (
	"regexp"
	"strconv"
)

func itoa(i int) string { return strconv.Itoa(i) }

// value checks that a constant is what the operator takes.
func (c *setCompiler) value(op Operator, v any, at spot) bool {
	if op.Arity == None {
		if v != nil {
			c.tell(Warning, "value-unused", at, "“%s” takes no value. Remove it.", op.Words)
		}
		return true
	}
	if v == nil {
		c.tell(Error, "value-missing", at, "“%s” needs a value to compare with.", op.Words)
		return false
	}
	if why := c.misfit(op, v); why != "" {
		c.tell(Error, "value-type", at, "“%s” needs %s.", op.Words, why)
		return false
	}
	return true
}

// misfit says what an operator needs when a constant is not that.
func (c *setCompiler) misfit(op Operator, v any) string {
	list, isList := v.([]any)
	_, isScalar := scalarText(v)
	switch op.Op {
	case Equals, NotEquals:
		if !isScalar && !(isList && scalars(list)) {
			return "a text, a number, yes or no, or a list of them"
		}
	case OneOf, NotOneOf, HasAny, HasAll, HasNone:
		if !isList && (!isScalar || op.Op == OneOf || op.Op == NotOneOf) || isList && !scalars(list) {
			return "a list of texts or numbers"
		}
	case Between:
		if !isList || len(list) != 2 || !c.ordered(list[0], list[1]) {
			return "two numbers or two dates, as [low, high]"
		}
	case Lt, Lte, Gt, Gte:
		if !c.ordered(v, v) {
			return "a number, or a date as YYYY-MM-DD"
		}
	case Before, After:
		if _, ok := toDate(v, c.set.zone, true); !ok {
			return "a date as YYYY-MM-DD"
		}
	case WithinDays, CountLt, CountGte:
		if n, ok := toNumber(v); !ok || n != float64(int64(n)) || op.Op != WithinDays && n < 0 {
			return "a whole number"
		}
	case Matches:
		return misfitPattern(v)
	default:
		if !isScalar || isEmpty(v) {
			return "a text"
		}
	}
	return ""
}

func misfitPattern(v any) string {
	s, ok := v.(string)
	if !ok || s == "" || len(s) > maxPattern {
		return "a pattern of at most 1000 characters"
	}
	if _, err := regexp.Compile(s); err != nil {
		return "a pattern that can be read: " + err.Error()
	}
	return ""
}

// ordered tells whether two constants can be compared by order.
func (c *setCompiler) ordered(a, b any) bool {
	_, ok := order(a, b, c.set.zone)
	return ok
}

func scalars(vs []any) bool {
	for _, v := range vs {
		if _, ok := scalarText(v); !ok {
			return false
		}
	}
	return true
}

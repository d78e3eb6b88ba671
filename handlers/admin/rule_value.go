package admin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// valueFrom is the value of a leaf as the row says it; problem tells what is missing or wrong.
func valueFrom(row views.ConditionRow, op rules.Operator, f views.FieldChoice) (v any, problem string) {
	if op.Arity == rules.None {
		return nil, ""
	}
	if op.Arity == rules.One && row.ByField {
		if row.Other == "" {
			return nil, "Choose the field to compare with."
		}
		return map[string]any{"field": row.Other}, ""
	}
	var list []any
	for _, text := range row.Values {
		if !f.IsOption(text) {
			text = strings.TrimSpace(text)
		}
		if text == "" {
			continue
		}
		if problem := misfit(text, op.Op, f.Kind); problem != "" {
			return nil, problem
		}
		list = append(list, constant(text, op.Op, f.Kind))
	}
	switch {
	case len(list) == 0:
		return nil, "Enter a value."
	case op.Arity == rules.One:
		return list[0], ""
	case op.Arity == rules.Two && len(list) != 2:
		return nil, "Enter both ends of the range."
	case op.Arity == rules.Two && larger(list[0], list[1]):
		return nil, "The first value must not be larger than the second."
	}
	return list, ""
}

// misfit says why a field cannot be compared with that text, "" when it can.
func misfit(text string, op rules.Op, k flowjson.Kind) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil && numeric(op, k) {
		return fmt.Sprintf("“%s” is not a number. Use a point for decimals, as in 12.5.", text)
	}
	if n, err := strconv.Atoi(text); wholeOnly(op) && (err != nil || n < 0 && op != rules.WithinDays) {
		return fmt.Sprintf("“%s” is not a whole number.", text)
	}
	if k == flowjson.YesNo && text != "true" && text != "false" {
		return "Choose yes or no."
	}
	return ""
}

// larger tells whether a is more than b, both numbers or both dates.
func larger(a, b any) bool {
	x, xIs := a.(json.Number)
	y, yIs := b.(json.Number)
	if xIs && yIs {
		f, errF := x.Float64()
		g, errG := y.Float64()
		return errF == nil && errG == nil && f > g
	}
	from, errFrom := time.Parse(time.DateOnly, fmt.Sprint(a))
	to, errTo := time.Parse(time.DateOnly, fmt.Sprint(b))
	return errFrom == nil && errTo == nil && from.After(to)
}

// constant gives a value the type that decides how it is compared (design/decisions.md 12): numbers where numbers are
// meant, yes and no as booleans, text otherwise.
func constant(text string, op rules.Op, k flowjson.Kind) any {
	switch {
	case k == flowjson.YesNo:
		return text == "true"
	case numeric(op, k), ordered(op) && k == flowjson.Text:
		if json.Valid([]byte(text)) {
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return json.Number(text)
			}
		}
	}
	return text
}

// numeric tells whether only a number makes sense.
func numeric(op rules.Op, k flowjson.Kind) bool {
	switch op {
	case rules.CountLt, rules.CountGte, rules.WithinDays:
		return true
	case rules.Equals, rules.NotEquals, rules.OneOf, rules.NotOneOf, rules.Lt, rules.Lte, rules.Gt, rules.Gte, rules.Between:
		return k == flowjson.Number
	}
	return false
}

// wholeOnly tells whether only whole numbers make sense.
func wholeOnly(op rules.Op) bool {
	return op == rules.CountLt || op == rules.CountGte || op == rules.WithinDays
}

func ordered(op rules.Op) bool {
	return slices.Contains([]rules.Op{rules.Lt, rules.Lte, rules.Gt, rules.Gte, rules.Between}, op)
}

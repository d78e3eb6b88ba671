package admin

import (
	"slices"
	"strconv"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// fit gives rows whose field was just chosen an operator of that field, and keeps of the value what still fits.
func fit(whole *views.ConditionPart, groups []views.FieldGroup) {
	for x := range whole.Each() {
		row := &x.Row
		if x.IsGroup() || row.Kept != "" || row.IsFormula || row.Field == "" {
			continue
		}
		f := views.FindField(groups, row.Field)
		if row.Chosen || row.Op == "" {
			fitOperator(row, f)
			row.Values = slices.DeleteFunc(row.Values, func(v string) bool { return !fitsKind(v, f, rules.Op(row.Op)) })
			row.Chosen = false
		}
		if op, ok := rules.OperatorOf(rules.Op(row.Op)); ok && op.Arity != rules.One {
			row.Other, row.ByField = "", false
		}
	}
}

// fitOperator keeps the operator when it suits the field, else it is the field's usual one.
func fitOperator(row *views.ConditionRow, f views.FieldChoice) {
	ops := rules.OperatorsFor(f.Kind)
	suits := slices.ContainsFunc(ops, func(o rules.Operator) bool { return string(o.Op) == row.Op })
	if !suits && len(ops) > 0 {
		row.Op = string(ops[0].Op)
	}
}

// fitsKind tells whether a value can be one of the field.
func fitsKind(v string, f views.FieldChoice, op rules.Op) bool {
	if wholeOnly(op) {
		_, err := strconv.Atoi(v)
		return err == nil
	}
	switch {
	case len(f.Options) > 0 && !f.Open:
		return f.IsOption(v)
	case f.Kind == flowjson.Number:
		_, err := strconv.ParseFloat(v, 64)
		return err == nil
	case f.Kind == flowjson.Date:
		_, err := time.Parse(time.DateOnly, v)
		return err == nil
	case f.Kind == flowjson.YesNo:
		return v == "true" || v == "false"
	}
	return v != ""
}

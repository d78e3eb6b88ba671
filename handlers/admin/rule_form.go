package admin

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// Limits of the form beside those of the document.
const (
	maxRows   = 50
	maxParams = 50
)

// formOf is the form of a rule as it stands in the document.
func formOf(r rules.Rule) views.RuleForm {
	join, parts := "all", []rules.Condition{r.When}
	switch {
	case r.When.All != nil:
		parts = *r.When.All
	case r.When.Any != nil:
		join, parts = "any", *r.When.Any
	}
	f := views.RuleForm{Name: r.Name, Off: r.Off, Join: join}
	for _, c := range parts {
		f.Rows = append(f.Rows, rowOf(c))
	}
	return f
}

// rowOf is a row for a leaf that the form can show, and keeps everything else as it is.
func rowOf(c rules.Condition) views.ConditionRow {
	row := views.ConditionRow{Field: c.Field, Op: string(c.Op)}
	op, known := rules.OperatorOf(c.Op)
	ok := known && c.Field != "" && c.All == nil && c.Any == nil && c.Not == nil && c.Formula == ""
	if ok {
		row.Values, row.Other, ok = valuesOf(c.Value, op.Arity)
	}
	if !ok {
		kept, err := json.Marshal(c)
		if err != nil { // what Parse read can be written
			kept = []byte(`{"all":[]}`)
		}
		return views.ConditionRow{Kept: string(kept)}
	}
	return row
}

// valuesOf is a value as text; ok is false for one that the form has no control for.
func valuesOf(v any, arity rules.Arity) (values []string, other string, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, "", true
	case map[string]any:
		path, is := v["field"].(string)
		return nil, path, is && len(v) == 1 && arity == rules.One
	case []any:
		for _, x := range v {
			text, plain := plainText(x)
			if !plain {
				return nil, "", false
			}
			values = append(values, text)
		}
		return values, "", arity == rules.Many || arity == rules.Two
	}
	text, plain := plainText(v)
	return []string{text}, "", plain
}

func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, !strings.Contains(v, "\n")
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// readForm reads what was posted. Rows and params come numbered; gaps end them.
func readForm(v url.Values) views.RuleForm {
	f := views.RuleForm{Name: strings.TrimSpace(v.Get("name")), Join: "all"}
	if v.Get("join") == "any" {
		f.Join = "any"
	}
	for i := range maxRows {
		row := views.ConditionRow{Kept: v.Get(numbered("kept", i))}
		if row.Kept == "" {
			if !v.Has(numbered("field", i)) {
				break
			}
			row = readRow(v, i)
		}
		f.Rows = append(f.Rows, row)
	}
	o := &f.Outcome
	o.Kind, o.Screen, o.Message, o.Error = v.Get("kind"), v.Get("screen"), v.Get("message"), v.Get("error")
	o.Errors = map[string]string{}
	for name := range v {
		if field, ok := strings.CutPrefix(name, "error."); ok && v.Get(name) != "" {
			o.Errors[field] = v.Get(name)
		}
	}
	for i := 0; v.Has(numbered("key", i)) && i < 200; i++ {
		o.Data = append(o.Data, views.DataInput{Key: v.Get(numbered("key", i)), Source: v.Get(numbered("from", i)), Value: v.Get(numbered("data", i))})
	}
	for i := 0; v.Has(numbered("param", i)) && i < maxParams; i++ {
		o.Params = append(o.Params, views.ParamInput{Key: strings.TrimSpace(v.Get(numbered("param", i))), Value: v.Get(numbered("pvalue", i))})
	}
	return f
}

func readRow(v url.Values, i int) views.ConditionRow {
	row := views.ConditionRow{Field: v.Get(numbered("field", i)), Op: v.Get(numbered("op", i)), Other: v.Get(numbered("other", i))}
	if v.Has(numbered("asked", i)) && v.Get(numbered("asked", i)) != row.Field {
		return views.ConditionRow{Field: row.Field} // another field was chosen: its operator and values mean nothing now
	}
	for _, value := range v[numbered("value", i)] {
		row.Values = append(row.Values, strings.TrimSpace(value))
	}
	for line := range strings.Lines(v.Get(numbered("lines", i))) {
		if line = strings.TrimSpace(line); line != "" {
			row.Values = append(row.Values, line)
		}
	}
	return row
}

func numbered(name string, i int) string { return name + "." + strconv.Itoa(i) }

// change applies what a button of the form asks for, other than saving: another row, one less, other choices.
func change(f *views.RuleForm, do string) {
	name, n, _ := strings.Cut(do, "-")
	i, err := strconv.Atoi(n)
	switch {
	case name == "add" && len(f.Rows) < maxRows:
		f.Rows = append(f.Rows, views.ConditionRow{})
	case name == "param" && len(f.Outcome.Params) < maxParams:
		f.Outcome.Params = append(f.Outcome.Params, views.ParamInput{})
	case err != nil || i < 0:
	case name == "remove" && i < len(f.Rows):
		f.Rows = slices.Delete(f.Rows, i, i+1)
	case name == "unparam" && i < len(f.Outcome.Params):
		f.Outcome.Params = slices.Delete(f.Outcome.Params, i, i+1)
	}
}

// fit gives every row an operator that its field has: the first one when a field was just chosen.
func fit(f *views.RuleForm, groups []views.FieldGroup) {
	for i := range f.Rows {
		row := &f.Rows[i]
		if row.Kept != "" || row.Field == "" {
			continue
		}
		ops := rules.OperatorsFor(views.FindField(groups, row.Field).Kind)
		fits := slices.ContainsFunc(ops, func(o rules.Operator) bool { return string(o.Op) == row.Op })
		if !fits && len(ops) > 0 {
			row.Op, row.Values, row.Other = string(ops[0].Op), nil, ""
		}
	}
}

// conditionFrom is the condition that the rows say; what is missing is told beside its row.
func conditionFrom(f views.RuleForm, groups []views.FieldGroup) (rules.Condition, formErrors) {
	var errs formErrors
	parts := make([]rules.Condition, 0, len(f.Rows))
	for i, row := range f.Rows {
		c, problem := leafFrom(row, views.FindField(groups, row.Field))
		if problem != "" {
			errs = append(errs, views.FieldError{ID: numbered("value", i), Message: problem})
		}
		parts = append(parts, c)
	}
	switch {
	case f.Join == "any" && len(parts) > 1:
		return rules.Condition{Any: &parts}, errs
	case len(parts) == 1:
		return parts[0], errs
	}
	return rules.Condition{All: &parts}, errs
}

func leafFrom(row views.ConditionRow, f views.FieldChoice) (rules.Condition, string) {
	if row.Kept != "" {
		c, err := rules.ParseCondition([]byte(row.Kept))
		if err != nil {
			return c, "This condition can no longer be read: remove it."
		}
		return c, ""
	}
	if row.Field == "" {
		return rules.Condition{}, "Choose a field, or remove the condition."
	}
	op, ok := rules.OperatorOf(rules.Op(row.Op))
	if !ok {
		return rules.Condition{}, "Choose an operator."
	}
	c := rules.Condition{Field: row.Field, Op: op.Op}
	values := slices.DeleteFunc(slices.Clone(row.Values), func(s string) bool { return s == "" })
	switch {
	case op.Arity == rules.None:
	case op.Arity == rules.One && row.Other != "":
		c.Value = map[string]any{"field": row.Other}
	case len(values) == 0:
		return c, "Enter a value."
	case op.Arity == rules.One:
		c.Value = constant(values[0], op.Op, f.Kind)
	case op.Arity == rules.Two && len(values) != 2:
		return c, "Enter both ends of the range."
	default:
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = constant(v, op.Op, f.Kind)
		}
		c.Value = list
	}
	if want := numeric(op.Op, f.Kind); want {
		for _, v := range values {
			if _, err := strconv.ParseFloat(v, 64); err != nil && row.Other == "" {
				return c, fmt.Sprintf("“%s” is not a number. Use a point for decimals, as in 12.5.", v)
			}
		}
	}
	return c, ""
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

func ordered(op rules.Op) bool {
	return slices.Contains([]rules.Op{rules.Lt, rules.Lte, rules.Gt, rules.Gte, rules.Between}, op)
}

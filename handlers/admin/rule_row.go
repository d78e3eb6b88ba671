package admin

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/rules"
	"switchyard/views"
)

// rowOf is a row for a leaf or formula that the form can show, and keeps everything else as it is.
func rowOf(c rules.Condition) views.ConditionRow {
	made := jsonText(c)
	if c.Formula != "" && jsonText(rules.Condition{Formula: c.Formula}) == made {
		return views.ConditionRow{IsFormula: true, Formula: c.Formula, Made: made}
	}
	row := views.ConditionRow{Field: c.Field, Op: string(c.Op), Made: made}
	op, known := rules.OperatorOf(c.Op)
	ok := known && c.Field != "" && c.Formula == ""
	if ok {
		row.Values, row.Other, ok = valuesOf(c.Value, op.Arity)
		row.ByField = row.Other != ""
	}
	if !ok {
		return views.ConditionRow{Kept: made}
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
		return nil, path, is && path != "" && len(v) == 1 && arity == rules.One
	case []any:
		for _, x := range v {
			text, plain := plainText(x)
			if !plain {
				return nil, "", false
			}
			values = append(values, text)
		}
		return values, "", arity == rules.Many || arity == rules.Two && len(values) == 2
	}
	text, plain := plainText(v)
	return []string{text}, "", plain
}

func plainText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, !strings.ContainsAny(v, "\r\n")
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func readRow(v url.Values, i int) views.ConditionRow {
	if kept := v.Get(numbered("kept", i)); kept != "" {
		return views.ConditionRow{Kept: kept}
	}
	if v.Has(numbered("formula", i)) {
		return views.ConditionRow{IsFormula: true, Formula: crlf.Replace(v.Get(numbered("formula", i))), Made: v.Get(numbered("made", i))}
	}
	row := views.ConditionRow{Field: v.Get(numbered("field", i)), Op: v.Get(numbered("op", i)), Made: v.Get(numbered("made", i)), Other: v.Get(numbered("other", i))}
	row.ByField = row.Other != ""
	if v.Has(numbered("with", i)) {
		row.ByField = v.Get(numbered("with", i)) == "field"
	}
	if !row.ByField {
		row.Other = ""
	}
	row.Values = readValues(v, i)
	if asked := numbered("asked", i); v.Has(asked) && v.Get(asked) != row.Field {
		if row.Made, row.Chosen = "", true; v.Get(asked) == "" {
			row.Op = "" // nobody chose it
		}
	}
	return row
}

var crlf = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// readValues reads what the controls of a value hold: boxes, lines, a number of days with its direction, and what was
// typed beside options.
func readValues(v url.Values, i int) []string {
	values := slices.Clone(v[numbered("value", i)])
	if v.Has(numbered("lines", i)) {
		values = append(values, strings.Split(strings.ReplaceAll(v.Get(numbered("lines", i)), "\r", ""), "\n")...)
	}
	if v.Get(numbered("toward", i)) == "last" && len(values) > 0 {
		if days := strings.TrimSpace(values[0]); days != "" && strings.Trim(days, "0") != "" && !strings.HasPrefix(days, "-") {
			values[0] = "-" + days
		}
	}
	typed := strings.TrimSpace(v.Get(numbered("typed", i)))
	if op, _ := rules.OperatorOf(rules.Op(v.Get(numbered("op", i)))); typed == "" || op.Arity != rules.Many {
		if typed != "" {
			return []string{typed}
		}
		return values
	}
	for part := range strings.SplitSeq(typed, ",") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(values, part) {
			values = append(values, part)
		}
	}
	return values
}

// leafFrom is the condition that a row says; problem tells what is missing.
func leafFrom(row views.ConditionRow, f views.FieldChoice) (c rules.Condition, problem string) {
	if row.Kept != "" {
		c, err := rules.ParseCondition([]byte(row.Kept))
		if err != nil {
			return c, "This condition can no longer be read: remove it."
		}
		return c, ""
	}
	if was, err := rules.ParseCondition([]byte(row.Made)); err == nil && shows(row, rowOf(was), f) {
		return was, ""
	}
	if row.IsFormula {
		return formulaFrom(row)
	}
	if row.Field == "" {
		return c, "Choose a field, or remove the condition."
	}
	op, ok := rules.OperatorOf(rules.Op(row.Op))
	if !ok {
		return c, "Choose an operator."
	}
	c = rules.Condition{Field: row.Field, Op: op.Op}
	c.Value, problem = valueFrom(row, op, f)
	return c, problem
}

// formulaFrom is a condition as an expression; one with an error is not taken.
func formulaFrom(row views.ConditionRow) (c rules.Condition, problem string) {
	c.Formula = strings.TrimSpace(row.Formula)
	switch {
	case c.Formula == "":
		return c, "Write the formula, or remove the condition."
	case row.Fault != nil && row.Fault.Severity == rules.Error:
		return c, row.Fault.Message
	}
	return c, ""
}

// shows tells whether the controls of a row are as they were shown.
func shows(row, was views.ConditionRow, f views.FieldChoice) bool {
	if row.IsFormula || was.IsFormula {
		return row.IsFormula && was.IsFormula && same(row.Formula, was.Formula)
	}
	if was.Kept != "" || !same(row.Field, was.Field) || row.Op != was.Op || !same(row.Other, was.Other) {
		return false
	}
	op, _ := rules.OperatorOf(rules.Op(row.Op))
	switch {
	case op.Arity == rules.None || row.Other != "":
		return true
	case op.Arity != rules.Many:
		return same(row.Value(0), was.Value(0)) && same(row.Value(1), was.Value(1))
	case len(f.Options) > 0: // boxes, which come in their own order
		return slices.Equal(set(row.Values), set(was.Values))
	}
	lines := func(values []string) []string { return strings.Split(strings.Join(values, "\n"), "\n") }
	return slices.EqualFunc(lines(row.Values), lines(was.Values), same)
}

// set is the different texts, in order.
func set(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = seen.Replace(text)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

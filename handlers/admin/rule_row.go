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

// rowOf is a row for a leaf that the form can show, and keeps everything else as it is.
func rowOf(c rules.Condition) views.ConditionRow {
	made := jsonText(c)
	row := views.ConditionRow{Field: c.Field, Op: string(c.Op), Made: made}
	op, known := rules.OperatorOf(c.Op)
	ok := known && c.Field != "" && c.All == nil && c.Any == nil && c.Not == nil && c.Formula == ""
	if ok {
		row.Values, row.Other, ok = valuesOf(c.Value, op.Arity)
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
	row := views.ConditionRow{Field: v.Get(numbered("field", i))}
	if v.Has(numbered("asked", i)) && v.Get(numbered("asked", i)) != row.Field {
		return row // another field was chosen: its operator and values mean nothing now
	}
	row.Op, row.Other, row.Made = v.Get(numbered("op", i)), v.Get(numbered("other", i)), v.Get(numbered("made", i))
	row.Values = slices.Clone(v[numbered("value", i)])
	if v.Has(numbered("lines", i)) {
		row.Values = append(row.Values, strings.Split(strings.ReplaceAll(v.Get(numbered("lines", i)), "\r", ""), "\n")...)
	}
	return row
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

// shows tells whether the controls of a row are as they were shown.
func shows(row, was views.ConditionRow, f views.FieldChoice) bool {
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

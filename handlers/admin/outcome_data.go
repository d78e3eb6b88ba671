package admin

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/views"
)

var wholeList = regexp.MustCompile(`^\{\{\s*list\('([a-z][a-z0-9_]*)'\)\s*\}\}$`)

func inputOf(key string, v any) views.DataInput {
	in := views.DataInput{Key: key, Type: typeOf(v), Source: "value", Value: valueText(v), Made: pair(key, v)}
	if b, ok := v.(bool); ok {
		in.Source, in.Value = strconv.FormatBool(b), ""
	}
	if m := wholeList.FindStringSubmatch(in.Value); m != nil {
		in.Source, in.Value = "list:"+m[1], ""
	}
	return in
}

// typeOf is the type of a value as a Flow JSON names it, for keys that no screen declares.
func typeOf(v any) string {
	switch v.(type) {
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case json.Number:
		return "number"
	case bool:
		return "boolean"
	}
	return "string"
}

// valueText is a value as the form shows it: text as it is, anything else as JSON.
func valueText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if _, list := v.([]any); list {
		e.SetIndent("", "  ")
	}
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// fillData brings the data of an outcome into the order of the target screen's declared keys, adding those that are
// not given; what the screen does not declare comes last.
func fillData(f *views.OutcomeForm, target string, flow *flowjson.Flow) {
	if f.Kind != "go" && f.Kind != "stay" {
		f.Data = nil
		return
	}
	given := f.Data
	f.Data = nil
	var screen *flowjson.Screen
	if flow != nil {
		screen = flow.Screen(target)
	}
	if screen != nil {
		for _, k := range screen.Data {
			in := views.DataInput{Key: k.Name, Source: "keep"}
			if i := slices.IndexFunc(given, func(d views.DataInput) bool { return d.Key == k.Name }); i >= 0 {
				in = given[i]
			}
			in.Type, in.BoundTo, in.Declared = k.Type, k.BoundTo, true
			f.Data = append(f.Data, in)
		}
	}
	for _, in := range given {
		known := slices.ContainsFunc(f.Data, func(d views.DataInput) bool { return d.Key == in.Key })
		if !known && in.Source != "keep" {
			f.Data = append(f.Data, in)
		}
	}
}

func dataFrom(inputs []views.DataInput) (map[string]any, formErrors) {
	var errs formErrors
	data := map[string]any{}
	for i, in := range inputs {
		if in.Source == "keep" {
			continue
		}
		if key, was, ok := pairOf(in.Made); ok {
			if shown := inputOf(key, was); in.Source == shown.Source && same(in.Value, shown.Value) {
				data[key] = was
				continue
			}
		}
		v, problem := sourced(in)
		if problem != "" {
			errs = append(errs, views.FieldError{ID: numbered("data", i), Message: problem})
		}
		data[in.Key] = v
	}
	if len(data) == 0 {
		return nil, errs
	}
	return data, errs
}

// sourced is the value that was chosen or entered for a key.
func sourced(in views.DataInput) (v any, problem string) {
	if list, is := strings.CutPrefix(in.Source, "list:"); is {
		return "{{ list('" + list + "') }}", ""
	}
	if in.Source == "true" || in.Source == "false" {
		return in.Source == "true", ""
	}
	return typed(in)
}

// typed gives a value the type that its key declares; a template stays text, its type comes out when it is rendered.
func typed(in views.DataInput) (any, string) {
	text := strings.TrimSpace(in.Value)
	template := strings.Contains(text, "{{")
	switch in.Type {
	case "number", "integer":
		if !template {
			if v, ok := decodeJSON(text).(json.Number); ok || !in.Declared {
				if ok {
					return v, ""
				}
				return in.Value, ""
			}
			return in.Value, "“" + in.Key + "” takes a number, or a template such as {{ data.amount }}."
		}
	case "array", "object":
		if template && strings.HasPrefix(text, "{{") {
			return text, ""
		}
		v := decodeJSON(text)
		_, list := v.([]any)
		_, object := v.(map[string]any)
		if in.Type == "array" && !list || in.Type == "object" && !object {
			return in.Value, "“" + in.Key + "” takes JSON of type " + in.Type + `, such as [{"id":"a","title":"A"}], or a template.`
		}
		return v, ""
	}
	return in.Value, ""
}

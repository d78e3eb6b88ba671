package admin

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// outcomeOf is the form of an outcome as it stands in the document.
func outcomeOf(o rules.Outcome, place string, flow *flowjson.Flow) views.OutcomeForm {
	f := views.OutcomeForm{Kind: "go", Screen: o.Go, Errors: map[string]string{}}
	given, target := o.Data, o.Go
	switch {
	case o.Stay != nil:
		f.Kind, f.Error, given, target = "stay", o.Stay.Error, o.Stay.Data, place
		maps.Copy(f.Errors, o.Stay.Errors)
	case o.Finish != nil:
		f.Kind = "finish"
		for _, k := range slices.Sorted(maps.Keys(o.Finish.Params)) {
			f.Params = append(f.Params, views.ParamInput{Key: k, Value: paramText(o.Finish.Params[k])})
		}
	case o.Expire != nil:
		f.Kind, f.Message = "expire", o.Expire.Message
	}
	for _, k := range slices.Sorted(maps.Keys(given)) {
		f.Data = append(f.Data, inputOf(k, given[k]))
	}
	fillData(&f, target, flow)
	return f
}

var wholeList = regexp.MustCompile(`^\{\{\s*list\('([a-z][a-z0-9_]*)'\)\s*\}\}$`)

func inputOf(key string, v any) views.DataInput {
	in := views.DataInput{Key: key, Source: "value", Value: valueText(v)}
	if b, ok := v.(bool); ok {
		in.Source, in.Value = strconv.FormatBool(b), ""
	}
	if m := wholeList.FindStringSubmatch(in.Value); m != nil {
		in.Source, in.Value = "list:"+m[1], ""
	}
	return in
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
			in.Type = "string"
			f.Data = append(f.Data, in)
		}
	}
}

// outcomeFrom is the outcome that the form says; nil for a back that is left to the trail.
func outcomeFrom(f views.OutcomeForm) (*rules.Outcome, formErrors) {
	var errs formErrors
	switch f.Kind {
	case "":
		return nil, nil
	case "stay":
		data, errs := dataFrom(f.Data)
		return &rules.Outcome{Stay: &rules.Stay{Error: f.Error, Errors: noneIfEmpty(f.Errors), Data: data}}, errs
	case "finish":
		params := map[string]any{}
		for _, p := range f.Params {
			if p.Key != "" {
				params[p.Key] = paramFrom(p.Value)
			}
		}
		return &rules.Outcome{Finish: &rules.Finish{Params: params}}, nil
	case "expire":
		return &rules.Outcome{Expire: &rules.Expire{Message: f.Message}}, nil
	}
	if f.Screen == "" {
		errs = append(errs, views.FieldError{ID: "screen", Message: "Choose the screen to go to."})
	}
	data, more := dataFrom(f.Data)
	return &rules.Outcome{Go: f.Screen, Data: data}, append(errs, more...)
}

func noneIfEmpty(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

func dataFrom(inputs []views.DataInput) (map[string]any, formErrors) {
	var errs formErrors
	data := map[string]any{}
	for i, in := range inputs {
		list, isList := strings.CutPrefix(in.Source, "list:")
		switch {
		case in.Source == "true" || in.Source == "false":
			data[in.Key] = in.Source == "true"
		case isList:
			data[in.Key] = "{{ list('" + list + "') }}"
		case in.Source == "value":
			v, problem := typed(in)
			if problem != "" {
				errs = append(errs, views.FieldError{ID: numbered("data", i), Message: problem})
			}
			data[in.Key] = v
		}
	}
	if len(data) == 0 {
		return nil, errs
	}
	return data, errs
}

// typed gives a value the type that its key declares; a template stays text, its type comes out when it is rendered.
func typed(in views.DataInput) (any, string) {
	text := strings.TrimSpace(in.Value)
	template := strings.Contains(text, "{{")
	switch in.Type {
	case "number", "integer":
		if !template {
			if v, ok := decodeJSON(text).(json.Number); ok {
				return v, ""
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

// paramText is valueText, but text that would be read back as something else stands in quotes: "5" is not 5.
func paramText(v any) string {
	text := valueText(v)
	if _, is := v.(string); is && decodeJSON(text) != nil {
		return strconv.Quote(text)
	}
	return text
}

// paramFrom keeps numbers, yes and no, lists and objects as what they are; everything else is text.
func paramFrom(text string) any {
	if v := decodeJSON(text); v != nil {
		return v
	}
	return text
}

// decodeJSON is nil for what is not one JSON value.
func decodeJSON(text string) any {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	if _, err := d.Token(); err != io.EOF {
		return nil
	}
	return v
}

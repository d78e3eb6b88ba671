package admin

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/views"
)

// inputOf is a value of an outcome as the form shows it; key is nil when the screen does not declare it.
func inputOf(name string, v any, key *flowjson.DataKey) views.DataInput {
	in := views.DataInput{Key: name, Type: typeOf(v), Source: views.SourceValue, Value: valueText(v), Made: pair(name, v), Schema: key}
	if key != nil {
		in.Type, in.Declared = key.Type, true
	}
	switch v := v.(type) {
	case bool:
		in.Source, in.Value = strconv.FormatBool(v), ""
	case string:
		readTemplate(&in, v)
	case []any, map[string]any:
		readRows(&in, v)
	}
	return in
}

// readInput reads the controls of one value; what its source has none of stays empty.
func readInput(v url.Values, in views.DataInput) views.DataInput {
	get := func(what string) string { return v.Get(in.Name(what)) }
	in.Key, in.Made, in.Source, in.Value = get("key"), get("given"), get("from"), get("data")
	in.Field, in.List, in.Column = get("pick"), get("table"), get("column")
	if in.Source == "" {
		in.Source = views.SourceKeep
		if in.Param {
			in.Source = views.SourceValue
		}
	}
	if !in.Param {
		in.Type = "string"
		in.Columns = views.SplitNames(get("columns"))
		in.Cells = slices.Collect(slices.Chunk(v[in.Name("cell")], max(len(in.Columns), 1)))
		if n := len(in.Cells); n > 0 && len(in.Cells[n-1]) < len(in.Columns) {
			in.Cells = in.Cells[:n-1] // cut off on the way
		}
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
	return jsonText(v)
}

// fillData brings the data of an outcome into the order of the target screen's declared keys, adding those that are
// not given; what the screen does not declare comes last.
func fillData(f *views.OutcomeForm, target string, flow *flowjson.Flow) {
	given := f.Data
	f.Data = nil
	if f.Kind != "go" && f.Kind != "stay" {
		return
	}
	if screen := screenOf(flow, target); screen != nil {
		for i := range screen.Data {
			k := &screen.Data[i]
			in := views.DataInput{Key: k.Name, Source: views.SourceKeep}
			if i := slices.IndexFunc(given, func(d views.DataInput) bool { return d.Key == k.Name }); i >= 0 {
				in = given[i]
			}
			in.Type, in.BoundTo, in.Declared, in.Schema = k.Type, k.BoundTo, true, k
			_, isError := errorKeys(screen)[k.Name]
			in.Required = !isError && k.Name != "error_message"
			f.Data = append(f.Data, shaped(in))
		}
	}
	for _, in := range given {
		known := slices.ContainsFunc(f.Data, func(d views.DataInput) bool { return d.Key == in.Key })
		if !known && in.Source != views.SourceKeep {
			f.Data = append(f.Data, in)
		}
	}
	for i := range f.Data {
		f.Data[i].At = i
	}
}

func screenOf(flow *flowjson.Flow, id string) *flowjson.Screen {
	if flow == nil {
		return nil
	}
	return flow.Screen(id)
}

// errorKeys are the data keys that hold errors per field, with their fields.
func errorKeys(s *flowjson.Screen) map[string]string {
	keys := make(map[string]string, len(s.ErrorKeys))
	for field, key := range s.ErrorKeys {
		keys[key] = field
	}
	return keys
}

// dataFrom are the data that the form says.
func dataFrom(inputs []views.DataInput) (map[string]any, formErrors) {
	var errs formErrors
	data := map[string]any{}
	for _, in := range inputs {
		if in.Source == views.SourceKeep {
			continue
		}
		if key, was, ok := pairOf(in.Made); ok && sameInput(in, shaped(inputOf(key, was, in.Schema))) {
			data[key] = was
			continue
		}
		v, problem := sourced(in)
		if problem != "" {
			errs = append(errs, views.FieldError{ID: errorControl(in), Message: problem})
		}
		data[in.Key] = v
	}
	if len(data) == 0 {
		return nil, errs
	}
	return data, errs
}

// errorControl is the control that an error leads to.
func errorControl(in views.DataInput) string {
	if in.Source == views.SourceRows || isPicked(in) {
		return in.Name("from")
	}
	return in.Name("data")
}

// isPicked tells whether the value comes from a field that is chosen.
func isPicked(in views.DataInput) bool {
	return in.Source == views.SourceField || in.Source == views.SourceTitle || in.Source == views.SourceLookup
}

// sameInput tells whether the controls of a value are as they were shown.
func sameInput(in, shown views.DataInput) bool {
	if in.Source != shown.Source {
		return false
	}
	switch in.Source {
	case views.SourceField, views.SourceTitle:
		return same(in.Field, shown.Field)
	case views.SourceLookup:
		return same(in.Field, shown.Field) && in.List == shown.List && same(in.Column, shown.Column)
	case views.SourceRows:
		return slices.EqualFunc(in.Columns, shown.Columns, same) && slices.EqualFunc(in.Cells, shown.Cells, func(a, b []string) bool { return slices.EqualFunc(a, b, same) })
	case views.SourceLocked:
		return true
	}
	return strings.HasPrefix(in.Source, "list:") || same(in.Value, shown.Value)
}

package admin

import (
	"strings"

	"switchyard/views"
)

// paramsFrom are the params of finish that the form says.
func paramsFrom(inputs []views.DataInput) (map[string]any, formErrors) {
	var errs formErrors
	params := map[string]any{}
	for _, in := range inputs {
		name, v, problem := paramOf(in)
		key, was, kept := pairOf(in.Made)
		if kept && same(in.Key, key) {
			name = key
		}
		if kept && sameInput(in, asParam(inputOf(key, was, nil), was)) {
			v, problem = was, ""
		}
		_, twice := params[name]
		switch {
		case name == "" && in.Source == views.SourceValue && in.Value == "" && !kept:
			continue
		case name == "" && !(kept && key == ""):
			errs = append(errs, views.FieldError{ID: in.Name("key"), Message: "Name this answer, or remove it."})
		case twice:
			errs = append(errs, views.FieldError{ID: in.Name("key"), Message: "Another answer has the name “" + name + "”. Choose another one."})
		}
		if problem != "" {
			errs = append(errs, views.FieldError{ID: in.Name("data"), Message: problem})
		}
		params[name] = v
	}
	return params, errs
}

func paramOf(in views.DataInput) (name string, v any, problem string) {
	name = strings.TrimSpace(in.Key)
	if in.Source == views.SourceValue {
		return name, paramFrom(in.Value), ""
	}
	v, problem = sourced(in)
	return name, v, problem
}

// paramText is valueText, but text that would be read back as something else stands in quotes: "5" is not 5.
func paramText(v any) string {
	text := valueText(v)
	if _, is := v.(string); is && decodeJSON(text) != nil {
		return jsonText(text)
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

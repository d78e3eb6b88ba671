package admin

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"switchyard/models/flowjson"
	"switchyard/views"
)

// entries are the values that were entered on a screen, by the name of the control.
func (t *tryRun) entries(at *flowjson.Screen, form url.Values) (all map[string]any, errs formErrors) {
	all = map[string]any{}
	for _, in := range inputsOf(at) {
		v, problem := entered(in.Kind, form[in.id])
		if problem != "" {
			errs = append(errs, views.FieldError{ID: in.id, Message: in.Label + ": " + problem})
		}
		all[in.id] = v
	}
	return all, errs
}

// payload is what the phone sends, or hands to the screen that it goes to.
func (t *tryRun) payload(at *flowjson.Screen, p flowjson.Payload, entered map[string]any) map[string]any {
	data := map[string]any{}
	for _, k := range p.Keys {
		if v := t.value(at, k, entered); v != nil {
			data[k.Name] = v
		}
	}
	return data
}

// value is what the phone has for a key of a payload; nil for nothing.
func (t *tryRun) value(at *flowjson.Screen, k flowjson.PayloadKey, entered map[string]any) any {
	place := cmp.Or(k.Screen, at.ID)
	switch {
	case k.Constant != nil:
		return decodeJSON(string(k.Constant))
	case k.DataKey != "":
		return within(t.given[place], k.DataKey)
	case k.Field != "" && place != at.ID:
		return t.filled[place]["in."+k.Field]
	case k.Field != "":
		return entered["in."+k.Field]
	}
	return entered["as."+k.Name]
}

// examples are those that a screen declares for its data; nil for no screen.
func examples(s *flowjson.Screen) map[string]any {
	if s == nil {
		return nil
	}
	data := map[string]any{}
	for _, k := range s.Data {
		if v := decodeJSON(string(k.Example)); v != nil {
			data[k.Name] = v
		}
	}
	return data
}

// within follows a key with dots into data.
func within(data map[string]any, key string) any {
	first, rest, deeper := strings.Cut(key, ".")
	if !deeper {
		return data[first]
	}
	inner, _ := data[first].(map[string]any)
	return within(inner, rest)
}

// entered is the value that a phone would send for what was entered.
func entered(kind flowjson.Kind, typed []string) (v any, problem string) {
	text := strings.Join(typed, "\n")
	switch kind {
	case flowjson.YesNo:
		return text == "true", ""
	case flowjson.Choices:
		all := []any{}
		for _, id := range typed {
			if id != "" {
				all = append(all, id)
			}
		}
		return all, ""
	case flowjson.Range:
		ends := append(slices.Clone(typed), "", "")
		for _, day := range ends[:2] {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				return nil, "“" + day + "” is not a date."
			}
		}
		return map[string]any{"start-date": ends[0], "end-date": ends[1]}, ""
	case flowjson.Media, flowjson.List, flowjson.Object:
		if strings.TrimSpace(text) == "" {
			return nil, ""
		}
		if v = decodeJSON(text); v == nil {
			return nil, "enter it as JSON, as in the sample."
		}
		return v, ""
	}
	return text, ""
}

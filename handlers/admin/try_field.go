package admin

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// next is the form of the screen that the customer sees now.
func (t *tryRun) next() {
	at := t.run.At()
	if t.run.Ended || at == nil {
		return
	}
	t.page.Buttons = t.asked()
	samples := rules.Samples(at, t.now)
	for _, k := range inputsOf(at) {
		f := views.TryField{Name: "in." + k.Name, Label: k.Label, Kind: k.Kind, Options: t.options(k)}
		if t.typed != nil {
			f.Values = t.typed[f.Name]
			f.Error = errorText(t.page.Errors, f.Name)
		} else {
			f.Values = shownValues(samples[k.Name], f)
		}
		t.page.Fields = append(t.page.Fields, f)
	}
}

// inputsOf are the values of a screen that a customer enters, and those that the phone computes: what is neither fixed nor
// sent back as it came.
func inputsOf(at *flowjson.Screen) (keys []flowjson.SentKey) {
	for _, k := range at.Sent() {
		if k.Field != nil && k.Field.Screen == at.ID || k.Field == nil && computed(at, k.Name) {
			keys = append(keys, k)
		}
	}
	return keys
}

// computed tells whether some payload makes the key up by an expression.
func computed(at *flowjson.Screen, name string) bool {
	for _, p := range at.Payloads {
		for _, k := range p.Keys {
			if p.Action == "data_exchange" && k.Name == name && k.Field == "" && k.DataKey == "" && k.Constant == nil {
				return true
			}
		}
	}
	return false
}

// options are those that the customer sees: what was sent for the screen, else those that the Flow JSON names.
func (t *tryRun) options(k flowjson.SentKey) (options []views.Option) {
	if k.Field == nil || k.Kind != flowjson.Choice && k.Kind != flowjson.Choices {
		return nil
	}
	rows, sent := t.run.Visit.Sent[t.run.Screen][k.Field.OptionsKey].([]any)
	if sent {
		for _, row := range rows {
			o, _ := row.(map[string]any)
			id, _ := o["id"].(string)
			if title, _ := o["title"].(string); id != "" {
				options = append(options, views.Option{Value: id, Label: title})
			}
		}
		return options
	}
	for _, o := range k.Field.Known() {
		options = append(options, views.Option{Value: o.ID, Label: o.Title})
	}
	return options
}

// shownValues are a sample as the controls of a field have it; a sample that cannot be chosen is the first that can.
func shownValues(sample any, f views.TryField) (values []string) {
	switch v := sample.(type) {
	case []any:
		if f.Kind == flowjson.Choices {
			return texts(v)
		}
		return []string{jsonText(v)}
	case map[string]any:
		if f.Kind == flowjson.Range {
			return []string{valueText(v["start-date"]), valueText(v["end-date"])}
		}
		return []string{jsonText(v)}
	case bool:
		if !v {
			return nil
		}
		return []string{"true"}
	}
	text := valueText(sample)
	known := func(o views.Option) bool { return o.Value == text }
	if len(f.Options) > 0 && !slices.ContainsFunc(f.Options, known) {
		text = f.Options[0].Value
	}
	return []string{text}
}

// submitted is what the phone sends for a payload.
func (t *tryRun) submitted(at *flowjson.Screen, p flowjson.Payload, form url.Values) (data map[string]any, errs formErrors) {
	data = map[string]any{}
	inputs := inputsOf(at)
	for _, k := range p.Keys {
		i := slices.IndexFunc(inputs, func(in flowjson.SentKey) bool { return in.Name == k.Name })
		switch {
		case k.Constant != nil:
			data[k.Name] = decodeJSON(string(k.Constant))
		case k.DataKey != "":
			place := t.run.Screen
			if k.Screen != "" {
				place = k.Screen
			}
			data[k.Name] = within(t.run.Visit.Sent[place], k.DataKey)
		case k.Screen != "" && k.Screen != at.ID:
			data[k.Name] = t.run.Visit.Answers[k.Screen][k.Field]
		case i >= 0:
			v, problem := entered(inputs[i].Kind, form["in."+k.Name])
			if problem != "" {
				errs = append(errs, views.FieldError{ID: "in." + k.Name, Message: inputs[i].Label + ": " + problem})
			}
			data[k.Name] = v
		}
		if data[k.Name] == nil {
			delete(data, k.Name)
		}
	}
	return data, errs
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

func errorText(errs formErrors, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

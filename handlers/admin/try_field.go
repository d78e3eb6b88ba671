package admin

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// next is the form of the screen that the customer sees now: with what was entered there before, else with samples.
func (t *tryRun) next() {
	at := t.run.At()
	if t.run.Ended || at == nil {
		return
	}
	t.page.Buttons, t.page.First = t.asked(), len(t.run.Stack) < 2
	before, again := t.filled[at.ID]
	for _, in := range inputsOf(at) {
		f := views.TryField{Name: in.id, Label: in.Label, Kind: in.Kind, Options: t.options(in.SentKey)}
		switch {
		case t.typed != nil:
			f.Values = t.typed[f.Name]
			f.Error = errorText(t.page.Errors, f.Name)
		case again:
			f.Values = shownValues(before[in.id], f.Kind)
		default:
			f.Values = offered(shownValues(rules.Sample(in.SentKey, t.now), f.Kind), f.Options)
		}
		t.page.Fields = append(t.page.Fields, f)
	}
}

// A tryInput is a value that a customer enters, or that the phone makes up; id is the name of its control.
type tryInput struct {
	flowjson.SentKey
	id string
}

// inputsOf are the values that a screen needs before it can send or hand over anything: its fields, and what its payloads
// make up by an expression.
func inputsOf(at *flowjson.Screen) (inputs []tryInput) {
	if !slices.ContainsFunc(at.Payloads, func(p flowjson.Payload) bool { return p.Action != "complete" }) {
		return nil
	}
	for i := range at.Fields {
		if f := &at.Fields[i]; f == at.Field(f.Name) {
			inputs = append(inputs, tryInput{flowjson.SentKey{Name: f.Name, Label: f.Label, Kind: f.Kind, Field: f}, "in." + f.Name})
		}
	}
	for _, k := range at.Sent() {
		if k.Field == nil && computed(at, k.Name) {
			inputs = append(inputs, tryInput{k, "as." + k.Name})
		}
	}
	return inputs
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
	rows, sent := within(t.given[t.run.Screen], k.Field.OptionsKey).([]any)
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

// shownValues are a value as the controls of its kind have it.
func shownValues(value any, kind flowjson.Kind) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		if kind == flowjson.Choices {
			return texts(v)
		}
		return []string{jsonText(v)}
	case map[string]any:
		if kind == flowjson.Range {
			return []string{valueText(v["start-date"]), valueText(v["end-date"])}
		}
		return []string{jsonText(v)}
	case bool:
		if !v {
			return nil
		}
		return []string{"true"}
	}
	return []string{valueText(value)}
}

// offered is a sample, or where that cannot be chosen the first that can.
func offered(sample []string, options []views.Option) []string {
	known := func(o views.Option) bool { return slices.Contains(sample, o.Value) }
	if len(options) > 0 && !slices.ContainsFunc(options, known) {
		return []string{options[0].Value}
	}
	return sample
}

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

func errorText(errs formErrors, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

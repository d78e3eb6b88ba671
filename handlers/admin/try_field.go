package admin

import (
	"slices"

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

func errorText(errs formErrors, id string) string {
	for _, e := range errs {
		if e.ID == id {
			return e.Message
		}
	}
	return ""
}

package admin

import (
	"maps"
	"net/url"
	"slices"
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
			v := o.Finish.Params[k]
			f.Params = append(f.Params, views.ParamInput{Key: k, Value: paramText(v), Made: pair(k, v)})
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

func readOutcome(v url.Values) views.OutcomeForm {
	o := views.OutcomeForm{Kind: v.Get("kind"), Screen: v.Get("screen"), Message: v.Get("message"), Error: v.Get("error"), Errors: map[string]string{}}
	for name := range v {
		if field, ok := strings.CutPrefix(name, "error."); ok {
			o.Errors[field] = v.Get(name)
		}
	}
	for i := 0; v.Has(numbered("key", i)); i++ {
		in := views.DataInput{Key: v.Get(numbered("key", i)), Type: "string", Source: v.Get(numbered("from", i)), Value: v.Get(numbered("data", i)), Made: v.Get(numbered("given", i))}
		if key, was, ok := pairOf(in.Made); ok {
			in.Key, in.Type = key, typeOf(was)
		}
		o.Data = append(o.Data, in)
	}
	for i := 0; v.Has(numbered("param", i)); i++ {
		o.Params = append(o.Params, views.ParamInput{Key: v.Get(numbered("param", i)), Value: v.Get(numbered("pvalue", i)), Made: v.Get(numbered("carried", i))})
	}
	return o
}

var noOutcome = views.FieldError{ID: "kind", Message: "Choose what happens."}

// outcomeFrom is the outcome that the form says, was the texts that it was made from; nil for a back that is left to the
// trail.
func outcomeFrom(f views.OutcomeForm, was rules.Outcome) (*rules.Outcome, formErrors) {
	switch f.Kind {
	case "":
		return nil, nil
	case "stay":
		if was.Stay == nil {
			was.Stay = &rules.Stay{}
		}
		data, errs := dataFrom(f.Data)
		return &rules.Outcome{Stay: &rules.Stay{Error: asWas(f.Error, was.Stay.Error), Errors: textsFrom(f.Errors, was.Stay.Errors), Data: data}}, errs
	case "finish":
		params, errs := paramsFrom(f.Params)
		return &rules.Outcome{Finish: &rules.Finish{Params: params}}, errs
	case "expire":
		if was.Expire == nil {
			was.Expire = &rules.Expire{}
		}
		return &rules.Outcome{Expire: &rules.Expire{Message: asWas(f.Message, was.Expire.Message)}}, nil
	}
	var errs formErrors
	if f.Screen == "" {
		errs = append(errs, views.FieldError{ID: "screen", Message: "Choose the screen to go to."})
	}
	data, more := dataFrom(f.Data)
	return &rules.Outcome{Go: asWas(f.Screen, was.Go), Data: data}, append(errs, more...)
}

// textsFrom are the errors by field. Those of fields that the form does not show stay.
func textsFrom(posted, was map[string]string) map[string]string {
	out := map[string]string{}
	for field, text := range was {
		if _, shown := posted[field]; !shown {
			out[field] = text
		}
	}
	for field, text := range posted {
		if before, had := was[field]; had && same(text, before) {
			out[field] = before
		} else if text != "" {
			out[field] = text
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func paramsFrom(inputs []views.ParamInput) (map[string]any, formErrors) {
	var errs formErrors
	params := map[string]any{}
	for i, in := range inputs {
		name, v := strings.TrimSpace(in.Key), paramFrom(in.Value)
		key, was, kept := pairOf(in.Made)
		if kept && same(in.Key, key) {
			name = key
		}
		if kept && same(in.Value, paramText(was)) {
			v = was
		}
		_, twice := params[name]
		switch {
		case name == "" && in.Value == "" && !kept:
			continue
		case name == "" && !(kept && key == ""):
			errs = append(errs, views.FieldError{ID: numbered("param", i), Message: "Name this answer, or remove it."})
		case twice:
			errs = append(errs, views.FieldError{ID: numbered("param", i), Message: "Another answer has the name “" + name + "”. Choose another one."})
		}
		params[name] = v
	}
	return params, errs
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

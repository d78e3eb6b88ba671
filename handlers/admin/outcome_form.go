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

// outcomeOf is the form of an outcome as it stands in the document; fillData brings its data into order.
func outcomeOf(o rules.Outcome, place string, flow *flowjson.Flow) views.OutcomeForm {
	f := views.OutcomeForm{Kind: "go", Screen: o.Go, Errors: map[string]string{}}
	given := o.Data
	switch {
	case o.Stay != nil:
		f.Kind, f.Error, given = "stay", o.Stay.Error, o.Stay.Data
		maps.Copy(f.Errors, o.Stay.Errors)
	case o.Finish != nil:
		f.Kind = "finish"
		for _, k := range slices.Sorted(maps.Keys(o.Finish.Params)) {
			in := inputOf(k, o.Finish.Params[k], nil)
			f.Params = append(f.Params, asParam(in, o.Finish.Params[k]))
		}
	case o.Expire != nil:
		f.Kind, f.Message = "expire", o.Expire.Message
	}
	for _, k := range slices.Sorted(maps.Keys(given)) {
		var key *flowjson.DataKey
		if s := screenOf(flow, f.Target(place)); s != nil {
			key = s.Key(k)
		}
		f.Data = append(f.Data, inputOf(k, given[k], key))
	}
	return f
}

// asParam is an input as the form of params has it: without rows and lines, and with quotes around text that would be
// read back as something else.
func asParam(in views.DataInput, v any) views.DataInput {
	in.Param, in.Type = true, ""
	switch in.Source {
	case views.SourceValue, views.SourceYes, views.SourceNo, views.SourceRows, views.SourceLines, views.SourceLocked:
		in.Source, in.Value = views.SourceValue, paramText(v)
	}
	if list, is := strings.CutPrefix(in.Source, "list:"); is {
		in.Source, in.Value = views.SourceTemplate, "{{ list('"+list+"') }}"
	}
	return in
}

func readOutcome(v url.Values) views.OutcomeForm {
	o := views.OutcomeForm{Kind: v.Get("kind"), Screen: v.Get("screen"), Message: v.Get("message"), Error: v.Get("error"), Errors: map[string]string{}}
	for name := range v {
		if field, ok := strings.CutPrefix(name, "error."); ok {
			o.Errors[field] = v.Get(name)
		}
	}
	for i := 0; v.Has(numbered("key", i)); i++ {
		in := readInput(v, views.DataInput{At: i})
		if key, was, ok := pairOf(in.Made); ok {
			in.Key, in.Type = key, typeOf(was)
		}
		o.Data = append(o.Data, in)
	}
	for i := 0; v.Has(numbered("param", i)); i++ {
		o.Params = append(o.Params, readInput(v, views.DataInput{Param: true, At: i}))
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

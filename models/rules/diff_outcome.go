package rules

import (
	"maps"
	"slices"
	"strings"
)

// outcome tells what differs between two outcomes; nil is none.
func (d *differ) outcome(a, b *Outcome) {
	switch {
	case alike(a, b):
	case a == nil:
		d.say("added: " + d.outcomeWords(*b))
	case b == nil:
		d.say("removed: " + d.outcomeWords(*a))
	case a.Go != "" && b.Go != "":
		if a.Go != b.Go {
			d.say("goes to “" + screenTitle(d.flow, b.Go) + "” instead of “" + screenTitle(d.flow, a.Go) + "”")
		}
		d.values("data", a.Data, b.Data)
	case a.Stay != nil && b.Stay != nil:
		d.text("error message", a.Stay.Error, b.Stay.Error)
		for _, name := range union(a.Stay.Errors, b.Stay.Errors) {
			d.errorAt(name, a.Stay.Errors, b.Stay.Errors)
		}
		d.values("data", a.Stay.Data, b.Stay.Data)
	case a.Finish != nil && b.Finish != nil:
		d.values("answer", a.Finish.Params, b.Finish.Params)
	case a.Expire != nil && b.Expire != nil:
		d.text("message", a.Expire.Message, b.Expire.Message)
	default:
		d.say(became(d.outcomeWords(*a), d.outcomeWords(*b), canonical(a), canonical(b)))
	}
}

// errorAt compares the error of one field. An empty one is not the same as none: it marks the field.
func (d *differ) errorAt(name string, a, b map[string]string) {
	was, had := a[name]
	is, has := b[name]
	what := "error at " + d.speaker().field(name) + " "
	switch {
	case !had:
		d.say(what + "added: “" + cut(is) + "”")
	case !has:
		d.say(what + "removed: “" + cut(was) + "”")
	case was != is:
		d.say(what + became(was, is, was, is))
	}
}

// values compares data or params key by key.
func (d *differ) values(what string, a, b map[string]any) {
	for _, key := range union(a, b) {
		was, had := a[key]
		is, has := b[key]
		switch {
		case !had:
			d.say(what + " “" + key + "” added: " + quoted(is))
		case !has:
			d.say(what + " “" + key + "” removed: " + quoted(was))
		case !alike(was, is):
			d.say(what + " “" + key + "” " + became(valueWords(was), valueWords(is), canonical(was), canonical(is)))
		}
	}
}

func quoted(v any) string { return "“" + cut(valueWords(v)) + "”" }

// valueWords is a text as it is, everything else as JSON.
func valueWords(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return canonical(v)
}

// outcomeWords says an outcome with all that it carries.
func (d *differ) outcomeWords(o Outcome) string {
	data := o.Data
	switch {
	case o.Stay != nil:
		data = o.Stay.Data
	case o.Finish != nil:
		data = o.Finish.Params
	}
	text := OutcomeSentence(o, d.flow)
	if len(data) == 0 {
		return text
	}
	var with []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		with = append(with, key+" "+quoted(data[key]))
	}
	return text + " with " + strings.Join(with, ", ")
}

// union are the keys of two maps, sorted.
func union[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

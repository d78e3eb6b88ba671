package rules

import (
	"encoding/json"
	"strings"

	"switchyard/models/flowjson"
)

// fill gives a data key that is missing: by the field of that name, by its example, or empty.
func (f *Fixer) fill(p Problem, at where) (all []Fix) {
	key := f.declared(at)
	if key == nil {
		return nil
	}
	if s := f.set.screens[at.screen()]; s != nil && s.sent[key.Name] != nil && at.slot != "back" {
		all = append(all, setData(at, "field", "Fill it from the field "+s.sent[key.Name].Label, "{{ data."+key.Name+" }}"))
	}
	return append(all, examples(at, key, "Fill it with")...)
}

// declared is the data key that a place names, as its target declares it.
func (f *Fixer) declared(at where) *flowjson.DataKey {
	o := at.outcome(&f.doc)
	values, name := at.data(&f.doc)
	if o == nil || values == nil {
		return nil
	}
	to := o.Go
	if o.Stay != nil {
		to = at.screen()
	}
	if s := f.set.flow.Screen(to); s != nil {
		return s.Key(name)
	}
	return nil
}

// examples are the values that a key's declaration knows: its example, and nothing.
func examples(at where, key *flowjson.DataKey, lead string) (all []Fix) {
	var v any
	dec := json.NewDecoder(strings.NewReader(string(key.Example)))
	dec.UseNumber()
	if dec.Decode(&v) == nil && v != nil {
		if cast, ok := conform(v, schemaOf(key)); ok && !holdsPlaceholder(v) {
			said := "its example"
			if s, ok := scalarText(cast); ok && s != "" && len(s) <= 30 {
				said = "its example “" + s + "”"
			}
			all = append(all, setData(at, "example", lead+" "+said, v))
		}
	}
	said := map[string]string{"number": "0", "integer": "0", "boolean": "no", "array": "no entries", "object": "empty values"}[key.Type]
	if said == "" {
		said = "no text"
	}
	return append(all, setData(at, "empty", lead+" "+said, documented(empty(schemaOf(key)))))
}

// holdsPlaceholder tells a value that would be read as a template.
func holdsPlaceholder(v any) bool {
	text, err := json.Marshal(v)
	return err != nil || strings.Contains(string(text), "{{")
}

// documented is a value with numbers as documents hold them.
func documented(v any) any {
	switch v := v.(type) {
	case float64:
		return json.Number(numberText(v))
	case map[string]any:
		for k, e := range v {
			v[k] = documented(e)
		}
	}
	return v
}

func setData(at where, id, label string, v any) Fix {
	return Fix{ID: id, Label: label, edit: func(d *Document) {
		if values, key := at.data(d); values != nil {
			values[key] = cloneValue(v)
		}
	}}
}

func dropData(at where, label string) Fix {
	return Fix{ID: "drop", Label: label, edit: func(d *Document) {
		if values, key := at.data(d); values != nil {
			delete(values, key)
		}
	}}
}

// dropKey sends an undeclared key under the name that was meant, or not at all.
func (f *Fixer) dropKey(_ Problem, at where) (all []Fix) {
	o := at.outcome(&f.doc)
	values, key := at.data(&f.doc)
	if values == nil {
		return nil
	}
	to := o.Go
	if o.Stay != nil {
		to = at.screen()
	}
	if s := f.set.flow.Screen(to); s != nil {
		var names []string
		for _, k := range s.Data {
			if _, given := values[k.Name]; !given {
				names = append(names, k.Name)
			}
		}
		for _, name := range nearest(key, names) {
			all = append(all, Fix{ID: "rename:" + name, Label: "Send it as " + name, edit: func(d *Document) {
				if values, key := at.data(d); values != nil {
					values[name] = values[key]
					delete(values, key)
				}
			}})
		}
	}
	return append(all, dropData(at, "Remove "+key))
}

func (f *Fixer) dropParam(_ Problem, at where) []Fix {
	return []Fix{dropData(at, "Remove flow_token")}
}

// castData makes a value one of the declared type.
func (f *Fixer) castData(_ Problem, at where) (all []Fix) {
	key := f.declared(at)
	values, name := at.data(&f.doc)
	if key == nil {
		return nil
	}
	switch v := values[name].(type) {
	case string:
		if pieces, err := split(v); err == nil {
			if source, one := onlySource(pieces); one {
				all = append(all, setData(at, "only", "Use only {{ "+source+" }}", "{{ "+source+" }}"))
			}
		}
		if b, ok := saidYes[strings.ToLower(strings.TrimSpace(v))]; ok && key.Type == "boolean" {
			all = append(all, setData(at, "cast", "Make it "+map[bool]string{true: "yes", false: "no"}[b], b))
		}
		if n, ok := numberIn(v); ok && (key.Type == "number" || key.Type == "integer") {
			all = append(all, setData(at, "cast", "Make it "+string(n), n))
		}
	case json.Number:
		if b, ok := saidYes[string(v)]; ok && key.Type == "boolean" {
			all = append(all, setData(at, "cast", "Make it "+map[bool]string{true: "yes", false: "no"}[b], b))
		}
	}
	return append(all, examples(at, key, "Replace it by")...)
}

var saidYes = map[string]bool{"yes": true, "y": true, "on": true, "1": true, "no": false, "n": false, "off": false, "0": false}

// onlySource is the one placeholder of a text.
func onlySource(pieces []piece) (source string, one bool) {
	for _, p := range pieces {
		if p.source {
			if one {
				return "", false
			}
			source, one = strings.TrimSpace(p.text), true
		}
	}
	return source, one && len(pieces) > 1
}

// sayBelow adds the error of an input that shows none to the message at the bottom, where it is shown anyhow.
func (f *Fixer) sayBelow(_ Problem, at where) []Fix {
	if len(at.rest) != 3 {
		return nil
	}
	field := at.rest[2]
	return []Fix{{ID: "below", Label: "Say it in the message at the bottom", edit: func(d *Document) {
		o := at.outcome(d)
		if o == nil || o.Stay == nil {
			return
		}
		o.Stay.Error = strings.TrimSpace(o.Stay.Error + " " + o.Stay.Errors[field])
		delete(o.Stay.Errors, field)
	}}}
}

func (f *Fixer) dropZone(Problem, where) []Fix {
	return []Fix{{ID: "zone", Label: "Use the time zone of this installation", edit: func(d *Document) { d.Timezone = "" }}}
}

package flowjson

import "slices"

// An Answer is one key that a response of the flow may hold.
type Answer struct {
	Key   string // key in response_json
	Label string // for people
	Field *Field // nil for a constant
}

// Answers lists the fields that can occur in a response, each key once: first the keys of the complete
// payloads by their place, with the field behind each, then every input of every screen.
func (f *Flow) Answers() []Answer {
	o := f.origins()
	var answers []Answer
	seen := map[string]bool{}
	add := func(key string, field *Field) {
		if seen[key] {
			return
		}
		seen[key] = true
		a := Answer{Key: key, Label: key, Field: field}
		if field != nil {
			a.Label = field.Label
		}
		answers = append(answers, a)
	}
	for _, s := range f.Screens {
		for _, p := range s.Payloads {
			if p.Action != "complete" {
				continue
			}
			for _, k := range p.Keys {
				add(k.Name, o.behind(s, k, maxHops))
			}
		}
	}
	for _, s := range f.Screens {
		for i := range s.Fields {
			add(s.Fields[i].Name, &s.Fields[i])
		}
	}
	return answers
}

// maxHops bounds how many navigate actions a value is followed through; a flow has at most 100 screens,
// but nobody carries a value through more than a few.
const maxHops = 10

// origins knows where values come from.
type origins struct {
	flow    *Flow
	carried map[[2]string]carrier // by screen and data key: the first navigate that brings it
	named   map[string]*Field     // the first field of each name
}

// A carrier is one key of a navigate payload and the screen that sends it.
type carrier struct {
	from *Screen
	key  PayloadKey
}

func (f *Flow) origins() origins {
	o := origins{f, map[[2]string]carrier{}, map[string]*Field{}}
	for _, s := range f.Screens {
		for i := range s.Fields {
			if name := s.Fields[i].Name; o.named[name] == nil {
				o.named[name] = &s.Fields[i]
			}
		}
		for _, p := range s.Payloads {
			for _, k := range p.Keys {
				at := [2]string{p.Next, k.Name}
				if _, known := o.carried[at]; p.Next != "" && k.Constant == nil && !known {
					o.carried[at] = carrier{s, k}
				}
			}
		}
	}
	return o
}

// behind is the input that a payload key's value comes from: named by the key, carried here through
// navigate actions, the only one in an expression, or of the same name. Nil for a constant.
func (o origins) behind(s *Screen, k PayloadKey, hops int) *Field {
	if k.Constant != nil {
		return nil
	}
	r := ref{k.Screen, fromForm, k.Field}
	if k.DataKey != "" {
		r.from, r.name = fromData, k.DataKey
	}
	if k.Field == "" && k.DataKey == "" && len(k.refs) == 1 {
		r = k.refs[0]
	}
	if field := o.follow(s, r, hops); field != nil {
		return field
	}
	return o.named[k.Name]
}

func (o origins) follow(s *Screen, r ref, hops int) *Field {
	if r.screen != "" {
		s = o.flow.Screen(r.screen)
	}
	if s == nil || hops == 0 {
		return nil
	}
	if r.from == fromForm {
		return s.Field(r.name)
	}
	if c, ok := o.carried[[2]string{s.ID, r.name}]; ok {
		return o.behind(c.from, c.key, hops-1)
	}
	return nil
}

// KeyFields tells of every key that a response or a request of the flow may hold which inputs its value may come from:
// none when that is not known, or when it is a constant.
func (f *Flow) KeyFields() map[string][]*Field {
	o := f.origins()
	all := map[string][]*Field{}
	for _, s := range f.Screens {
		for _, p := range s.Payloads {
			for _, k := range p.Keys {
				all[k.Name] = appendField(all[k.Name], o.behind(s, k, maxHops))
			}
		}
		for i := range s.Fields {
			all[s.Fields[i].Name] = appendField(all[s.Fields[i].Name], &s.Fields[i])
		}
	}
	return all
}

func appendField(fields []*Field, f *Field) []*Field {
	if f == nil || slices.Contains(fields, f) {
		return fields
	}
	return append(fields, f)
}

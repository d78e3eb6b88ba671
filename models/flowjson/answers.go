package flowjson

// An Answer is one key that a response of the flow may hold.
type Answer struct {
	Key   string // key in response_json
	Label string // for people
	Field *Field // nil for a constant
}

// Answers lists the fields that can occur in a response, each key once: first the keys of the complete
// payloads by their place, with the field behind each, then every input of every screen.
func (f *Flow) Answers() []Answer {
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
				add(k.Name, f.behind(s, k, maxHops))
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

// behind is the input that a payload key's value comes from: named by the key, carried here through
// navigate actions, the only one in an expression, or of the same name. Nil for a constant.
func (f *Flow) behind(s *Screen, k PayloadKey, hops int) *Field {
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
	if field := f.follow(s, r, hops); field != nil {
		return field
	}
	return f.Field("", k.Name)
}

func (f *Flow) follow(s *Screen, r ref, hops int) *Field {
	if r.screen != "" {
		s = f.Screen(r.screen)
	}
	if s == nil || hops == 0 {
		return nil
	}
	if r.from == fromForm {
		return s.Field(r.name)
	}
	for _, from := range f.Screens {
		for _, p := range from.Payloads {
			if p.Next != s.ID {
				continue
			}
			for _, k := range p.Keys {
				if k.Name == r.name && k.Constant == nil {
					return f.behind(from, k, hops-1)
				}
			}
		}
	}
	return nil
}

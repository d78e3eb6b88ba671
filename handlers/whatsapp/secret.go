package whatsapp

import (
	"strings"

	"switchyard/models/flowjson"
)

// hidden stands in everything that is stored for a password or passcode (design/decisions.md 8).
const hidden = "•••"

// names is a set of names by screen.
type names map[string]map[string]bool

func (n names) add(screen, name string) (isNew bool) {
	if n[screen] == nil {
		n[screen] = map[string]bool{}
	}
	isNew = !n[screen][name]
	n[screen][name] = true
	return isNew
}

// secrets tells which submitted values are passwords and passcodes. The zero value knows of none.
type secrets struct {
	inputs names             // password and passcode inputs
	data   names             // data keys that a navigate fills from one
	keys   names             // keys of payloads to us that carry one
	bound  map[string]string // "SCREEN key" → the data key that the payload's key repeats
	any    map[string]bool   // names of such inputs on any screen
}

// secretsOf follows each secret input through the payloads of its flow, screen by screen.
func secretsOf(f *flowjson.Flow) secrets {
	s := secrets{inputs: names{}, data: names{}, keys: names{}, bound: map[string]string{}, any: map[string]bool{}}
	for _, screen := range f.Screens {
		for _, field := range screen.Fields {
			if field.Kind == flowjson.Secret {
				s.inputs.add(screen.ID, field.Name)
				s.any[field.Name] = true
			}
		}
	}
	for s.navigate(f) {
	}
	for _, screen := range f.Screens {
		s.payloads(screen)
	}
	return s
}

// navigate carries secrets one screen further and tells whether it found any.
func (s *secrets) navigate(f *flowjson.Flow) (found bool) {
	for _, screen := range f.Screens {
		for _, p := range screen.Payloads {
			for _, k := range p.Keys {
				if p.Next != "" && s.carries(screen.ID, k) && s.data.add(p.Next, k.Name) {
					found = true
				}
			}
		}
	}
	return found
}

func (s *secrets) payloads(screen *flowjson.Screen) {
	for _, p := range screen.Payloads {
		for _, k := range p.Keys {
			if p.Action != "data_exchange" {
				continue
			}
			if s.carries(screen.ID, k) {
				s.keys.add(screen.ID, k.Name)
			}
			if k.DataKey != "" && k.Screen == "" {
				s.bound[screen.ID+" "+k.Name] = top(k.DataKey)
			}
		}
	}
}

// carries tells whether a payload's key holds a secret. An expression may hold any of its screen's.
func (s *secrets) carries(screen string, k flowjson.PayloadKey) bool {
	home := screen
	if k.Screen != "" {
		home = k.Screen
	}
	switch {
	case k.Field != "":
		return s.inputs[home][k.Field]
	case k.DataKey != "":
		return s.data[home][top(k.DataKey)]
	}
	return k.Constant == nil && len(s.inputs[screen])+len(s.data[screen]) > 0
}

func top(name string) string {
	name, _, _ = strings.Cut(name, ".")
	return name
}

// holds tells whether a submitted key is a secret: by where it comes from, or by its name. sent is what we last sent
// for the screen, as stored: a value that was hidden there and comes back is one again.
func (s *secrets) holds(screen, key string, sent map[string]any) bool {
	from, repeats := s.bound[screen+" "+key]
	return s.keys[screen][key] || s.any[key] || repeats && hides(sent[from])
}

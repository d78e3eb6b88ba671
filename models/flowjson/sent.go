package flowjson

import (
	"bytes"
	"encoding/json"
	"slices"
)

// A SentKey is one key that a screen submits to the endpoint.
type SentKey struct {
	Name      string
	Label     string // of the field, else the name
	Kind      Kind
	Field     *Field            // nil when the key does not come from an input
	Constants []json.RawMessage // the constants it may have, e.g. "date_selected" for a trigger
}

// EndLabel is what people call one end of a range, "start-date" or "end-date".
func (k SentKey) EndLabel(end string) string {
	if k.Field != nil && k.Field.ends[end] != "" {
		return k.Field.ends[end]
	}
	switch end {
	case "start-date":
		return k.Label + ", from"
	case "end-date":
		return k.Label + ", to"
	}
	return k.Label + " " + end
}

// Sent lists the known fields of the screen's data_exchange payloads, merged over all of them and typed
// through ${form.x} and ${data.x}: what a rule on this screen can ask about. Where payloads differ, an
// input tells more than data, and data more than a constant. The list is the screen's own: nobody may change it.
func (s *Screen) Sent() []SentKey { return s.sent }

// SentKey is the key of Sent with that name, or nil.
func (s *Screen) SentKey(name string) *SentKey {
	for i := range s.sent {
		if s.sent[i].Name == name {
			return &s.sent[i]
		}
	}
	return nil
}

// merge makes Sent; the flow's screens must be read.
func (s *Screen) merge() []SentKey {
	var sent []SentKey
	place, rank := map[string]int{}, map[string]int{}
	for _, p := range s.Payloads {
		if p.Action != "data_exchange" {
			continue
		}
		for _, k := range p.Keys {
			i, again := place[k.Name]
			if !again {
				i = len(sent)
				place[k.Name] = i
				sent = append(sent, SentKey{Name: k.Name, Label: k.Name})
			}
			if r := k.rank(); r > rank[k.Name] {
				rank[k.Name] = r
				sent[i].Field, sent[i].Kind = s.source(k)
			}
			sent[i].addConstant(k.Constant)
		}
	}
	for i, k := range sent {
		if k.Field != nil {
			sent[i].Label = k.Field.Label
		}
	}
	return sent
}

// rank orders sources by how much they tell.
func (k PayloadKey) rank() int {
	switch {
	case k.Field != "":
		return 4
	case k.DataKey != "":
		return 3
	case k.Constant != nil:
		return 2
	}
	return 1
}

// source is the input behind a payload key of this screen, nil when there is none, and what its value is.
func (s *Screen) source(k PayloadKey) (*Field, Kind) {
	home := s
	if k.Screen != "" {
		home = s.flow.lookup(k.Screen)
	}
	switch {
	case home == nil:
		return nil, Text
	case k.Field != "":
		if f := home.Field(k.Field); f != nil {
			return f, f.Kind
		}
		return nil, Text
	case k.DataKey != "":
		if key := home.Key((ref{name: k.DataKey}).key()); key != nil {
			return nil, key.kind(k.DataKey)
		}
		return nil, Text
	}
	return nil, k.shape.kind()
}

// lookup is Screen for a flow that may be nil.
func (f *Flow) lookup(id string) *Screen {
	if f == nil {
		return nil
	}
	return f.Screen(id)
}

// maxConstants bounds the constants of one key: an endless list of items is no list of triggers.
const maxConstants = 100

func (k *SentKey) addConstant(value json.RawMessage) {
	if value == nil || len(k.Constants) >= maxConstants {
		return
	}
	same := func(c json.RawMessage) bool { return bytes.Equal(c, value) }
	if !slices.ContainsFunc(k.Constants, same) {
		k.Constants = append(k.Constants, value)
	}
}

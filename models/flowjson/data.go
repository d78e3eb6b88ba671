package flowjson

import (
	"encoding/json"
	"slices"
	"strings"
)

// A DataKey is one key of a screen's data model.
type DataKey struct {
	Name    string
	Type    string // string, number, boolean, object, array; as written when unknown
	Items   *Schema
	Props   map[string]*Schema // of an object
	Example json.RawMessage    // __example__, nil when missing
	BoundTo []string           // component properties that read it, e.g. "Dropdown department data-source"

	options []Option // the example read as options
	order   []string // of Props
}

// Schema is the part of JSON Schema that a data model uses below its top level.
type Schema struct {
	Type  string
	Items *Schema
	Props map[string]*Schema

	order []string // of Props, as in the document
}

// kind is what the value at name is, where name may go deeper than the key with dots.
func (k *DataKey) kind(name string) Kind {
	s := &Schema{k.Type, k.Items, k.Props, k.order}
	_, rest, deeper := strings.Cut(name, ".")
	for deeper && s != nil {
		var prop string
		prop, rest, deeper = strings.Cut(rest, ".")
		s = s.Props[prop]
	}
	if s == nil {
		return Text
	}
	return shape(s.Type).kind()
}

// kind is the kind of a value of which only the JSON type is known.
func (s shape) kind() Kind {
	switch s {
	case isNumber:
		return Number
	case isBoolean:
		return YesNo
	case isObject:
		return Object
	case isArray:
		return List
	}
	return Text
}

func readData(n *node) []DataKey {
	if !n.is(isObject) {
		return nil
	}
	names := n.keys[:min(len(n.keys), maxKeys)]
	keys := make([]DataKey, 0, len(names))
	for i, name := range names {
		s, example := readSchema(n.items[i]), n.items[i].get("__example__")
		keys = append(keys, DataKey{
			Name: name, Type: s.Type, Items: s.Items, Props: s.Props,
			Example: example.keep(), options: readOptions(example), order: s.order,
		})
	}
	return keys
}

// readSchema cannot recurse deeper than the document, which is bounded.
func readSchema(n *node) *Schema {
	s := &Schema{Type: n.get("type").str()}
	if items := n.get("items"); items.is(isObject) {
		s.Items = readSchema(items)
	}
	if props := n.get("properties"); props.is(isObject) {
		s.Props, s.order = make(map[string]*Schema, len(props.keys)), props.keys
		for i, name := range props.keys {
			s.Props[name] = readSchema(props.items[i])
		}
	}
	return s
}

// text is the example of a string key, else empty.
func (k *DataKey) text() string {
	var text string
	if k.Example == nil || json.Unmarshal(k.Example, &text) != nil {
		return ""
	}
	return text
}

// maxBound bounds BoundTo.
const maxBound = 50

func (k *DataKey) bind(to string) {
	if len(k.BoundTo) < maxBound && !slices.Contains(k.BoundTo, to) {
		k.BoundTo = append(k.BoundTo, to)
	}
}

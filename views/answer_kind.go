package views

import (
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// Kind is what the answers of a key are, text of one that is not known; parts of a range are dates.
func (a Answers) Kind(key string) flowjson.Kind {
	f, part := a.behind(key)
	switch {
	case f == nil:
		return flowjson.Text
	case part == "":
		return f.Kind
	case f.Kind == flowjson.Range:
		return flowjson.Date
	}
	return flowjson.Text
}

// behind is the field of a key, and which part of its object the key is.
func (a Answers) behind(key string) (f *flowjson.Field, part string) {
	if f := a.fields[key]; f != nil {
		return f, ""
	}
	head, rest, _ := strings.Cut(key, ".")
	return a.fields[head], rest
}

// columnLabel is the label of a key; of a part of an object the label with the part.
func (a Answers) columnLabel(key string) string {
	f, part := a.behind(key)
	if f == nil || part == "" || f.Label == "" {
		return a.label(key)
	}
	words := map[string]string{"start-date": "from", "end-date": "to"}[part]
	if words == "" {
		words = part
	}
	return f.Label + ", " + words
}

// open are the kinds whose values a role sees that may see no number, and may therefore ask for.
var open = []flowjson.Kind{flowjson.Choice, flowjson.Choices, flowjson.YesNo, flowjson.Date, flowjson.Range, flowjson.Number}

// Compares tells whether the role may compare the answers of a key with a value: what it may not see it must not find out
// by asking either.
func (a Answers) Compares(key string) bool {
	f, _ := a.behind(key)
	return !a.Closed(key) && (!a.Mask || f != nil && slices.Contains(open, f.Kind))
}

// FilterFields are the answers of some columns as a filter offers them.
func (a Answers) FilterFields(columns []AnswerColumn) []FilterField {
	var fields []FilterField
	for _, c := range columns {
		if !a.Names(c.Key) {
			continue
		}
		f := FilterField{Key: c.Key, Label: c.Label, Removed: c.Removed, Kind: a.Kind(c.Key), Bare: !a.Compares(c.Key)}
		if field, part := a.behind(c.Key); field != nil && part == "" {
			f.Options = field.Known()
		}
		fields = append(fields, f)
	}
	return fields
}

// Knows tells whether the newest version of the flow can give an answer of that key, or a part of it.
func (a Answers) Knows(key string) bool {
	f, _ := a.behind(key)
	head, _, _ := strings.Cut(key, ".")
	return f != nil || slices.Contains(a.order, key) || slices.Contains(a.order, head)
}

// Names tells whether the role may see the key itself: it may be a number.
func (a Answers) Names(key string) bool { return a.shownKey(key) == key }

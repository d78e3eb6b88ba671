package views

import (
	"encoding/json"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// An AnswerColumn is one answer key of a flow, as a table heads it.
type AnswerColumn struct {
	Key     string
	Label   string
	Numeric bool // right-aligned
}

// An AnswerView is one answer for reading.
type AnswerView struct {
	Key   string
	Label string
	Text  string   // option titles instead of ids
	Parts []string // of a list, one by one; nil for a single value
	ID    string   // what was sent, where Text is an option's title; else empty
}

// Answers reads the answers of one flow's responses: labels, option titles, what must be masked.
// The zero value reads answers of an unknown flow.
type Answers struct {
	Flow    *flowjson.Flow
	Sources map[string]string                         // param of a finish outcome → field of its single placeholder (design/decisions.md 36)
	Titles  func(f *flowjson.Field, id string) string // titles that were sent in the visit; may be nil
	Mask    bool                                      // hide phone numbers and sensitive answers (viewers; design/decisions.md 8, 54)
	Phone   string                                    // the contact's number, to be masked wherever it occurs
}

// Columns heads the answer keys that occur, in the flow's order, the others by name.
func (a Answers) Columns(occurring []string) []AnswerColumn {
	var known []string
	if a.Flow != nil {
		for _, k := range a.Flow.Answers() {
			if slices.Contains(occurring, k.Key) {
				known = append(known, k.Key)
			}
		}
	}
	var columns []AnswerColumn
	for _, k := range AnswerColumns(known, occurring) {
		f := a.field(k)
		columns = append(columns, AnswerColumn{Key: k, Label: a.label(k), Numeric: f != nil && f.Kind == flowjson.Number})
	}
	return columns
}

// View reads one answer. Objects inside are told by their keys.
func (a Answers) View(key string, v any) AnswerView {
	f := a.field(key)
	out := AnswerView{Key: a.shownKey(key), Label: a.label(key)}
	if a.hides(key) && AnswerText(v) != "" {
		out.Text = hiddenAnswer
		return out
	}
	if list, ok := v.([]any); ok && plainList(list) {
		for _, x := range list {
			part, _ := a.text(f, x)
			out.Parts = append(out.Parts, part)
		}
		out.Text = strings.Join(out.Parts, ", ")
		return out
	}
	if o, ok := v.(map[string]any); ok && len(o) > 0 {
		var parts []string
		eachCell("", o, func(k, text string) {
			k = strings.TrimPrefix(k, ".")
			if slices.ContainsFunc(strings.Split(k, "."), a.hides) {
				text = hiddenAnswer
			}
			parts = append(parts, k+": "+a.mask(nil, text))
		})
		out.Text = strings.Join(parts, ", ")
		return out
	}
	out.Text, out.ID = a.text(f, v)
	return out
}

// Cell reads the value of a column out of a response's answers, following the dots of a flattened object.
func (a Answers) Cell(column string, answers map[string]any) AnswerView {
	if v, ok := answers[column]; ok {
		return a.View(column, v)
	}
	head, rest, ok := strings.Cut(column, ".")
	for ok {
		if o, is := answers[head].(map[string]any); is {
			if a.hides(head) {
				return AnswerView{Key: column, Label: a.label(column), Text: hiddenAnswer}
			}
			return a.Cell(rest, o)
		}
		var more string
		more, rest, ok = strings.Cut(rest, ".")
		head += "." + more
	}
	return AnswerView{Key: column, Label: a.label(column)}
}

func (a Answers) field(key string) *flowjson.Field {
	if a.Flow == nil {
		return nil
	}
	if source, ok := a.Sources[key]; ok {
		screen, name, _ := strings.Cut(source, ".")
		if f := a.Flow.Field(screen, name); f != nil {
			return f
		}
	}
	for _, known := range a.Flow.Answers() {
		if known.Key == key && known.Field != nil {
			return known.Field
		}
	}
	return a.Flow.Field("", key)
}

func (a Answers) label(key string) string {
	if f := a.field(key); f != nil && f.Label != "" {
		return f.Label
	}
	return a.shownKey(key)
}

// shownKey is a key as the role may see it: a customer's answer may have a number for its key.
func (a Answers) shownKey(key string) string {
	switch {
	case !a.Mask:
		return key
	case len(phoneDigits(key)) >= 7:
		return MaskPhone(key)
	}
	return MaskIn(key, a.Phone)
}

// text is one plain value and, when a title stands for it, its id.
func (a Answers) text(f *flowjson.Field, v any) (text, id string) {
	text = AnswerText(v)
	if f != nil && text != "" && (f.Kind == flowjson.Choice || f.Kind == flowjson.Choices) {
		if title := a.title(f, text); title != "" && title != text {
			return a.mask(f, title), text
		}
	}
	if b, ok := v.(bool); ok {
		return map[bool]string{true: "Yes", false: "No"}[b], ""
	}
	return a.mask(f, text), ""
}

func (a Answers) title(f *flowjson.Field, id string) string {
	if a.Titles != nil {
		if t := a.Titles(f, id); t != "" {
			return t
		}
	}
	return f.Title(id)
}

func (a Answers) mask(f *flowjson.Field, text string) string {
	if !a.Mask {
		return text
	}
	if f != nil && f.Kind == flowjson.Phone && text != "" {
		return MaskPhone(text)
	}
	return MaskIn(text, a.Phone)
}

// Raw is the raw response_json for the role: phones masked and sensitive answers hidden where they must be.
func (a Answers) Raw(raw string, answers map[string]any) string {
	if !a.Mask {
		return raw
	}
	for key, v := range answers {
		if f := a.field(key); f != nil && f.Kind == flowjson.Phone {
			if text := AnswerText(v); text != "" {
				raw = strings.ReplaceAll(raw, quoted(text), quoted(MaskPhone(text)))
			}
		}
	}
	return MaskIn(a.hideIn(raw), a.Phone)
}

// quoted is text as it stands in JSON, without the quotes.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return string(b[1 : len(b)-1])
}

func plainList(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case map[string]any, []any:
			return true
		}
		return false
	})
}

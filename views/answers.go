package views

import (
	"fmt"
	"slices"
	"strings"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// What a page shows at most; the rest is told in a sentence. A customer's device may send megabytes.
const (
	MaxAnswers = 200    // answers of one response, columns of a table
	maxParts   = 200    // items of one list
	maxInCell  = 20     // items of a list in a table
	maxAnswer  = 20_000 // characters of one answer
)

// An AnswerColumn is one answer key of a flow, as a table heads it.
type AnswerColumn struct {
	Key      string
	Label    string
	Numeric  bool // right-aligned
	Date     bool
	Removed  bool // only older versions of the Flow JSON have it
	Sortable bool // by this role
	Unnamed  bool // the key itself is not for this role: it may be a number
	Width    int  // in pixels; 0: as it needs
}

// class is that of its cells.
func (c AnswerColumn) class() string {
	var class string
	switch {
	case c.Numeric:
		class = "num"
	case c.Date:
		class = "cell-date"
	}
	if c.Width > 0 {
		class = strings.TrimSpace(class + " sized")
	}
	return class
}

// An AnswerView is one answer for reading.
type AnswerView struct {
	Key   string
	Label string
	Text  string   // option titles instead of ids
	Parts []string // of a list, one by one; nil for a single value
	ID    string   // what was sent, where Text is an option's title; else empty
	Files []FileView

	Hidden bool // Text stands for it
}

// Answers reads the answers of one flow's responses: labels, option titles, what must be masked.
// The zero value reads answers of an unknown flow.
type Answers struct {
	Titles   func(f *flowjson.Field, id string) string // titles that were sent in the visit; may be nil
	Mask     bool                                      // hide phone numbers (viewers; design/decisions.md 54)
	Hidden   models.Sensitive                          // answers that are hidden from everybody, unless Revealed
	Why      string                                    // of Revealed
	Revealed bool                                      // they are not: somebody said why, and that is recorded
	Phone    string                                    // the contact's number, to be masked wherever it occurs
	Token    string                                    // likewise
	Files    []models.File                             // that the answers may name; nil: names of files only
	Nested   []string                                  // keys of which one text may hold several answers
	Unsure   bool                                      // whose visit it is, is not known for certain: with Mask, whatever may be a number is hidden

	Rules map[string]string // what the rules that run are called, by id

	flow   *flowjson.Flow             // may be nil
	order  []string                   // the keys that the flow can answer
	fields map[string]*flowjson.Field // by key
}

// ReadAnswers reads those of a flow, which may be nil. Sources tells which field is behind a param of a finish outcome
// that is a single placeholder (design/decisions.md 36).
func ReadAnswers(flow *flowjson.Flow, sources map[string]string) Answers {
	a := Answers{flow: flow, fields: map[string]*flowjson.Field{}, Hidden: models.SensitiveIn(flow, sources)}
	if flow == nil {
		return a
	}
	for _, k := range flow.Answers() {
		a.order = append(a.order, k.Key)
		if a.fields[k.Key] = k.Field; k.Field == nil {
			a.fields[k.Key] = flow.Field("", k.Key)
		}
	}
	for param, source := range sources {
		screen, name, _ := strings.Cut(source, ".")
		if f := flow.Field(screen, name); f != nil {
			a.fields[param] = f
		}
	}
	return a
}

// Keys are the keys that the flow can answer, in its order.
func (a Answers) Keys() []string { return a.order }

// Columns heads the answer keys that occur, in the flow's order, the others by name.
func (a Answers) Columns(occurring []string) []AnswerColumn {
	occurs := make(map[string]bool, len(occurring))
	for _, k := range occurring {
		occurs[k] = true
	}
	known := slices.DeleteFunc(slices.Clone(a.order), func(k string) bool { return !occurs[k] })
	var columns []AnswerColumn
	for _, k := range AnswerColumns(known, occurring) {
		kind := a.Kind(k)
		columns = append(columns, AnswerColumn{Key: k, Label: a.columnLabel(k), Numeric: kind == flowjson.Number, Date: kind == flowjson.Date, Sortable: a.Compares(k), Unnamed: !a.Names(k)})
	}
	return columns
}

// View reads one answer. Objects inside are told by their keys.
func (a Answers) View(key string, v any) AnswerView { return a.view(key, key, v) }

// view reads a value whose key stands at the end of a path.
func (a Answers) view(path, key string, v any) AnswerView {
	out := AnswerView{Key: a.shownKey(key), Label: a.label(key)}
	if a.Hides(path) {
		if !nothing(v) {
			out.Text, out.Hidden = hiddenAnswer, true
		}
		return out
	}
	if files, ok := a.attached(v); ok {
		out.Files, out.Text = files, a.maskText(AnswerText(v))
		return out
	}
	if list, ok := v.([]any); ok && plainList(list) {
		for _, x := range list[:min(len(list), maxParts)] {
			part, _ := a.text(path, key, x)
			out.Parts = append(out.Parts, part)
		}
		if more := len(list) - maxParts; more > 0 {
			out.Parts = append(out.Parts, fmt.Sprintf("and %s more", Number(more)))
		}
		out.Text = shorten(strings.Join(out.Parts, ", "), maxAnswer)
		return out
	}
	out.Text, out.ID = a.text(path, key, v)
	out.Text = shorten(out.Text, maxAnswer)
	return out
}

// Cell reads the value of a column out of a response's answers, following the dots of a flattened object.
func (a Answers) Cell(column string, answers map[string]any) AnswerView {
	return a.cell("", column, answers)
}

// cell is Cell of an object whose path stands in front, with a dot behind it.
func (a Answers) cell(prefix, column string, answers map[string]any) AnswerView {
	if v, ok := answers[column]; ok {
		return a.view(prefix+column, column, v)
	}
	head, rest, ok := strings.Cut(column, ".")
	for ok {
		if o, is := answers[head].(map[string]any); is {
			return a.cell(prefix+head+".", rest, o)
		}
		var more string
		more, rest, ok = strings.Cut(rest, ".")
		head += "." + more
	}
	return AnswerView{Key: column, Label: a.label(column)}
}

func (a Answers) label(key string) string {
	if f := a.fields[key]; f != nil && f.Label != "" {
		return f.Label
	}
	return a.shownKey(key)
}

// text is one value in words and, when an option's title stands for it, its id.
func (a Answers) text(path, key string, v any) (text, id string) {
	f, v := a.fields[key], a.masked(path, key, v)
	switch v := v.(type) {
	case bool:
		return map[bool]string{true: "Yes", false: "No"}[v], ""
	case map[string]any:
		if len(v) > 0 {
			return objectText(v), ""
		}
	}
	text = AnswerText(v)
	if f != nil && text != "" && (f.Kind == flowjson.Choice || f.Kind == flowjson.Choices) {
		if title := a.title(f, text); title != "" && title != text {
			return a.maskText(title), text
		}
	}
	return text, ""
}

func objectText(o map[string]any) string {
	var parts []string
	eachCell("", o, func(k, text string) { parts = append(parts, strings.TrimPrefix(k, ".")+": "+text) })
	return strings.Join(parts, ", ")
}

func (a Answers) title(f *flowjson.Field, id string) string {
	if a.Titles != nil {
		if t := a.Titles(f, id); t != "" {
			return t
		}
	}
	return f.Title(id)
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

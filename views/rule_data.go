package views

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/models/rules"
)

// Sources of a value that an outcome gives. Beside them stands "list:NAME" for the options of a list.
const (
	SourceKeep     = "keep"     // not given
	SourceValue    = "value"    // a constant, typed in
	SourceYes      = "true"     // the constant yes
	SourceNo       = "false"    // the constant no
	SourceField    = "field"    // what a field holds
	SourceTitle    = "title"    // the title of the option that was chosen in a field
	SourceLookup   = "lookup"   // a column of a list, in the row that a field names
	SourceTemplate = "template" // a text with {{ }}
	SourceRows     = "rows"     // a constant list of objects, or one object: a row each
	SourceLines    = "lines"    // a constant list of texts: a line each
	SourceLocked   = "locked"   // a constant for which the form has no control
)

// A DataInput is one declared key of the target screen, or one param of finish.
type DataInput struct {
	Param     bool
	At        int    // number in the form
	Key, Type string // the type as a Flow JSON names it; "" for params, which may be anything
	Source    string
	Value     string     // of value, template, lines and locked
	Field     string     // of field and lookup: a FieldChoice's path
	List      string     // of lookup
	Column    string     // of lookup
	Columns   []string   // of rows: the properties
	Cells     [][]string // of rows: a text for each property
	Made      string     // JSON of an object of the one key, that the input was made from; "" for a new one

	Declared bool
	Required bool
	Schema   *flowjson.DataKey // nil when it is not declared
	BoundTo  []string
	Instead  string // what is sent when nothing is given
	Preview  string // what it is with sample answers
	Fault    *rules.FormulaFault
}

// paramNames are the names of controls that differ between data and params.
var paramNames = map[string]string{"key": "param", "data": "pvalue", "given": "carried", "from": "pfrom", "pick": "ppick", "table": "ptable", "column": "pcolumn"}

// Name is the name of one of its controls, and the id.
func (d DataInput) Name(what string) string {
	if d.Param {
		what = paramNames[what]
	}
	return rowName(what, d.At)
}

// ID is the id of the input as a whole.
func (d DataInput) ID() string { return "input-" + d.Name("key") }

// sourceList is the list that a source names, "" for any other source.
func sourceList(source string) string {
	name, _ := strings.CutPrefix(source, "list:")
	if name == source {
		return ""
	}
	return name
}

// IsTemplate tells whether its text may hold {{ }} that are worth a preview.
func (d DataInput) IsTemplate() bool {
	return d.Source == SourceTemplate || d.Source == SourceValue && strings.Contains(d.Value, "{{")
}

// example is the __example__ of the key in a few words, "" when it has none.
func (d DataInput) example() string {
	if d.Schema == nil || len(d.Schema.Example) == 0 {
		return ""
	}
	var v any
	if json.Unmarshal(d.Schema.Example, &v) != nil {
		return ""
	}
	text := exampleText(v)
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}

// exampleText is a value in words: options by their titles, yes and no.
func exampleText(v any) string {
	switch v := v.(type) {
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case []any:
		said := make([]string, len(v))
		for i, e := range v {
			said[i] = exampleText(e)
		}
		return strings.Join(said, ", ")
	case map[string]any:
		if title := cmp.Or(v["title"], v["id"]); title != nil {
			return exampleText(title)
		}
		return "an object"
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// kindWords say its type, and whether it has to be given.
func (d DataInput) kindWords() string {
	switch {
	case d.Required:
		return d.typeWords() + ", required"
	case !d.Declared:
		return d.typeWords() + ", not declared by the screen"
	}
	return d.typeWords()
}

// typeWords is a type for people.
func (d DataInput) typeWords() string {
	switch d.Type {
	case "string":
		return "text"
	case "boolean":
		return "yes or no"
	case "array":
		if d.Schema != nil && d.Schema.Items != nil && d.Schema.Items.Props["id"] != nil {
			return "options"
		}
		return "list"
	}
	return d.Type
}

// PropType is the declared type of a property of its rows, "" when there is none.
func (d DataInput) PropType(name string) string {
	if d.Schema == nil {
		return ""
	}
	props := d.Schema.Props
	if d.Type == "array" && d.Schema.Items != nil {
		props = d.Schema.Items.Props
	}
	if p := props[name]; p != nil {
		return p.Type
	}
	return ""
}

// sources are the ways to fill it.
func (p RuleFormPage) sources(d DataInput) []Option {
	field, template := Option{SourceField, "The value of a field"}, Option{SourceTemplate, "A text with {{ }}"}
	lookup := []Option{{SourceLookup, "Looked up in a list"}}
	if len(p.Lists) == 0 {
		lookup = nil
	}
	var options []Option
	switch d.Type {
	case "boolean":
		options = append([]Option{{SourceYes, "Yes"}, {SourceNo, "No"}, field}, lookup...)
		template.Label = "Computed with {{ }}"
	case "array":
		for _, l := range p.Lists {
			options = append(options, Option{"list:" + l.Name, "The list “" + l.Name + "”"})
		}
		if d.ScalarItems() {
			options = append(options, Option{SourceLines, "Texts entered here"})
		} else {
			options = append(options, Option{SourceRows, "Options entered here"})
		}
		options = append(options, field)
		template.Label = "Computed with {{ }}"
	case "object":
		options = []Option{{SourceRows, "Entered here"}, field}
		template.Label = "Computed with {{ }}"
	case "number", "integer":
		options = append([]Option{{SourceValue, "A number"}, field}, lookup...)
		template.Label = "Computed with {{ }}"
	default:
		options = append([]Option{{SourceValue, "A text"}, field, {SourceTitle, "The title of a chosen option"}}, lookup...)
	}
	if !d.Param {
		options = append([]Option{{SourceKeep, "Not given here"}}, options...)
	} else {
		options[0].Label = "A fixed value"
	}
	options = append(options, template)
	if !slices.ContainsFunc(options, func(o Option) bool { return o.Value == d.Source }) {
		options = append(options, Option{d.Source, sourceWords(d.Source)})
	}
	return options
}

// ScalarItems tells whether it is declared as a list of texts or numbers, not of objects.
func (d DataInput) ScalarItems() bool {
	return d.Schema != nil && d.Schema.Items != nil && d.Schema.Items.Type != "object" && d.Schema.Items.Type != "array"
}

// sourceWords say a source that stands there although its type has no use for it.
func sourceWords(source string) string {
	switch source {
	case SourceValue:
		return "A fixed value"
	case SourceYes:
		return "Yes"
	case SourceNo:
		return "No"
	case SourceLocked:
		return "As stored"
	case SourceRows, SourceLines:
		return "Entered here"
	case SourceLookup:
		return "Looked up in a list"
	case SourceKeep:
		return "Not given here"
	}
	return "The list “" + sourceList(source) + "”, which is gone"
}

// A ListName is a list with its columns, for pickers.
type ListName struct {
	Name    string
	Columns []string // "id", "title", "description", then its own
}

// listOptions are the lists, with the one that stands there even if it is gone.
func listOptions(lists []ListName, current string) []Option {
	var options []Option
	for _, l := range lists {
		options = append(options, Option{l.Name, l.Name})
	}
	return withCurrent(options, current, "Choose a list…")
}

func columnOptions(lists []ListName, list, current string) []Option {
	var options []Option
	for _, l := range lists {
		if l.Name == list {
			for _, c := range l.Columns {
				options = append(options, Option{c, c})
			}
		}
	}
	return withCurrent(options, current, "Choose a column…")
}

// withCurrent adds the value that stands there if it is none of the options, and asks to choose when there is none.
func withCurrent(options []Option, current, choose string) []Option {
	switch {
	case current == "":
		return append([]Option{{"", choose}}, options...)
	case !slices.ContainsFunc(options, func(o Option) bool { return o.Value == current }):
		return append(options, Option{current, current + " — gone"})
	}
	return options
}

// joinNames writes names into one text; SplitNames reads them.
func joinNames(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = url.QueryEscape(n)
	}
	return strings.Join(out, ",")
}

// SplitNames reads what a hidden field has of names. What cannot be read is left out.
func SplitNames(text string) (names []string) {
	for part := range strings.SplitSeq(text, ",") {
		if n, err := url.QueryUnescape(part); err == nil && (n != "" || text != "") {
			names = append(names, n)
		}
	}
	return names
}

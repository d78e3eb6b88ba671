package views

import (
	"encoding/json"
	"slices"
	"strings"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// An ExportTable is the columns of an export of responses, and what stands in them. Make it with NewExportTable; it is for
// one export at a time.
type ExportTable struct {
	o       TableOptions
	columns []exportColumn
	readers map[int64]Answers
	cells   []string
}

// TableOptions are how a table of responses is made.
type TableOptions struct {
	Keys    []string // of answers, as AnswerColumns puts them in order
	Names   []string // the columns, by the names of their heads in keys; nil: all
	Labels  bool     // heads are labels
	Titles  bool     // titles of options instead of ids
	Split   bool     // several choices: a column for each option
	Reader  Answers  // of the one flow; the zero value for several
	Readers func(flowID int64) (Answers, error)
}

// An exportColumn is one column: a fixed one, an answer, or one option of an answer.
type exportColumn struct {
	head   string
	fixed  int    // place in responseColumns; -1: an answer
	key    string // of the answer
	option string // of the answer's list, of splitOption; "" of splitOther
	split  splitKind
	known  []flowjson.Option // of splitOther: what has columns of its own
}

// splitKind says whether a column is part of an answer with several choices.
type splitKind int

const (
	splitNone splitKind = iota
	splitOption
	splitOther // what is none of the options that the flow names
)

// responseLabels are what responseColumns are called for people.
var responseLabels = []string{"Received", "Sent", "Flow", "Message id", "Id of the message that it answers", "Token", "Phone number", "Contact name", "State"}

// ExportColumnName is how an answer is headed in an export: its key, with answers. in front where a fixed column has that name.
func ExportColumnName(key string) string {
	if slices.Contains(responseColumns, key) {
		return "answers." + key
	}
	return key
}

// FixedExportColumns are the columns that stand before the answers: names and labels.
func FixedExportColumns() []Option {
	options := make([]Option, len(responseColumns))
	for i, name := range responseColumns {
		options[i] = Option{name, responseLabels[i]}
	}
	return options
}

// NewExportTable puts the columns together. Names that are none are left out.
func NewExportTable(o TableOptions) *ExportTable {
	t := &ExportTable{o: o, readers: map[int64]Answers{}}
	answers := map[string]string{}
	names := slices.Clone(responseColumns)
	for _, k := range o.Keys {
		name := ExportColumnName(k)
		answers[name] = k
		names = append(names, name)
	}
	if o.Names != nil {
		names = o.Names
	}
	for _, name := range names {
		if fixed := slices.Index(responseColumns, name); fixed >= 0 {
			t.columns = append(t.columns, exportColumn{head: t.fixedHead(fixed), fixed: fixed})
		} else if key, ok := answers[name]; ok {
			t.columns = append(t.columns, t.answerColumns(name, key)...)
		}
	}
	if o.Labels {
		t.tellApart()
	}
	t.cells = make([]string, len(t.columns))
	return t
}

func (t *ExportTable) fixedHead(i int) string {
	if t.o.Labels {
		return responseLabels[i]
	}
	return responseColumns[i]
}

// answerColumns are the columns of an answer: one, or one for each option.
func (t *ExportTable) answerColumns(name, key string) []exportColumn {
	head := name
	if t.o.Labels {
		head = t.o.Reader.columnLabel(key)
	}
	f, part := t.o.Reader.behind(key)
	if !t.o.Split || f == nil || part != "" || f.Kind != flowjson.Choices || len(f.Known()) == 0 {
		return []exportColumn{{head: head, fixed: -1, key: key}}
	}
	known := f.Known()
	var all []exportColumn
	for _, o := range known {
		title := o.ID
		if t.o.Titles && o.Title != "" {
			title = o.Title
		}
		all = append(all, exportColumn{head: head + ": " + title, fixed: -1, key: key, option: o.ID, split: splitOption})
	}
	return append(all, exportColumn{head: head + ": other", fixed: -1, key: key, split: splitOther, known: known})
}

// tellApart puts the key behind labels that several columns have.
func (t *ExportTable) tellApart() {
	seen := map[string]int{}
	for _, c := range t.columns {
		seen[c.head]++
	}
	for i := range t.columns {
		if c := &t.columns[i]; seen[c.head] > 1 && c.fixed < 0 {
			c.head += " (" + strings.TrimSuffix(c.key+"="+c.option, "=") + ")"
		}
	}
}

// Head is the heads of its columns.
func (t *ExportTable) Head() []string {
	head := make([]string, len(t.columns))
	for i, c := range t.columns {
		head[i] = c.head
	}
	return head
}

// reader is how the answers of a response are read.
func (t *ExportTable) reader(r *models.Response) (Answers, error) {
	if !t.o.Titles || t.o.Readers == nil {
		return t.o.Reader, nil
	}
	a, ok := t.readers[r.FlowID]
	if !ok {
		var err error
		if a, err = t.o.Readers(r.FlowID); err != nil {
			return a, err
		}
		t.readers[r.FlowID] = a
	}
	return a, nil
}

// record is a row as texts; it holds until the next one.
func (t *ExportTable) record(e Export, r *models.Response) ([]string, error) {
	reader, err := t.reader(r)
	if err != nil {
		return nil, err
	}
	for i := range t.columns {
		if c := &t.columns[i]; c.fixed >= 0 {
			t.cells[i] = e.fixedText(c.fixed, r)
		} else {
			t.cells[i] = t.text(c, reader, answerAt(r.Answers, c.key))
		}
	}
	return t.cells, nil
}

// fixedText is the text of one of responseColumns.
func (e Export) fixedText(i int, r *models.Response) string {
	switch i {
	case 0:
		return e.time(r.ReceivedAt)
	case 1:
		return e.time(r.SentAt)
	case 2:
		return r.FlowSlug
	case 3:
		return r.WAMID
	case 4:
		return r.ContextID
	case 5:
		return r.Token
	case 6:
		return contactID(r.Contact)
	case 7:
		return r.Contact.Name
	}
	return string(r.State)
}

// answerAt finds the value of a column, following the dots of a flattened object. A whole object has no cell: its parts do.
func answerAt(answers map[string]any, key string) any {
	if v, ok := answers[key]; ok {
		if o, is := v.(map[string]any); !is || len(o) == 0 || len(key) > maxCellKey {
			return v
		}
		return nil
	}
	for i := 1; i < len(key); i++ {
		if key[i] != '.' {
			continue
		}
		if o, ok := answers[key[:i]].(map[string]any); ok {
			if v := answerAt(o, key[i+1:]); v != nil {
				return v
			}
		}
	}
	return nil
}

// text is the value of an answer's column in one cell.
func (t *ExportTable) text(c *exportColumn, reader Answers, v any) string {
	if c.split != splitNone {
		return t.splitText(c, v)
	}
	if s, ok := v.(string); ok && !t.o.Titles {
		return s
	}
	return AnswerText(t.titled(reader, c.key, v))
}

// titled puts titles in the place of ids, and words in the place of yes and no, when the table asks for them.
func (t *ExportTable) titled(reader Answers, key string, v any) any {
	if !t.o.Titles {
		return v
	}
	switch x := v.(type) {
	case bool:
		return map[bool]string{true: "Yes", false: "No"}[x]
	case string, json.Number:
		text := AnswerText(x)
		f := reader.fields[key]
		if f == nil || text == "" || f.Kind != flowjson.Choice && f.Kind != flowjson.Choices {
			return v
		}
		if title := f.Title(text); title != "" {
			return title
		}
	case []any:
		if !plainList(x) {
			return v
		}
		titles := make([]any, len(x))
		for i, item := range x {
			titles[i] = t.titled(reader, key, item)
		}
		return titles
	}
	return v
}

// splitText tells of one option whether it was chosen, or names what is none of them; nothing without an answer.
func (t *ExportTable) splitText(c *exportColumn, v any) string {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	if v == nil {
		return ""
	}
	if c.split == splitOption {
		chosen := slices.ContainsFunc(list, func(item any) bool { return AnswerText(item) == c.option })
		return AnswerText(t.titled(Answers{}, "", chosen))
	}
	var others []any
	for _, item := range list {
		if !slices.ContainsFunc(c.known, func(o flowjson.Option) bool { return o.ID == AnswerText(item) }) {
			others = append(others, item)
		}
	}
	return AnswerText(others)
}

package views

import (
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

	Triage   bool              // with triageColumns behind the answers
	Statuses map[string]string // what statuses are called, by key, where titles are asked for
}

// An exportColumn is one column: a fixed one, an answer, or one option of an answer.
type exportColumn struct {
	head   string
	fixed  int    // place in fixedColumns; -1: an answer
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

// triageColumns stand behind the answers of an export that people make: what they did with a response,
// and what the rules did.
var triageColumns = []string{"triage.status", "triage.assignee", "triage.tags", "triage.notes", "rules.outcome"}

// fixedColumns are those that are no answers, and fixedLabels what they are called for people.
var (
	fixedColumns = slices.Concat(responseColumns, triageColumns)
	fixedLabels  = []string{"Received", "Sent", "Flow", "Message id", "Id of the message that it answers", "Token", "Phone number", "Contact name", "State",
		"Status", "Assignee", "Tags", "Notes", "Rule outcome"}
)

// ExportColumnName is how an answer is headed in an export: its key, with answers. in front where a fixed column has that name.
func ExportColumnName(key string) string {
	if slices.Contains(fixedColumns, key) {
		return "answers." + key
	}
	return key
}

// FixedExportColumns are the columns that stand before the answers and behind them: names and labels.
func FixedExportColumns() (before, behind []Option) {
	options := make([]Option, len(fixedColumns))
	for i, name := range fixedColumns {
		options[i] = Option{name, fixedLabels[i]}
	}
	return options[:len(responseColumns)], options[len(responseColumns):]
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
	if o.Triage {
		names = append(names, triageColumns...)
	}
	if o.Names != nil {
		names = o.Names
	}
	for _, name := range names {
		if fixed := slices.Index(fixedColumns, name); fixed >= 0 {
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
		return fixedLabels[i]
	}
	return fixedColumns[i]
}

// Notes tells whether a column of it holds the notes.
func (t *ExportTable) Notes() bool {
	return slices.ContainsFunc(t.columns, func(c exportColumn) bool { return c.fixed == slices.Index(fixedColumns, "triage.notes") })
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

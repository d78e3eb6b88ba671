package views

import (
	"encoding/json"
	"slices"
	"strings"

	"switchyard/models"
	"switchyard/models/flowjson"
)

// record is a row as texts; it holds until the next one.
func (t *ExportTable) record(e Export, r *models.Response) ([]string, error) {
	reader, err := t.reader(r)
	if err != nil {
		return nil, err
	}
	for i := range t.columns {
		if c := &t.columns[i]; c.fixed >= 0 {
			t.cells[i] = t.fixedText(e, c.fixed, r)
		} else {
			t.cells[i] = t.text(c, reader, answerAt(r.Answers, c.key))
		}
	}
	return t.cells, nil
}

// fixedText is the text of one of fixedColumns.
func (t *ExportTable) fixedText(e Export, i int, r *models.Response) string {
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
	case 8:
		return string(r.State)
	case 9:
		return t.status(r.Status)
	case 10:
		return r.Assignee
	case 11:
		return tagsText(r.Tags)
	}
	if fixedColumns[i] == "rules.outcome" {
		return t.outcome(r)
	}
	return notesText(e, r.Notes)
}

// outcome is that of the rules, where titles are asked for in words.
func (t *ExportTable) outcome(r *models.Response) string {
	if !t.o.Titles {
		return r.Outcome
	}
	reader, err := t.reader(r)
	if err != nil {
		return r.Outcome
	}
	return reader.Outcome(r.Outcome)
}

func (t *ExportTable) status(key string) string {
	if name := t.o.Statuses[key]; t.o.Titles && name != "" {
		return name
	}
	return key
}

func tagsText(tags []models.Tag) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Name
	}
	return strings.Join(names, "; ")
}

// notesText is each note that stands, with its time and who wrote it, on lines of their own.
func notesText(e Export, notes []models.Note) string {
	var lines []string
	for _, n := range notes {
		if n.RemovedAt.IsZero() {
			lines = append(lines, e.time(n.At)+" "+n.Name+": "+n.Text)
		}
	}
	return strings.Join(lines, "\n")
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
	switch {
	case v == nil:
		return ""
	case !ok && AnswerText(v) == models.HiddenAnswer:
		return models.HiddenAnswer
	case !ok:
		list = []any{v}
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

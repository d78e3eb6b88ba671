package views

import (
	"iter"

	"switchyard/models"
)

// TableJSONL writes one JSON object per line: the columns of the table by their keys, answers under "answers" with their
// JSON types: of all columns whole, as they were sent, also what is too deep or too long to have a column. Labels and columns
// for each option are for tables that people read.
func (e Export) TableJSONL(rows iter.Seq2[models.Response, error], t *ExportTable) (int, error) {
	if t.o.Names == nil && !t.o.Titles && !t.o.Triage {
		return e.ResponsesJSONL(rows)
	}
	return writeJSONL(e, rows, func(r models.Response) (any, error) {
		reader, err := t.reader(&r)
		if err != nil {
			return nil, err
		}
		line, answers := map[string]any{}, map[string]any{}
		for i := range t.columns {
			if c := &t.columns[i]; c.fixed >= 0 {
				line[fixedColumns[c.fixed]] = t.fixedText(e, c.fixed, &r)
			} else if t.o.Names == nil {
				continue
			} else if v := answerAt(r.Answers, c.key); v != nil {
				answers[c.key] = t.titled(reader, c.key, v)
			}
		}
		if line["answers"] = answers; t.o.Names == nil && r.Answers != nil {
			line["answers"] = t.titledParts(reader, "", r.Answers)
		}
		if r.State == models.Unreadable && t.o.Names == nil {
			line["raw"] = r.Raw
		}
		return line, nil
	})
}

// titledParts is an object with titles in the place of ids at any depth; the keys of its parts begin with before.
func (t *ExportTable) titledParts(reader Answers, before string, o map[string]any) map[string]any {
	if !t.o.Titles {
		return o
	}
	parts := make(map[string]any, len(o))
	for k, v := range o {
		if inner, is := v.(map[string]any); is {
			parts[k] = t.titledParts(reader, before+k+".", inner)
		} else {
			parts[k] = t.titled(reader, before+k, v)
		}
	}
	return parts
}

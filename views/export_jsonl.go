package views

import (
	"iter"

	"switchyard/models"
)

// TableJSONL writes one JSON object per line: the columns of the table by their keys, answers under "answers" with their
// JSON types. Labels and columns for each option are for tables that people read.
func (e Export) TableJSONL(rows iter.Seq2[models.Response, error], t *ExportTable) (int, error) {
	if t.o.Names == nil && !t.o.Titles {
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
				line[responseColumns[c.fixed]] = e.fixedText(c.fixed, &r)
			} else if v := answerAt(r.Answers, c.key); v != nil {
				answers[c.key] = t.titled(reader, c.key, v)
			}
		}
		line["answers"] = answers
		if r.State == models.Unreadable && t.o.Names == nil {
			line["raw"] = r.Raw
		}
		return line, nil
	})
}

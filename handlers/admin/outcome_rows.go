package admin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
	"switchyard/views"
)

// usualColumns come first among the properties of options.
var usualColumns = []string{"id", "title", "description"}

// readRows shows a constant list or object in a table, or a line each; else it is locked.
func readRows(in *views.DataInput, v any) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	in.Source = views.SourceLocked
	if isList && isLines(list) && (len(list) > 0 || in.ScalarItems()) {
		in.Source, in.Value = views.SourceLines, strings.Join(texts(list), "\n")
		return
	}
	columns := propsOf(in.Schema)
	rows := make([]map[string]any, len(list))
	for i, e := range list {
		row, ok := e.(map[string]any)
		if !ok {
			return
		}
		for name, cell := range row {
			if _, plain := plainText(cell); !plain {
				return
			}
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
		rows[i] = row
	}
	if columns = sortedColumns(columns); len(columns) == 0 && isList {
		columns = slices.Clone(usualColumns[:2])
	}
	in.Source, in.Value, in.Columns = views.SourceRows, "", columns
	for _, row := range rows {
		cells := make([]string, len(columns))
		for j, name := range columns {
			cells[j], _ = plainText(row[name])
		}
		in.Cells = append(in.Cells, cells)
	}
}

// shaped gives a value that was just set to be entered in rows its columns, and an object its only row.
func shaped(in views.DataInput) views.DataInput {
	if in.Source != views.SourceRows || len(in.Columns) > 0 {
		return in
	}
	if in.Columns = sortedColumns(propsOf(in.Schema)); len(in.Columns) == 0 {
		in.Columns = slices.Clone(usualColumns[:2])
	}
	in.Cells = [][]string{make([]string, len(in.Columns))}
	return in
}

// sortedColumns is the columns as people expect them.
func sortedColumns(columns []string) []string {
	rank := func(name string) int {
		if i := slices.Index(usualColumns, name); i >= 0 {
			return i
		}
		return len(usualColumns)
	}
	out := slices.Clone(columns)
	slices.SortFunc(out, func(a, b string) int {
		if rank(a) != rank(b) {
			return rank(a) - rank(b)
		}
		return strings.Compare(a, b)
	})
	return out
}

// propsOf are the declared properties of a key's rows that a cell can hold.
func propsOf(key *flowjson.DataKey) (names []string) {
	if key == nil {
		return nil
	}
	props := key.Props
	if key.Type == "array" && key.Items != nil {
		props = key.Items.Props
	}
	for _, name := range slices.Sorted(maps.Keys(props)) {
		if p := props[name]; p != nil && p.Type != "object" && p.Type != "array" {
			names = append(names, name)
		}
	}
	return names
}

func isLines(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool { _, plain := plainText(v); return !plain })
}

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i], _ = plainText(v)
	}
	return out
}

// rowsFrom is the list, or the object, that a table says. Cells that come back as they were shown keep their type.
func rowsFrom(in views.DataInput) (any, string) {
	_, was, _ := pairOf(in.Made)
	before, isList := was.([]any)
	if !isList {
		before = []any{was}
	}
	list := make([]any, 0, len(in.Cells))
	for i, cells := range in.Cells {
		var old map[string]any
		if i < len(before) {
			old, _ = before[i].(map[string]any)
		}
		row := map[string]any{}
		for j, name := range in.Columns {
			v, given, problem := cellFrom(in, name, cells[j], old)
			if problem != "" {
				return nil, problem
			}
			if given {
				row[name] = v
			}
		}
		if len(row) > 0 || len(old) == 0 && old != nil || in.Type == "object" {
			list = append(list, row)
		}
	}
	if in.Type == "object" {
		if len(list) == 0 {
			return map[string]any{}, ""
		}
		return list[0], ""
	}
	return list, ""
}

// withoutRow is what an input was made from without one of its rows, so that the others keep what they were.
func withoutRow(made string, i int) string {
	key, was, _ := pairOf(made)
	list, _ := was.([]any)
	if i >= len(list) {
		return made // a row that was added
	}
	return pair(key, slices.Delete(list, i, i+1))
}

func cellFrom(in views.DataInput, name, text string, old map[string]any) (v any, given bool, problem string) {
	if was, had := old[name]; had {
		if shown, _ := plainText(was); same(shown, text) {
			return was, true, ""
		}
	}
	if text == "" {
		return nil, false, ""
	}
	switch in.PropType(name) {
	case "number", "integer":
		if n, ok := number(text); ok {
			return n, true, ""
		}
		return nil, false, "“" + name + "” of “" + in.Key + "” takes numbers, and “" + text + "” is none. Use a point for decimals, as in 12.5."
	case "boolean":
		return text == "true", true, ""
	}
	return text, true, ""
}

// linesFrom is a list with an entry for each line. Where no type is declared, a line that was there keeps its own.
func linesFrom(in views.DataInput) (any, string) {
	list, kind, were := []any{}, itemType(in), entriesOf(in)
	for line := range strings.SplitSeq(strings.ReplaceAll(in.Value, "\r", ""), "\n") {
		was, had := were[seen.Replace(line)]
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		switch {
		case kind == "number" || kind == "integer":
			n, ok := number(line)
			if !ok {
				return nil, "“" + in.Key + "” takes numbers, and “" + line + "” is none. Use a point for decimals, as in 12.5."
			}
			list = append(list, n)
		case kind == "boolean" && (line == "true" || line == "false"):
			list = append(list, line == "true")
		case kind == "" && had:
			list = append(list, was)
		default:
			list = append(list, line)
		}
	}
	return list, ""
}

// entriesOf are the entries of the list that an input was made from, by the lines that show them.
func entriesOf(in views.DataInput) map[string]any {
	_, was, _ := pairOf(in.Made)
	list, _ := was.([]any)
	entries := make(map[string]any, len(list))
	for _, v := range list {
		line, _ := plainText(v)
		entries[seen.Replace(line)] = v
	}
	return entries
}

// itemType is the type of a list's entries: as declared, else as they were.
func itemType(in views.DataInput) string {
	if in.Schema != nil && in.Schema.Items != nil {
		return in.Schema.Items.Type
	}
	_, was, _ := pairOf(in.Made)
	list, _ := was.([]any)
	for _, v := range list {
		if _, is := v.(json.Number); !is {
			return ""
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "number"
}

// number reads a number as a document holds it.
func number(text string) (json.Number, bool) {
	n, ok := decodeJSON(strings.TrimSpace(text)).(json.Number)
	return n, ok
}

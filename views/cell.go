package views

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"switchyard/models/rules"
)

// Cell makes text safe to open in a spreadsheet (reliability.md §5.11). Headers go through it too, since field names come
// from a Flow JSON.
func Cell(s string) string {
	if s == "" || isWord(s[0]) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return rules.GuardCell(s)
}

// isWord tells of the first byte of most cells, a letter or digit, that it starts nothing dangerous.
func isWord(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// AnswerText is an answer in one cell: lists of plain values joined by "; ", media as their file names, yes and no
// as true and false, nothing as empty; what fits none of these as JSON.
func AnswerText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case json.Number:
		return v.String()
	case []any:
		return listText(v)
	}
	return jsonText(v)
}

func listText(vs []any) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		switch v := v.(type) {
		case []any:
			return jsonText(vs)
		case map[string]any:
			name, ok := v["file_name"].(string)
			if !ok {
				return jsonText(vs)
			}
			parts[i] = name
		default:
			parts[i] = AnswerText(v)
		}
	}
	return strings.Join(parts, "; ")
}

func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// maxCellKey is where objects are flattened no deeper, in bytes: no column has a longer name.
const maxCellKey = 200

// eachCell calls yield with every cell that an answer fills: objects are flattened with a dot,
// "period.start-date" (design/decisions.md 47).
func eachCell(key string, v any, yield func(key, text string)) {
	o, ok := v.(map[string]any)
	if !ok || len(o) == 0 || len(key) > maxCellKey {
		yield(key, AnswerText(v))
		return
	}
	for _, k := range slices.Sorted(maps.Keys(o)) {
		eachCell(key+"."+k, o[k], yield)
	}
}

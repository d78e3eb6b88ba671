package rules

import "strings"

// answerPath splits "answers.SCREEN.field".
func answerPath(name string) (screen, field string, ok bool) {
	rest, ok := strings.CutPrefix(name, "answers.")
	if !ok {
		return "", "", false
	}
	screen, field, ok = strings.Cut(rest, ".")
	return screen, field, ok && screen != "" && field != ""
}

// dig finds a path in nested objects; at each level a key that holds the dots itself comes first.
func dig(m map[string]any, path string) (any, bool) {
	if v, ok := m[path]; ok {
		return v, true
	}
	for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		if inner, ok := m[path[:i]].(map[string]any); ok {
			if v, ok := dig(inner, path[i+1:]); ok {
				return v, true
			}
		}
	}
	return nil, false
}

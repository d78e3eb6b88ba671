package whatsapp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// certain is the length in bytes from which a secret is looked for inside other text too; a shorter one is found
// there by chance.
const certain = 4

// A mask hides the secret values of one request wherever they come again. An empty one hides nothing.
type mask []string

// hide returns data for storing, with secrets replaced, and the mask of those that it held.
func (s *secrets) hide(screen string, data, sent map[string]any) (map[string]any, mask) {
	if len(s.any) == 0 {
		return data, nil
	}
	var m mask
	stored := make(map[string]any, len(data))
	for k, v := range data {
		if s.holds(screen, k, sent) && !blank(v) {
			m.learn(v)
			v = hidden
		}
		stored[k] = v
	}
	if len(m) == 0 {
		return data, nil
	}
	return m.data(stored), m
}

func blank(v any) bool { return v == nil || v == "" }

// learn adds every text and number in v, longest first, so that a part does not spoil the whole.
func (m *mask) learn(v any) {
	switch v := v.(type) {
	case string:
		*m = append(*m, v)
	case json.Number:
		*m = append(*m, v.String())
	case []any:
		for _, e := range v {
			m.learn(e)
		}
	case map[string]any:
		for _, e := range v {
			m.learn(e)
		}
	}
	*m = slices.DeleteFunc(*m, func(s string) bool { return s == "" })
	slices.SortFunc(*m, func(a, b string) int { return len(b) - len(a) })
}

// data hides in a copy; without secrets it is data itself.
func (m mask) data(data map[string]any) map[string]any {
	if len(m) == 0 || data == nil {
		return data
	}
	out := make(map[string]any, len(data))
	for k, v := range data {
		out[k] = m.value(v)
	}
	return out
}

func (m mask) value(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case string:
		return m.text(v)
	case map[string]any:
		return m.data(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = m.value(e)
		}
		return out
	case []map[string]any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = m.data(e)
		}
		return out
	}
	if s := fmt.Sprint(v); len(s) >= certain && m.text(s) != s {
		return hidden
	}
	return v
}

func (m mask) text(s string) string {
	for _, secret := range m {
		if s == secret {
			return hidden
		}
		if len(secret) >= certain {
			s = strings.ReplaceAll(s, secret, hidden)
		}
	}
	return s
}

func (m mask) texts(ss []string) []string {
	if len(m) == 0 {
		return ss
	}
	return each(ss, m.text)
}

// hides tells whether something was hidden in v.
func hides(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, hidden)
	case map[string]any:
		for _, e := range v {
			if hides(e) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hides)
	}
	return false
}

package rules

import (
	"errors"
	"fmt"
	"strings"
)

// maxPlaceholders is how many {{ }} one text may hold.
const maxPlaceholders = 100

// errOpen is a {{ without its end.
var errOpen = errors.New("a {{ has no }} that closes it")

// A piece of a text: literal, or the source of a placeholder.
type piece struct {
	text   string
	source bool
}

// split cuts a text into literals and placeholders. A placeholder ends at the first }} outside strings and
// braces of the expression.
func split(s string) ([]piece, error) {
	var out []piece
	for n := 0; ; n++ {
		before, rest, ok := strings.Cut(s, "{{")
		if before != "" {
			out = append(out, piece{text: before})
		}
		if !ok {
			return out, nil
		}
		if n == maxPlaceholders {
			return nil, fmt.Errorf("a text holds more than %d placeholders", maxPlaceholders)
		}
		end := placeholderEnd(rest)
		if end < 0 {
			return nil, errOpen
		}
		out = append(out, piece{text: strings.TrimSpace(rest[:end]), source: true})
		s = rest[end+2:]
	}
}

func placeholderEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\'', '"', '`':
			n := stringEnd(s[i+1:], c)
			if n < 0 {
				return -1
			}
			i += n + 1
		case '{':
			depth++
		case '}':
			if depth > 0 {
				depth--
			} else if strings.HasPrefix(s[i:], "}}") {
				return i
			}
		}
	}
	return -1
}

// stringEnd finds the closing quote; only back-quoted strings have no escapes.
func stringEnd(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote != '`':
			i++
		case s[i] == quote:
			return i
		}
	}
	return -1
}

// A value of an outcome, compiled.
type value interface {
	// render gives the value in JSON's types, nil when there is none. Why something could not be computed
	// is told as a fault.
	render(r *run) any
}

// A constant is the same for every request; it is shared by all decisions and never changed.
type constant struct{ v any }

func (c constant) render(*run) any { return c.v }

// A placeholder is a value that is one {{ }}: it keeps its type.
type placeholder struct{ formula *formula }

func (p placeholder) render(r *run) any {
	v, why, _ := p.formula.eval(r)
	if why != "" {
		r.fault("{{ " + short(p.formula.source) + " }}: " + why + ".")
	}
	return v
}

// short is a source as a fault shows it.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// A text is literals and placeholders.
type text []value

func (t text) render(r *run) any {
	var b strings.Builder
	for _, part := range t {
		b.WriteString(toText(part.render(r)))
		if b.Len() > maxText {
			r.fault("A text becomes too long, so it is left empty. Put less into it.")
			return nil
		}
	}
	return b.String()
}

// A listValue and an objectValue hold at least one placeholder somewhere inside.
type (
	listValue   []value
	objectValue map[string]value
)

func (l listValue) render(r *run) any {
	out := make([]any, 0, len(l))
	for _, e := range l {
		if v := e.render(r); v != nil {
			out = append(out, v)
		}
	}
	return out
}

func (o objectValue) render(r *run) any {
	out := make(map[string]any, len(o))
	for k, e := range o {
		if v := e.render(r); v != nil {
			out[k] = v
		}
	}
	return out
}

// textOf renders a message; without one it is empty.
func textOf(v value, r *run) string {
	if v == nil {
		return ""
	}
	return toText(v.render(r))
}

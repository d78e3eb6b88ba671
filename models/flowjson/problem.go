package flowjson

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Severity of a problem.
type Severity string

// Severities: an Error stops publishing, a Warning asks.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Problem is one fault of a Flow JSON.
type Problem struct {
	Severity Severity
	Code     string // Meta's code where it matches, e.g. INVALID_ROUTING_MODEL
	Path     string // JSON pointer, e.g. /screens/2/layout/children/1; empty for the whole document
	Line     int    // at which that stands or ends to exist, from 1; 0 for the whole document
	Screen   string // id, when inside one
	Message  string // one sentence that says what to do; holds names from the document, so escape it
}

// maxProblems bounds what a hostile document makes us remember and show.
const maxProblems = 500

// problems collects what is found on one screen (or, with an empty id, in the document).
type problems struct {
	all *[]Problem
	id  string
}

func (p problems) on(screen string) problems { return problems{p.all, screen} }

func (p problems) fail(code, path, format string, args ...any) {
	p.add(Error, code, path, format, args)
}
func (p problems) warn(code, path, format string, args ...any) {
	p.add(Warning, code, path, format, args)
}

func (p problems) add(s Severity, code, path, format string, args []any) {
	if len(*p.all) >= maxProblems {
		return
	}
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = cut(text, 60)
		}
	}
	*p.all = append(*p.all, Problem{Severity: s, Code: code, Path: path, Screen: p.id, Message: fmt.Sprintf(format, args...)})
}

func cut(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	return string([]rune(text)[:runes-1]) + "…"
}

// below and index extend a JSON pointer (RFC 6901).
func below(path, key string) string {
	if strings.ContainsAny(key, "~/") {
		key = strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	}
	return path + "/" + key
}

func index(path string, i int) string { return path + "/" + strconv.Itoa(i) }

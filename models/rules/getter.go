package rules

import "strings"

// source of a leaf's value.
type source int8

const (
	fromData source = iota
	fromAnswers
	fromVisit
	fromToday
)

// A getter is a field name of the document, split once.
type getter struct {
	source source
	screen string // of answers
	path   string // key, maybe with dots
}

// newGetter reads a field name: "answers.SCREEN.field", "visit.…", "today", else a key of this request's
// data. "data." in front settles a clash.
func newGetter(name string) getter {
	if screen, field, ok := answerPath(name); ok {
		return getter{fromAnswers, screen, field}
	}
	if rest, ok := strings.CutPrefix(name, "visit."); ok {
		return getter{source: fromVisit, path: rest}
	}
	if name == "today" {
		return getter{source: fromToday}
	}
	if rest, ok := strings.CutPrefix(name, "data."); ok {
		return getter{path: rest}
	}
	return getter{path: name}
}

// get reads the value; nothing missing allocates.
func (g getter) get(r *run) any {
	switch g.source {
	case fromAnswers:
		v, _ := dig(r.answersOf(g.screen), g.path)
		return v
	case fromVisit:
		return r.visitValue(g.path)
	case fromToday:
		return r.today()
	}
	v, _ := dig(r.in.Data, g.path)
	return v
}

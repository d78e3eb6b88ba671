package rules

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"

	"switchyard/models/flowjson"
)

// A placedError is why a formula cannot be compiled, and which characters of it are to blame.
type placedError struct {
	msg string
	at  file.Location
}

func (e *placedError) Error() string { return e.msg }

// A FormulaFault is what is wrong with a formula. The characters From up to To, counted as runes, are to blame; both
// are 0 when all of it is.
type FormulaFault struct {
	Severity Severity
	Message  string // a sentence for people
	From, To int
}

// CheckFormula tells what is wrong with a formula in the rules of a place, a screen's id or "opening": that it cannot be
// read, or names what there is not. It is nil when nothing is. flow may be nil; lists need no rows.
func CheckFormula(source, place string, flow *flowjson.Flow, lists map[string]*List) *FormulaFault {
	f, err := compileFormula(source)
	if err != nil {
		fault := &FormulaFault{Severity: Error, Message: sentenceOf(err.Error())}
		if e, ok := errors.AsType[*placedError](err); ok {
			fault.place(source, e.at)
		}
		return fault
	}
	c := &setCompiler{set: &Set{flow: flow, tables: map[string]*table{}, gone: map[[2]string]bool{}}}
	for name, l := range lists {
		c.set.tables[name] = newTable(&List{Name: name, Columns: l.Columns})
	}
	c.set.screens = newScreens(Document{}, flow)
	c.set.opening = newScreen("", nil)
	at := spot{screen: c.set.screens[place]}
	if place == openingPlace || at.screen == nil {
		at.screen = c.set.opening
	}
	c.checkUses(f.uses, at)
	if len(c.problems) == 0 {
		return nil
	}
	worst := slices.MinFunc(c.problems, func(a, b Problem) int { return cmp.Compare(string(a.Severity), string(b.Severity)) })
	fault := &FormulaFault{Severity: worst.Severity, Message: worst.Message}
	fault.find(source, named(worst.Message))
	return fault
}

// CheckText is CheckFormula for the first {{ }} of a text that something is wrong with. From and To count from the
// start of the text.
func CheckText(text, place string, flow *flowjson.Flow, lists map[string]*List) *FormulaFault {
	pieces, err := split(text)
	if err != nil {
		return &FormulaFault{Severity: Error, Message: sentenceOf(err.Error())}
	}
	rest := 0
	for _, p := range pieces {
		at := strings.Index(text[rest:], p.text)
		if p.source {
			if fault := CheckFormula(p.text, place, flow, lists); fault != nil {
				if fault.To > 0 && at >= 0 {
					before := utf8.RuneCountInString(text[:rest+at])
					fault.From, fault.To = fault.From+before, fault.To+before
				}
				return fault
			}
		}
		rest += max(at, 0) + len(p.text)
	}
	return nil
}

// place keeps what the location says within the source; a fault behind its end blames its last character.
func (f *FormulaFault) place(source string, at file.Location) {
	n := utf8.RuneCountInString(source)
	if at == (file.Location{}) || n == 0 {
		return
	}
	f.From = min(max(at.From, 0), n-1)
	f.To = min(max(at.To, f.From+1), n)
}

// find blames the first place where the name stands as a whole word.
func (f *FormulaFault) find(source, name string) {
	for from := 0; name != ""; {
		i := strings.Index(source[from:], name)
		if i < 0 {
			return
		}
		start, end := from+i, from+i+len(name)
		if !wordEnds(source[:start]) && !wordStarts(source[end:]) {
			f.From = utf8.RuneCountInString(source[:start])
			f.To = f.From + utf8.RuneCountInString(name)
			return
		}
		from = end
	}
}

func wordEnds(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return isWord(r)
}

func wordStarts(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWord(r)
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// named is the name that a message quotes first, without what stands before its last dot; of “The list “x” has no
// column “y”” the second.
func named(message string) string {
	_, rest, _ := strings.Cut(message, "“")
	name, rest, _ := strings.Cut(rest, "”")
	if _, column, ok := strings.Cut(rest, "has no column “"); ok {
		name, _, _ = strings.Cut(column, "”")
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// sentenceOf makes a sentence of an error.
func sentenceOf(msg string) string {
	r, size := utf8.DecodeRuneInString(msg)
	return strings.ToUpper(string(r)) + strings.TrimSuffix(msg[size:], ".") + "."
}

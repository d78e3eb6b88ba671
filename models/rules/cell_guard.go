package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// GuardCell makes text safe to open in a spreadsheet: a cell that would start a formula gets an apostrophe in front,
// NUL is shown as ␀ (OWASP CSV Injection, ASVS 1.2.10). One that looks guarded already gets another, so that UnguardCell
// gives back what was there.
func GuardCell(s string) string {
	s = strings.ReplaceAll(s, "\x00", "␀")
	if startsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// UnguardCell undoes GuardCell.
func UnguardCell(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && startsFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

// startsFormula knows the ASCII triggers, also behind blanks, and their full-width twins, which some spreadsheets fold.
func startsFormula(s string) bool {
	if s != "" && strings.ContainsRune("\t\r\n", rune(s[0])) {
		return true
	}
	s = strings.TrimLeftFunc(s, unicode.IsSpace)
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@＝＋－＠", r)
}

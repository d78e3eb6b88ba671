package models

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes texts comparable for search: case and accents do not matter, and NUL, at which SQLite's LIKE would
// stop, is a space.
func fold(s string) string {
	if isASCII(s) {
		return strings.ReplaceAll(strings.ToLower(s), "\x00", " ")
	}
	folded := cases.Fold().String(norm.NFKD.String(strings.ToValidUTF8(s, " ")))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf): // accents, and what is not seen, as around pasted numbers
			return -1
		case r == 0:
			return ' '
		}
		if plain, ok := struck[r]; ok {
			return plain
		}
		return r
	}, folded)
}

// struck are letters whose stroke or missing dot Unicode does not take for an accent, as people do.
var struck = map[rune]rune{'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ŧ': 't'}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// like is a LIKE pattern (ESCAPE '\') for texts that contain s.
func like(s string) string {
	return "%" + likeEscapes.Replace(s) + "%"
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

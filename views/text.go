package views

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// initials is the first letters of the first and the last word of a name: "Ana Maria Lopes" is "AL".
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return string(unicode.ToUpper(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return string(unicode.ToUpper(first)) + string(unicode.ToUpper(last))
}

// slugOf makes an id of a label: "Callback URL" is "callback-url".
func slugOf(label string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(label) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// byTime sorts moments, the oldest first; those of one time stay in the order given.
func byTime(ms []Moment) []Moment {
	slices.SortStableFunc(ms, func(a, b Moment) int { return a.At.Compare(b.At) })
	return ms
}

// shorten cuts text to n characters, an ellipsis at its end.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// plural is n with its word: "1 rule", "3 rules".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Bytes is a size in whole binary units: "10 MiB".
func Bytes(n int64) string {
	for _, u := range []struct {
		size int64
		word string
	}{{1 << 30, " GiB"}, {1 << 20, " MiB"}, {1 << 10, " KiB"}} {
		if n >= u.size {
			return Number(n/u.size) + u.word
		}
	}
	return Number(n) + " B"
}

// Sentence makes a sentence of an error's text: "wrong passphrase" is "Wrong passphrase."
func Sentence(s string) string {
	if s == "" {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

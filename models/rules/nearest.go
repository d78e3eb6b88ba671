package rules

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// nearest are the names that somebody may have meant, most likely first, at most two.
func nearest(name string, among []string) []string {
	type guess struct {
		name string
		far  int
	}
	var guesses []guess
	folded := loose(name)
	for _, s := range among {
		other := loose(s)
		far := distance(folded, other)
		long := max(utf8.RuneCountInString(folded), utf8.RuneCountInString(other))
		part := min(len(folded), len(other)) >= 3 && (strings.Contains(folded, other) || strings.Contains(other, folded))
		if s != name && (far <= max(1, long/3) || part) {
			guesses = append(guesses, guess{s, far})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.name, b.name)) })
	var names []string
	for _, g := range guesses {
		if len(names) < 2 && !slices.Contains(names, g.name) {
			names = append(names, g.name)
		}
	}
	return names
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// loose is a name without what people mix up.
func loose(s string) string { return separators.Replace(strings.ToLower(s)) }

// maxGuessed bounds the names that are compared letter by letter.
const maxGuessed = 80

// distance is how many letters are to be added, removed, replaced or swapped with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > maxGuessed || len(y) > maxGuessed {
		return maxGuessed
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}

package models

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A searchDialect is what the engines say differently of the trigram index of search texts.
type searchDialect struct {
	// inEach asks for each row whether a column contains the words, without the index; inFew asks it of what the index
	// names.
	inEach, inFew func(w *where, column string, words []string)
	// What the index names, as a FROM: responses r, and those of contacts n; and the least that tells how many it names.
	responses, named             string
	responsesProbed, namedProbed string
}

var searchDialects = map[bool]searchDialect{
	false: { // SQLite: FTS5 is a table of its own, and CROSS JOIN keeps it first
		inEach: contain, inFew: contain,
		responses:       `responses_search CROSS JOIN responses r ON r.id = responses_search.rowid`,
		named:           `contacts_search CROSS JOIN contacts n ON n.id = contacts_search.rowid CROSS JOIN responses r ON r.contact_id = n.id`,
		responsesProbed: `responses_search`,
		namedProbed:     `contacts_search LEFT JOIN responses r ON r.contact_id = contacts_search.rowid`,
	},
	true: { // PostgreSQL: OFFSET 0 keeps a subquery one
		inEach: position, inFew: twice,
		responses:       `responses r`,
		named:           `contacts n CROSS JOIN LATERAL (SELECT * FROM responses WHERE contact_id = n.id OFFSET 0) AS r`,
		responsesProbed: `responses r`,
		namedProbed:     `contacts n LEFT JOIN LATERAL (SELECT 1 FROM responses WHERE contact_id = n.id OFFSET 0) AS r ON TRUE`,
	},
}

// contain asks that a column contains every word.
func contain(w *where, column string, words []string) {
	for _, word := range words {
		w.and(column+` LIKE ? ESCAPE '\'`, like(word))
	}
}

// position does what contain does in one condition that has no index: the planner takes it for true of one row in three,
// however many words there are and however rare, and keeps to the order of the list.
func position(w *where, column string, words []string) {
	if len(words) > 0 {
		texts := each(words, func(word string) any { return word })
		w.and(`least(`+strings.TrimSuffix(strings.Repeat(`strpos(`+column+`, ?), `, len(words)), `, `)+`) > 0`, texts...)
	}
}

// twice says contain twice: the planner takes that for far rarer, and reads the index where it guesses from its samples
// that a word is not worth it. When the guess is wrong, reading the whole table costs more than the index ever does.
func twice(w *where, column string, words []string) {
	contain(w, column, words)
	contain(w, column, words)
}

func (d dialect) search() searchDialect { return searchDialects[d.postgres] }

// indexes tells whether the index can say anything of the words: of shorter ones it knows nothing, and PostgreSQL's
// knows letters and digits only.
func (d dialect) indexes(words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		if !d.postgres {
			return utf8.RuneCountInString(word) >= 3
		}
		parts := strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		return slices.ContainsFunc(parts, func(part string) bool { return utf8.RuneCountInString(part) >= 3 })
	})
}

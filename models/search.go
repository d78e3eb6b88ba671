package models

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

const (
	maxSearch = 64 << 10 // bytes of one response that search can see
	maxWords  = 20       // of one search
)

// MaxSearch is how long a search may be, in bytes: SQLite refuses much longer patterns.
const MaxSearch = 500

// CheckSearch tells what is wrong with a search: an *Invalid, or nil.
func CheckSearch(text string) error {
	_, err := words(text)
	return err
}

// searchText is what a search of responses looks into: contact, token and every value, folded, one per line, so
// that no word is found across two of them.
func searchText(c Contact, token string, answers map[string]any) string {
	parts := []string{c.Phone, c.UserID, c.Name, c.Username, token}
	for _, k := range slices.Sorted(maps.Keys(answers)) {
		parts = appendTexts(parts, answers[k])
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return shorten(fold(strings.Join(parts, "\n")), maxSearch)
}

// nameSearch is what a search by name looks into: no digit of it, because a name may hold the number.
func nameSearch(c Contact) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, fold(c.Name+"\n"+c.Username))
}

func appendTexts(parts []string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = appendTexts(parts, v[k])
		}
		return parts
	case []any:
		for _, item := range v {
			parts = appendTexts(parts, item)
		}
		return parts
	}
	return append(parts, answerText(v))
}

// words are what a search asks for, each of which must occur.
func words(text string) ([]string, error) {
	all := strings.Fields(fold(shorten(text, MaxSearch+1)))
	if len(all) > maxWords || len(text) > MaxSearch {
		return nil, &Invalid{Field: "text", Message: "Search for at most 20 words and 500 characters."}
	}
	return all, nil
}

// refreshSearch writes the search texts of a contact's responses anew, after its name or number changed.
func (x *inboxTx) refreshSearch(c Contact) error {
	rows, err := x.tx.Raw(`SELECT id, token, answers FROM responses WHERE contact_id = ?`, c.ID).Rows()
	if err != nil {
		return err
	}
	type text struct {
		id             int64
		token, answers string
	}
	all, err := collect(rows, nil, func(t *text, s scanner) error { return s.Scan(&t.id, &t.token, &t.answers) })
	if err != nil {
		return err
	}
	for _, t := range all {
		var r Response
		if err := r.decode([]byte(t.answers)); err != nil {
			return err
		}
		err := x.tx.Exec(`UPDATE responses SET search = ? WHERE id = ?`, searchText(c, t.token, r.Answers), t.id).Error
		if err != nil {
			return err
		}
	}
	return nil
}

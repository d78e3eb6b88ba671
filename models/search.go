package models

import (
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
// that no word is found across two of them. What is hidden is not found.
func searchText(c Contact, token string, answers map[string]any, hidden Sensitive) string {
	text := make([]byte, 0, 512)
	for _, part := range []string{c.Phone, c.UserID, c.Name, c.Username, token} {
		text = appendFolded(text, part)
	}
	text = appendTexts(text, "", answers, hidden)
	return shorten(strings.TrimSuffix(string(text), "\n"), maxSearch)
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

// appendTexts appends the texts of a value that stands under a path; that of all answers is "".
func appendTexts(text []byte, path string, v any, hidden Sensitive) []byte {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			inner := k
			if path != "" && !hidden.None() {
				inner = path + "." + k
			}
			if !hidden.Hides(inner) {
				text = appendTexts(text, inner, v[k], hidden)
			}
		}
		return text
	case []any:
		for _, item := range v {
			text = appendTexts(text, path, item, hidden)
		}
		return text
	}
	return appendFolded(text, answerText(v))
}

// appendFolded appends a text folded, on a line of its own; an empty one has none.
func appendFolded(text []byte, s string) []byte {
	if s == "" {
		return text
	}
	if !isASCII(s) {
		s = fold(s)
	}
	for i := range len(s) { // what is left of fold, without a copy
		switch c := s[i]; {
		case c == 0:
			text = append(text, ' ')
		case c >= 'A' && c <= 'Z':
			text = append(text, c+'a'-'A')
		default:
			text = append(text, c)
		}
	}
	return append(text, '\n')
}

// words are what a search asks for, each of which must occur.
func words(text string) ([]string, error) {
	all := strings.Fields(fold(shorten(text, MaxSearch+1)))
	if len(all) > maxWords || len(text) > MaxSearch {
		return nil, &Invalid{Field: "text", Message: "Search for at most 20 words and 500 characters."}
	}
	return all, nil
}

const (
	// maxRefreshed is how many responses of a customer follow a new name: the newest.
	maxRefreshed = 5000
	// refreshedAtOnce bounds one statement.
	refreshedAtOnce = 500
)

// refreshSearch writes the search texts of a contact's responses anew, after its name or number changed.
func (x *inboxTx) refreshSearch(c Contact) error {
	rows, err := inTx(x.tx).QueryContext(x.ctx, `SELECT id, token, flow_id, answers FROM responses WHERE contact_id = ? ORDER BY id DESC LIMIT ?`, c.ID, maxRefreshed)
	all, err := collect(rows, err, func(r *Response, s scanner) error {
		var answers []byte
		if err := s.Scan(&r.ID, &r.Token, &r.FlowID, &answers); err != nil {
			return err
		}
		return r.decode(answers)
	})
	if err != nil {
		return err
	}
	hidden, err := x.sensitive()
	if err != nil {
		return err
	}
	for some := range slices.Chunk(all, refreshedAtOnce) {
		texts := each(some, func(r Response) string { return searchText(c, r.Token, r.Answers, hidden[r.FlowID]) })
		if err := x.putSearch(each(some, func(r Response) int64 { return r.ID }), texts); err != nil {
			return err
		}
	}
	return nil
}

// putSearch writes search texts by the ids of responses.
func (x *inboxTx) putSearch(ids []int64, texts []string) error {
	if x.db.engine.dialect().postgres {
		_, err := x.tx.Statement.ConnPool.ExecContext(x.ctx, `UPDATE responses SET search = s.search
			FROM unnest(?::bigint[], ?::text[]) AS s (id, search) WHERE responses.id = s.id`, ids, texts)
		return err
	}
	for i, id := range ids {
		if err := x.tx.Exec(`UPDATE responses SET search = ? WHERE id = ?`, texts[i], id).Error; err != nil {
			return err
		}
	}
	return nil
}

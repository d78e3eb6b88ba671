package models

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// shortestWord is how many letters a name or an answer has at least for filters that hold it to be looked for.
	shortestWord = 5
	// mostWords bounds them.
	mostWords = 2000
)

// personWords are the names of a person, and answers that nobody else gave: filters that people kept may ask for them.
func (db *DB) personWords(ctx context.Context, p Person) (words []string, err error) {
	if len(p.Contacts) == 0 {
		return nil, nil
	}
	in := `(` + placeholders(len(p.Contacts)) + `)`
	args := each(p.Contacts, func(id int64) any { return id })
	for _, q := range []struct {
		text string
		args []any
	}{
		{`SELECT name FROM contacts WHERE id IN ` + in + ` UNION SELECT username FROM contacts WHERE id IN ` + in + ` UNION SELECT saved_name FROM contacts WHERE id IN ` + in,
			slices.Concat(args, args, args)},
		{`SELECT DISTINCT a.text FROM responses r JOIN answers a ON a.response_id = r.id AND a.received_at = r.received_at WHERE r.contact_id IN ` + in + ` AND length(a.text) >= ?
			AND NOT EXISTS (SELECT 1 FROM answers o JOIN responses s ON s.id = o.response_id WHERE o.flow_id = a.flow_id AND o.key = a.key AND o.text = a.text AND s.contact_id NOT IN ` + in + `) LIMIT ?`,
			slices.Concat(args, []any{shortestWord}, args, []any{mostWords})},
	} {
		rows, err := db.reader().QueryContext(ctx, q.text, q.args...)
		some, err := collect(rows, err, func(s *string, row scanner) error { return row.Scan(s) })
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			if s = strings.TrimSpace(fold(s)); utf8.RuneCountInString(s) >= shortestWord {
				words = append(words, s)
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words), nil
}

// asksFor tells whether a filter that was kept, as an address has it or in JSON, holds one of the words.
func asksFor(text string, words []string) bool {
	if len(words) == 0 {
		return false
	}
	said := fold(plainText(text))
	return slices.ContainsFunc(words, func(word string) bool { return holdsWord(said, word) })
}

func holdsWord(text, word string) bool {
	edge := func(r rune, size int) bool { return size == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		begin, end := from+i, from+i+len(word)
		if edge(utf8.DecodeLastRuneInString(text[:begin])) && edge(utf8.DecodeRuneInString(text[end:])) {
			return true
		}
		from = begin + 1
	}
}

// unescaped takes the signs out by which a condition keeps values apart (filter.Condition).
var unescaped = strings.NewReplacer("!!", "!", "!~", "~", "!,", ",", "!(", "(", "!)", ")")

// plainText is what stands in JSON and in addresses, one line for each text.
func plainText(text string) string {
	var b strings.Builder
	write := func(s string) { b.WriteString(s + "\n" + unescaped.Replace(s) + "\n") }
	add := func(s string) {
		write(s)
		for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '&' || r == ' ' }) {
			if plain, err := url.QueryUnescape(part); err == nil && plain != part {
				write(plain)
			}
		}
	}
	d := json.NewDecoder(strings.NewReader(text))
	for strings.HasPrefix(text, "{") {
		t, err := d.Token()
		if err != nil {
			rest, _ := io.ReadAll(d.Buffered()) // reading a text does not fail
			add(string(rest))
			return b.String()
		}
		if s, ok := t.(string); ok {
			add(s)
		}
	}
	add(text)
	return b.String()
}

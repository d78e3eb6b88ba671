package models

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

const (
	// maxFound bounds how many deliveries an id or a number finds.
	maxFound = 500
	// leastPhone is how many digits are a phone number.
	leastPhone = 7
)

// foundBy are the ways by which an id or a number names deliveries.
const (
	foundByMessage  = `SELECT delivery_id FROM messages WHERE wamid = ? UNION SELECT delivery_id FROM statuses WHERE wamid = ? UNION SELECT delivery_id FROM responses WHERE wamid = ?`
	foundByCustomer = `SELECT delivery_id FROM messages WHERE contact_id IN (SELECT id FROM contacts WHERE phone = ? AND phone <> '')`
	foundByNumber   = `SELECT id FROM deliveries WHERE id = ?`
)

// text makes a condition of Text: an id of a delivery, an id of a message or a customer's number is found by its index,
// at most 500 of the newest deliveries. Anything else is looked for in the bodies as they came, upper and lower case apart,
// also where JSON writes it with escapes; as soon as answers of any flow are hidden, only where none are.
func (s *deliverySearch) text(ctx context.Context) error {
	text := strings.TrimSpace(s.f.Text)
	if text == "" {
		return nil
	}
	if err := CheckSearch(text); err != nil {
		return err
	}
	if !s.f.InBodies || s.f.NamesOnly {
		ids, err := s.db.deliveriesNamed(ctx, text, !s.f.NamesOnly)
		if err != nil {
			return err
		}
		if len(ids) > 0 || s.f.NamesOnly {
			s.ids = append([]int64{-1}, ids...) // so that it is never empty
			return nil
		}
	}
	contains := `instr(d.body, ?) > 0`
	if s.db.engine.dialect().postgres {
		contains = `position(?::bytea in d.body) > 0`
	}
	var forms []string
	var args []any
	for _, form := range bodyForms(text) {
		forms, args = append(forms, contains), append(args, []byte(form))
	}
	s.rest.and(`(`+strings.Join(forms, ` OR `)+`)`, args...)
	hidden, err := s.db.Sensitive(ctx, 0)
	if err == nil && !hidden.None() {
		s.withoutHidden(contains, hidden)
	}
	return err
}

// mostHiddenKeys bounds a query.
const mostHiddenKeys = 100

// withoutHidden leaves out bodies that may hold hidden answers: what is hidden must not be found out by asking. Of those that
// were not understood it is the ones in which such a key stands.
func (s *deliverySearch) withoutHidden(contains string, hidden Sensitive) {
	s.rest.and(`NOT `+s.db.engine.dialect().holds(`' ' || d.kinds || ' '`), ` response `)
	keys := slices.Collect(maps.Keys(hidden.keys))
	if len(keys) > mostHiddenKeys {
		s.rest.and(`d.state = 'done'`)
		return
	}
	var some where
	for _, key := range keys {
		for _, form := range bodyForms(key[strings.LastIndexByte(key, '.')+1:]) {
			some.and(contains, []byte(form))
		}
	}
	s.rest.and(`(d.state = 'done' OR NOT (`+strings.Join(some.parts, ` OR `)+`))`, some.args...)
}

// inBodies tells whether bodies are read.
func (s *deliverySearch) inBodies() bool { return s.ids == nil && strings.TrimSpace(s.f.Text) != "" }

func (db *DB) deliveriesNamed(ctx context.Context, text string, numbers bool) ([]int64, error) {
	var parts []string
	var args []any
	if id, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64); err == nil {
		parts, args = append(parts, foundByNumber), append(args, id)
	}
	wamid := bounded(text)
	parts, args = append(parts, foundByMessage), append(args, wamid, wamid, wamid)
	if phone := digits(text); numbers && len(phone) >= leastPhone && strings.Trim(text, "+0123456789 -()./") == "" {
		parts, args = append(parts, foundByCustomer), append(args, phone)
	}
	rows, err := db.reader().QueryContext(ctx, `SELECT * FROM (`+strings.Join(parts, ` UNION `)+`) AS found ORDER BY 1 DESC LIMIT ?`, append(args, maxFound)...)
	return collect(rows, err, func(id *int64, row scanner) error { return row.Scan(id) })
}

// bodyForms are the ways in which a body may hold a text: as it is, and as JSON escapes it.
func bodyForms(text string) []string {
	forms := []string{text}
	var plain, escaped strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			plain.WriteByte('\\')
			escaped.WriteByte('\\')
		case r == '/':
			escaped.WriteByte('\\')
		}
		plain.WriteRune(r)
		if r < 0x80 {
			escaped.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&escaped, `\u%04x`, u)
		}
	}
	for _, form := range []string{plain.String(), escaped.String()} {
		if form != forms[0] && form != forms[len(forms)-1] {
			forms = append(forms, form)
		}
	}
	return forms
}

package models

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"time"
)

// scrubbed stands where a number or an id stood in a text of somebody else.
const scrubbed = "•••"

// fewestDigits is how short a number may be for it to be looked for in texts: shorter ones are in every text.
const fewestDigits = 7

// A scrubber takes people out of the bodies of deliveries.
type scrubber struct {
	phones []string // digits
	ids    []string // business-scoped ids and ids of messages
}

// maybeNumber is what may be a number of a customer: as many digits as fewestDigits, separators between them.
var maybeNumber = regexp.MustCompile(`\+?[0-9](?:[ ().\-/]{0,2}[0-9]){6,}`)

// withoutNumbers hides whatever may be the number of a customer, for texts that stay for good, as those of the audit log do. A
// date is none.
func withoutNumbers(text string) string {
	return maybeNumber.ReplaceAllStringFunc(text, func(s string) string {
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return s
		}
		return scrubbed
	})
}

// names tells whether a text holds a number, however its digits are grouped, or an id.
func (s scrubber) names(text string) bool {
	for _, id := range s.ids {
		if strings.Contains(text, id) {
			return true
		}
	}
	for _, phone := range s.phones {
		if at, _ := findDigits(text, phone, 0); at >= 0 {
			return true
		}
	}
	return false
}

// is tells whether a text is a number or an id and nothing else.
func (s scrubber) is(text string) bool {
	for _, id := range s.ids {
		if text == id {
			return true
		}
	}
	for _, phone := range s.phones {
		if at, n := findDigits(text, phone, 0); at >= 0 && n == len(text) {
			return true
		}
	}
	return false
}

// blank hides numbers and ids in a text.
func (s scrubber) blank(text string) string {
	for _, id := range s.ids {
		text = strings.ReplaceAll(text, id, scrubbed)
	}
	for _, phone := range s.phones {
		for at, n := findDigits(text, phone, 0); at >= 0; at, n = findDigits(text, phone, at+len(scrubbed)) {
			text = text[:at] + scrubbed + text[at+n:]
		}
	}
	return text
}

// findDigits finds a number in a text from a place on, with a plus in front and separators between its digits allowed: where
// it begins, -1 for nowhere, and how many bytes it has. Digits in a longer number are somebody else's: 8613055550123 is not
// 13055550123.
func findDigits(text, number string, from int) (at, size int) {
	if len(number) < fewestDigits {
		return -1, 0
	}
	for at = from; at < len(text); at++ {
		if text[at] != number[0] && text[at] != '+' {
			continue
		}
		if n := spelled(text[at:], number); n > 0 && begins(text, at) && !startsWithDigit(text[at+n:]) {
			return at, n
		}
	}
	return -1, 0
}

// numberBegins is what may stand before a number: no digit, unless it is that of an escape in JSON or in an address, or what
// is dialled to call abroad.
var numberBegins = regexp.MustCompile(`(?:^|[^0-9]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})(?:00|011)?$`)

// begins tells whether a number may begin at a place of a text.
func begins(text string, at int) bool {
	const longest = len(`\u0000011`)
	return text[at] == '+' || numberBegins.MatchString(text[max(0, at-longest-1):at])
}

func startsWithDigit(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }

// spelled is how many bytes at the start of a text spell a number, 0 when they do not.
func spelled(text, number string) int {
	n, at := 0, 0
	if text[0] == '+' {
		n = 1
	}
	for ; n < len(text) && at < len(number); n++ {
		switch {
		case text[n] == number[at]:
			at++
		case at > 0 && strings.IndexByte(" -.()/", text[n]) >= 0:
		default:
			return 0
		}
	}
	if at < len(number) {
		return 0
	}
	return n
}

// body takes people out of a body: of a list, such as that of messages, go the entries that are about them; in texts of
// others their numbers are hidden. A body that is not JSON goes whole. changed is false when it names none of them.
func (s scrubber) body(raw []byte) (clean []byte, changed bool) {
	if !s.names(string(raw)) {
		return raw, false
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return []byte("{}"), true
	}
	if _, err := d.Token(); err != io.EOF {
		return []byte("{}"), true
	}
	v, about := s.value(v)
	text, err := encodeJSON(v)
	if about || err != nil || s.names(text) {
		return []byte("{}"), true
	}
	return []byte(text), true
}

// value is a value without them; about tells that it is about one of them, so that the list it stands in loses it.
func (s scrubber) value(v any) (clean any, about bool) {
	switch v := v.(type) {
	case string:
		if s.is(v) {
			return scrubbed, true
		}
		return s.blank(v), false
	case json.Number:
		if s.names(v.String()) {
			return scrubbed, true
		}
	case []any:
		return s.list(v), false
	case map[string]any:
		return s.object(v)
	}
	return v, false
}

func (s scrubber) list(all []any) []any {
	kept := make([]any, 0, len(all))
	for _, item := range all {
		if item, about := s.value(item); !about {
			kept = append(kept, item)
		}
	}
	return kept
}

// object is about them when one of its values is. A card of an address book goes with its number, and a change with the last
// of its messages.
func (s scrubber) object(o map[string]any) (clean map[string]any, about bool) {
	clean = make(map[string]any, len(o))
	for key, v := range o {
		if s.names(key) {
			about = true
			continue
		}
		now, is := s.value(v)
		about = about || is
		if before, ok := v.([]any); ok && key == "phones" && len(now.([]any)) < len(before) {
			about = true
		}
		clean[key] = now
	}
	return clean, about
}

package views

import (
	"regexp"
	"strings"
	"time"
)

// maybeNumber is what may be a phone number: seven digits or more, signs between them.
var maybeNumber = regexp.MustCompile(`\+?[0-9](?:[ ().\-/]{0,2}[0-9]){6,}`)

// MaskNumbers hides whatever may be a phone number in text; a date is none.
func MaskNumbers(text string) string {
	return maybeNumber.ReplaceAllStringFunc(text, func(s string) string {
		if _, err := time.Parse(time.DateOnly, s); err == nil {
			return s
		}
		return MaskPhone(s)
	})
}

// MaskIn hides every occurrence of a phone number in text, however its digits are grouped: "+55 11 9999-0017" and
// "551199990017" alike. Numbers of fewer than six digits are no phone numbers and hide nothing.
func MaskIn(text, phone string) string {
	digits := phoneDigits(phone)
	if len(digits) < 6 {
		return text
	}
	var b strings.Builder
	masked := MaskPhone(digits)
	for i := 0; i < len(text); {
		n := matchDigits(text[i:], digits)
		if n == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(masked)
		i += n
	}
	return b.String()
}

// matchDigits is how many bytes at the start of text spell the digits, a plus in front and separators between them
// allowed; 0 when they do not.
func matchDigits(text, digits string) int {
	at, n := 0, 0
	if strings.HasPrefix(text, "+") {
		n = 1
	}
	for ; n < len(text) && at < len(digits); n++ {
		switch {
		case text[n] == digits[at]:
			at++
		case at > 0 && strings.IndexByte(" -.()/", text[n]) >= 0:
		default:
			return 0
		}
	}
	if at < len(digits) {
		return 0
	}
	return n
}

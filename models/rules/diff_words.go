package rules

import (
	"strings"
	"unicode/utf8"
)

// longest is how many characters of one text a sentence quotes.
const longest = 240

// text compares two texts; what is their name in the sentence, "" when the subject says it already.
func (d *differ) text(what, a, b string) {
	if what != "" {
		what += " "
	}
	switch {
	case a == b:
	case a == "":
		d.say(what + "added: “" + cut(b) + "”")
	case b == "":
		d.say(what + "removed: “" + cut(a) + "”")
	default:
		d.say(what + became(a, b, a, b))
	}
}

// became says that one text took the place of another. Texts that read alike are told apart by their exact forms.
func became(a, b, exactA, exactB string) string {
	if a == b {
		a, b = a+" ("+exactA+")", b+" ("+exactB+")"
	}
	a, b = apart(a, b)
	return "“" + a + "” became “" + b + "”"
}

// apart shortens two texts so that the place where they begin to differ is seen.
func apart(a, b string) (string, string) {
	if len(a) <= longest && len(b) <= longest {
		return a, b
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	from := max(0, n-longest/4)
	for from > 0 && !utf8.RuneStart(a[from]) { // both are the same up to here
		from--
	}
	lead := ""
	if from > 0 {
		lead = "…"
	}
	return lead + cut(a[from:]), lead + cut(b[from:])
}

// cut shortens a text to what a sentence can hold.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:longest-1])) + "…"
}

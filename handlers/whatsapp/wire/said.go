package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Kind is the sort of thing that an account event is about.
type Kind string

// The kinds.
const (
	OfTemplate Kind = "template"
	OfNumber   Kind = "number"
	OfAccount  Kind = "account"
	OfChannel  Kind = "channel"
	OfContacts Kind = "contacts"
	OfHistory  Kind = "history"
	OfErrors   Kind = "errors"
	OfOther    Kind = "other"
)

// Said is an account event in plain words. None of it names a customer.
type Said struct {
	Kind    Kind
	Subject string // what it is about: a template's name, a phone number of ours, …; may be empty
	Channel string // 360dialog's channel, else our phone number, else the account; may be empty
	Summary string // one sentence
}

const (
	maxName    = 120 // bytes of a subject or channel
	maxSummary = 300
)

func (s Said) bounded() Said {
	s.Subject, s.Channel, s.Summary = clip(s.Subject, maxName), clip(s.Channel, maxName), clip(s.Summary, maxSummary)
	if s.Kind == "" {
		s.Kind = OfOther
	}
	return s
}

// clip writes s on one line of at most n bytes.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if len(s) <= n {
		return s
	}
	const more = "…"
	n -= len(more)
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + more
}

// constant is a name in Meta's capitals: "missing-capability" and "MISSING_CAPABILITY" are the same.
func constant(s string) string {
	return strings.ToUpper(strings.NewReplacer("-", "_", " ", "_").Replace(strings.TrimSpace(s)))
}

// plain is a name of Meta's as people write it: "LIMIT_EXCEEDED" is "limit exceeded".
func plain(s string) string {
	return strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSpace(s)))
}

// sentence joins the parts that are not empty: a head, a colon, what follows it with commas.
func sentence(head string, parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	if len(said) == 0 {
		return head + "."
	}
	return head + ": " + strings.TrimRight(strings.Join(said, ", "), ".") + "."
}

// with puts words before a text that is not empty.
func with(words, text string) string {
	if text == "" {
		return ""
	}
	return words + " " + text
}

// turned is how something went from one state to another.
func turned(what, from, to string) string {
	from, to = plain(from), plain(to)
	switch {
	case from != "" && to != "":
		return what + " from " + from + " to " + to
	case to != "":
		return what + " " + to
	}
	return ""
}

// counted is "1 chat" or "3 chats".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

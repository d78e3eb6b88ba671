package models

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A LikeKind is in what responses are alike.
type LikeKind string

// The kinds of likeness. What a mapping remembers is a token pattern, a customer or a number.
const (
	LikeOne     LikeKind = "one"     // only that response
	LikeKeys    LikeKind = "keys"    // the same answers were asked: the same keys
	LikeToken   LikeKind = "token"   // the token fits a pattern with *
	LikeContact LikeKind = "contact" // the same customer
	LikeNumber  LikeKind = "number"  // it came to the same number of ours
)

// A Like says which responses are meant. Value is the id of the response; the keys as a JSON list; the pattern; the id of
// the contact; our number in digits, or Meta's id of it.
type Like struct {
	Kind  LikeKind
	Value string
}

const (
	maxPattern = 100 // characters of a token pattern
	maxStars   = 5   // in it
)

// CheckPattern says what is wrong with a token pattern: Invalid of field "value".
func CheckPattern(pattern string) error {
	switch {
	case strings.Trim(pattern, "*") == "":
		return &Invalid{"value", "Write how the tokens begin, with * for the rest: booking-*"}
	case len(pattern) > maxPattern:
		return &Invalid{"value", "A pattern has at most 100 characters."}
	case strings.Count(pattern, "*") > maxStars:
		return &Invalid{"value", "A pattern has at most five stars."}
	case strings.ContainsFunc(pattern, func(r rune) bool { return r <= ' ' || r == '\u007f' || r == '\uFFFD' }):
		return &Invalid{"value", "A pattern has no spaces: a token is one word."}
	}
	return nil
}

// fits tells whether a token has the form of a pattern, in which each * stands for any text. It takes the earliest place
// for each part, so its time is bounded by the lengths of both.
func fits(pattern, token string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return token == pattern
	}
	if len(token) < len(first)+len(last) || !strings.HasPrefix(token, first) || !strings.HasSuffix(token, last) {
		return false
	}
	rest := token[len(first) : len(token)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return true
}

// matches tells whether a response is one of those that are meant.
func (l Like) matches(e evidence) bool {
	switch l.Kind {
	case LikeKeys:
		return e.answers != nil && keysOf(e.answers) == l.Value
	case LikeToken:
		return usable(e.token) && fits(l.Value, strings.TrimPrefix(e.token, testPrefix))
	case LikeContact:
		return e.contact > 0 && strconv.FormatInt(e.contact, 10) == l.Value
	case LikeNumber:
		return l.Value != "" && (digits(e.phoneNumber) == l.Value || e.phoneID == l.Value)
	}
	return false
}

// keysOf names the answers of a response, by name.
func keysOf(answers map[string]any) string {
	keys := slices.Sorted(maps.Keys(answers))
	if len(keys) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(keys) // texts always can be
	return string(text)
}

// TokenPattern is the pattern of tokens that begin like one, "" when its beginning says nothing: what stands before the
// first part that holds a digit, in "booking-8842" or "order_77a2".
func TokenPattern(token string) string {
	token = strings.TrimPrefix(token, testPrefix)
	if !usable(token) {
		return ""
	}
	digit := strings.IndexFunc(token, func(r rune) bool { return r >= '0' && r <= '9' })
	head := token
	if digit >= 0 {
		head = token[:digit]
	}
	cut := strings.LastIndexAny(head, "-_.:/|#") + 1
	if digit >= 0 && cut == 0 {
		return "" // nobody wrote where the name ends
	}
	head = head[:cut]
	pattern := strings.ReplaceAll(head, "*", "") + "*"
	if len(strings.TrimRight(head, "-_.:/|#")) < 2 || CheckPattern(pattern) != nil || !fits(pattern, token) {
		return ""
	}
	return pattern
}

package rules

import (
	"strings"
	"unicode"
)

// looksLikeEmail accepts a bare address with a dot in the domain; blanks around it, which keyboards add, do
// not count.
func looksLikeEmail(s string) bool {
	if len(s) > maxBlank {
		return false
	}
	local, domain, ok := strings.Cut(strings.TrimSpace(s), "@")
	if !ok || len(local) == 0 || len(local) > 64 || len(domain) > 253 || !strings.Contains(domain, ".") {
		return false
	}
	for part := range strings.SplitSeq(local, ".") {
		if part == "" || strings.ContainsFunc(part, notInLocal) {
			return false
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, notInDomain) {
			return false
		}
	}
	return true
}

func letterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func notInLocal(r rune) bool {
	return !letterOrDigit(r) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func notInDomain(r rune) bool { return !letterOrDigit(r) && r != '-' }

// looksLikePhone accepts an optional + and 7 to 15 digits, with blanks, dots, dashes and brackets between.
func looksLikePhone(s string) bool {
	if len(s) > 100 {
		return false
	}
	n := 0
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r == '+' && i == 0:
		case r == ' ' || r == '.' || r == '-' || r == '(' || r == ')':
		default:
			return false
		}
	}
	return n >= 7 && n <= 15
}

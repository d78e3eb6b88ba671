package models

import (
	"regexp"
	"strings"
	"testing"
)

func TestStarsStandForAnyText(t *testing.T) {
	for _, c := range []struct {
		pattern, token string
		want           bool
	}{
		{"booking-*", "booking-1", true}, {"booking-*", "booking-", true}, {"booking-*", "Booking-1", false}, {"*-7", "a-7", true}, {"a*a", "a", false},
		{"a*a", "aa", true}, {"a*b*c", "a1b2c", true}, {"a*b*c", "acb", false}, {"a**c", "abc", true}, {"exact", "exact", true}, {"exact", "exactly", false},
		{"[a]?*", "[a]?1", true}, {"[a]*", "a1", false}, {".*", "x", false},
	} {
		if got := fits(c.pattern, c.token); got != c.want {
			t.Errorf("fits(%q, %q) = %t; want %t", c.pattern, c.token, got, c.want)
		}
	}
}

// FuzzPatternsFitAsRegularExpressionsWould holds fits against the slow way to say the same.
func FuzzPatternsFitAsRegularExpressionsWould(f *testing.F) {
	f.Add("a*b", "axxb")
	f.Add("*ab*ab*", "abab")
	f.Fuzz(func(t *testing.T, pattern, token string) {
		if len(pattern) > 50 || len(token) > 200 || !strings.Contains(pattern, "*") {
			return
		}
		pattern, token = asUTF8(pattern), asUTF8(token)
		slow := regexp.MustCompile(`(?s)^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `$`)
		if got, want := fits(pattern, token), slow.MatchString(token); got != want {
			t.Errorf("fits(%q, %q) = %t; want %t", pattern, token, got, want)
		}
	})
}

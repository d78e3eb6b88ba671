package models_test

import (
	"strings"
	"testing"

	"switchyard/models"
)

func TestATokenPatternIsWhatStandsBeforeTheFirstNumberedPart(t *testing.T) {
	for token, want := range map[string]string{
		"booking-8842": "booking-*", "order_77a2": "order_*", "ext-campaign-7-abc": "ext-campaign-*", "test.booking-1": "booking-*",
		"survey.abcdef": "survey.*", "a.b.c": "a.b.*", "order8842": "", "8842-booking": "", "": "", "unused": "", "word": "", "a-1": "",
		"9f3c2b1a-0000-4000-8000-000000000000": "", "booking-" + strings.Repeat("x", 300) + "-1": "", "b*ok-1": "", "naïve-1": "naïve-*", "two words-1": "",
	} {
		if got := models.TokenPattern(token); got != want {
			t.Errorf("TokenPattern(%.40q) = %q; want %q", token, got, want)
		}
	}
}

func TestWrongPatternsAreRefused(t *testing.T) {
	for pattern, good := range map[string]bool{
		"booking-*": true, "*-booking": true, "a*b*c": true, "exact": true, "": false, "*": false, "**": false, "a b*": false, "a\n*": false,
		"a*b*c*d*e*f*": false, strings.Repeat("x", 101): false,
	} {
		if err := models.CheckPattern(pattern); (err == nil) != good {
			t.Errorf("CheckPattern(%.40q) = %v; want good = %t", pattern, err, good)
		}
	}
}

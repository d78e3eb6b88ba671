package views_test

import (
	"strings"
	"testing"

	"switchyard/views"
)

func TestMaskedPhonesKeepCountryAndLastTwoDigits(t *testing.T) {
	for number, want := range map[string]string{
		"5511987654317":           "+55 •••• 17", // Brazil
		"+55 11 98765-4317":       "+55 •••• 17",
		"14155550123":             "+1 •••• 23",   // North America
		"79161234567":             "+7 •••• 67",   // Russia
		"351912345678":            "+351 •••• 78", // Portugal
		"919812345642":            "+91 •••• 42",  // India
		"442071838750":            "+44 •••• 50",  // Britain
		"35312345678":             "+353 •••• 78", // Ireland
		"(55) 11 98765.4317":      "+55 •••• 17",
		"1234567":                 "••••", // too short to hide anything in
		"":                        "••••",
		"US.13491208655302741918": "••••", // an id of a person without a number
		"<script>":                "••••",
	} {
		if got := views.MaskPhone(number); got != want {
			t.Errorf("MaskPhone(%q) = %q; want %q", number, got, want)
		}
	}
}

func FuzzMaskedPhonesShowAtMostFiveDigits(f *testing.F) {
	f.Add("5511987654317")
	f.Add("US.1349")
	f.Fuzz(func(t *testing.T, number string) {
		got := views.MaskPhone(number)
		digits := strings.Count(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, got), "0")
		if digits > 5 || strings.ContainsAny(got, "<>&\"'") {
			t.Errorf("MaskPhone(%q) = %q shows too much", number, got)
		}
	})
}

func TestPhonesAreShownWithAPlus(t *testing.T) {
	for number, want := range map[string]string{"5511987654317": "+5511987654317", "+55 11 98765-4317": "+5511987654317", "US.1349": "US.1349", "": ""} {
		if got := views.Phone(number); got != want {
			t.Errorf("Phone(%q) = %q; want %q", number, got, want)
		}
	}
}

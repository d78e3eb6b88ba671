package views

import "strings"

// Phone is a number as people write it, with a plus sign in front of its digits: "+5511999990017".
// What is not a number is given back as it is.
func Phone(number string) string {
	digits := phoneDigits(number)
	if digits == "" {
		return number
	}
	return "+" + digits
}

// MaskPhone shows the country code and the last two digits: "+55 •••• 17". A number of fewer than
// eight digits, or anything else, is hidden wholly.
func MaskPhone(number string) string {
	digits := phoneDigits(number)
	if len(digits) < 8 {
		return "••••"
	}
	return "+" + digits[:countryCode(digits)] + " •••• " + digits[len(digits)-2:]
}

// phoneDigits is the digits of number, or "" when it holds anything that no phone number has.
func phoneDigits(number string) string {
	var b strings.Builder
	for i, r := range number {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0, strings.ContainsRune(" -.()", r):
		default:
			return ""
		}
	}
	return b.String()
}

// twoDigitCodes are the country codes of two digits (ITU E.164); those that begin with 1 or 7 have
// one digit, all others three.
const twoDigitCodes = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58" +
	" 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

func countryCode(digits string) int {
	switch {
	case digits[0] == '1' || digits[0] == '7':
		return 1
	case strings.Contains(twoDigitCodes, " "+digits[:2]+" "):
		return 2
	}
	return 3
}

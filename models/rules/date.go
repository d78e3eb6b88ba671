package rules

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// A date is a calendar day, or an instant with the day that it falls on in the rule set's zone.
type date struct {
	day   int   // since 1970-01-01
	at    int64 // microseconds since 1970, of an instant
	whole bool  // a day without a time
}

const dayForm = "2006-01-02"

func dateOf(t time.Time, zone *time.Location) date {
	y, m, d := t.In(zone).Date()
	return date{day: int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400), at: t.UnixMicro()}
}

// toDate reads YYYY-MM-DD or RFC 3339; with epoch also milliseconds since 1970 as text, which older date
// pickers submit (9 to 15 digits, so that ages and prices are no dates).
func toDate(v any, zone *time.Location, epoch bool) (date, bool) {
	var s string
	switch v := v.(type) {
	case date:
		return v, true
	case time.Time:
		return dateOf(v, zone), true
	case string:
		if len(v) > maxBlank {
			return date{}, false
		}
		s = strings.TrimSpace(v)
	default:
		if !epoch || !isNumber(v) {
			return date{}, false
		}
		s, _ = scalarText(v)
	}
	switch {
	case len(s) == len(dayForm) && s[4] == '-' && s[7] == '-':
		return readDay(s)
	case len(s) >= len("2006-01-02T15:04:05Z") && len(s) <= 40 && s[10] == 'T':
		t, err := time.Parse(time.RFC3339, s)
		return dateOf(t, zone), err == nil
	case epoch:
		return readEpoch(s, zone)
	}
	return date{}, false
}

func readDay(s string) (date, bool) {
	y, yok := digits(s[:4])
	m, mok := digits(s[5:7])
	d, dok := digits(s[8:])
	if !yok || !mok || !dok {
		return date{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || int(t.Month()) != m { // 31 February was carried over
		return date{}, false
	}
	return date{day: int(t.Unix() / 86400), whole: true}, true
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func readEpoch(s string, zone *time.Location) (date, bool) {
	if n := len(strings.TrimPrefix(s, "-")); n < 9 || n > 15 {
		return date{}, false
	}
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (i > 0 || s[i] != '-') {
			return date{}, false
		}
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	return dateOf(time.UnixMilli(ms), zone), err == nil
}

// compareDates compares by day when one of them is a whole day, else by instant.
func compareDates(a, b date) int {
	if a.whole || b.whole {
		return cmp.Compare(a.day, b.day)
	}
	return cmp.Compare(a.at, b.at)
}

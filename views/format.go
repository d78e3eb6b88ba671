package views

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Ago says how long before now t was: "just now", "4 min ago", "3 days ago"; after 30 days it is the
// date in UTC. A time ahead of now is "in 5 min".
func Ago(now, t time.Time) string {
	d := now.Sub(t)
	if d > -45*time.Second && d < 45*time.Second {
		return "just now"
	}
	if d.Abs() >= 30*24*time.Hour {
		return t.UTC().Format("2 Jan 2006")
	}
	if d < 0 {
		return "in " + span(-d)
	}
	return span(d) + " ago"
}

// span rounds d to its largest unit. The script in the browser does the same sum.
func span(d time.Duration) string {
	if m := int(math.Round(d.Minutes())); m < 60 {
		return strconv.Itoa(max(m, 1)) + " min"
	}
	if h := int(math.Round(d.Hours())); h < 24 {
		return strconv.Itoa(h) + " h"
	}
	days := int(math.Round(d.Hours() / 24))
	if days == 1 {
		return "1 day"
	}
	return strconv.Itoa(days) + " days"
}

// DateTime is a moment in full, in the zone: "20 Nov 2026, 08:12:04 UTC". A nil zone is UTC.
func DateTime(t time.Time, zone *time.Location) string {
	return t.In(orUTC(zone)).Format("2 Jan 2006, 15:04:05 MST")
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// Number is n with a comma between thousands: "1,284".
func Number[T ~int | ~int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, digit := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return sign + b.String()
}

// Percent is a share of one as a percentage with at most one decimal: 0.125 is "12.5%".
func Percent(share float64) string {
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return "–"
	}
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64) + "%"
}

// Milliseconds is a short duration: "340 ms", from a second on "1.2 s".
func Milliseconds(d time.Duration) string {
	ms := d.Round(time.Millisecond).Milliseconds()
	if ms < 1000 && ms > -1000 {
		return fmt.Sprintf("%d ms", ms)
	}
	return strconv.FormatFloat(math.Round(float64(ms)/100)/10, 'f', -1, 64) + " s"
}

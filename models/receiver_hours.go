package models

import (
	"slices"
	"time"
)

// dayMinutes is how many a day has on most days.
const dayMinutes = 24 * 60

// Hours are when somebody may be told something.
type Hours struct {
	Days     []int  // 1 is Monday, 7 Sunday; none: every one
	From, To int    // minutes of the day, half-open; To before From: past midnight, of the day before; equal: all day
	Zone     string // IANA
}

// Open tells whether a time is within them. An unknown zone is UTC: rather at a wrong hour than never.
func (h Hours) Open(now time.Time) bool {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		zone = time.UTC
	}
	now = now.In(zone)
	minute := now.Hour()*60 + now.Minute()
	on := func(t time.Time) bool {
		return len(h.Days) == 0 || slices.Contains(h.Days, 1+(int(t.Weekday())+6)%7)
	}
	switch {
	case h.From == h.To:
		return on(now)
	case h.From < h.To:
		return on(now) && minute >= h.From && minute < h.To
	case minute >= h.From:
		return on(now)
	}
	return minute < h.To && on(now.AddDate(0, 0, -1))
}

// Always tells whether there is no other time.
func (h Hours) Always() bool { return len(h.Days) == 0 && h.From == h.To }

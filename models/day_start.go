package models

import "time"

// StartOfDay is the first instant of a day in a zone; month and day may lie outside their range, as for [time.Date]. Where
// midnight does not come, that is one in the morning, and of midnights that come twice the first; a day that never was
// begins with the next one.
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	const step = 15 * time.Minute // clocks change at quarters of an hour
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	begun := func(t time.Time) bool {
		ty, tm, td := t.In(zone).Date()
		return ty > y || ty == y && (tm > m || tm == m && td >= d)
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if begun(t) && !begun(t.Add(-step)) && t.Hour() == 0 {
		return t
	}
	for t = time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Add(-26 * time.Hour); !begun(t); t = t.Add(step) {
	}
	return t.In(zone)
}

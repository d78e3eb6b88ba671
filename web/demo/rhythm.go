package demo

import (
	"math/rand/v2"
	"slices"
	"time"
)

// byWeekday is how busy days are, Sunday first; byHour likewise, from midnight, in the business's own time.
var (
	byWeekday = [7]int{40, 112, 108, 100, 98, 104, 62}
	byHour    = [24]int{3, 2, 1, 1, 1, 3, 10, 28, 52, 70, 78, 74, 66, 58, 60, 64, 68, 74, 82, 86, 70, 44, 22, 9}
)

// rhythm is n times of the past two months in order: more by day than by night, fewer at the weekend, a little more
// each week.
func rhythm(r *rand.Rand, end time.Time, n int) []time.Time {
	begin := end.Add(-past).Truncate(hour)
	hours := int(end.Sub(begin) / hour)
	sums := make([]float64, hours)
	total := 0.0
	mood := 1.0 // of the day
	for i := range sums {
		t := begin.Add(time.Duration(i) * hour)
		if t.Hour() == 0 || i == 0 {
			mood = 0.8 + 0.4*r.Float64()
		}
		total += float64(byWeekday[t.Weekday()]*byHour[t.Hour()]) * mood * (0.7 + 0.5*float64(i)/float64(hours))
		sums[i] = total
	}
	times := make([]time.Time, n)
	for i := range times {
		at, _ := slices.BinarySearch(sums, r.Float64()*total)
		times[i] = begin.Add(time.Duration(min(at, hours-1))*hour + time.Duration(r.Int64N(int64(hour))))
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

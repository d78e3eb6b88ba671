package alert_test

import (
	"slices"
	"testing"
	"time"

	"switchyard/models/alert"
)

func TestGapsAreTheTimesWithoutAnAnswer(t *testing.T) {
	start := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	minute := func(n int, t alert.Tally) alert.Minute {
		return alert.Minute{At: start.Add(time.Duration(n) * time.Minute), Tally: t}
	}
	pinged, answered, busy := alert.Tally{Pings: 1}, alert.Tally{Answered: 3}, alert.Tally{Busy: 9}
	for _, c := range []struct {
		name    string
		minutes []alert.Minute
		want    [][2]int
	}{
		{"nothing is known", nil, nil},
		{"refusals are no answers", []alert.Minute{minute(3, busy)}, nil},
		{"pings and answers end a gap", []alert.Minute{minute(0, pinged), minute(7, answered), minute(8, busy), minute(13, pinged)}, [][2]int{{1, 7}, {8, 13}, {14, 20}}},
		{"shorter ones are none", []alert.Minute{minute(4, pinged), minute(9, pinged), minute(16, answered)}, [][2]int{{10, 16}}},
	} {
		var got [][2]int
		for _, g := range alert.Gaps(c.minutes, start, start.Add(20*time.Minute), 5*time.Minute) {
			got = append(got, [2]int{int(g.From.Sub(start).Minutes()), int(g.To.Sub(start).Minutes())})
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: Gaps = %v; want %v", c.name, got, c.want)
		}
	}
}

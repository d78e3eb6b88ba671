package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"switchyard/models/filter"
)

// someSpreads asks for every answer in some way; one is no answer of any response.
func someSpreads(random *rand.Rand) (keys []SpreadKey) {
	for _, k := range append(slices.Clone(answerNames), "nobody's") {
		keys = append(keys, SpreadKey{k, []Spread{"", ByText, ByChoice, ByYesNo, ByNumber, ByDay, OnlyHave}[random.IntN(7)]})
	}
	return keys
}

// TestADistributionAgreesWithASlowReading counts each bar by what the condition that it stands for says of each response.
func TestADistributionAgreesWithASlowReading(t *testing.T) {
	for engine, db := range openEngines(t) {
		t.Run(engine, func(t *testing.T) {
			random := rand.New(rand.NewPCG(7, 8))
			all := manyAnswered(t, db, random, 250)
			byID := map[int64]Response{}
			for _, r := range all {
				byID[r.ID] = r
			}
			bars := 0
			for i := range 80 {
				f := ResponseFilter{FlowID: 1, Tests: true}
				if i%4 > 0 {
					f.Where = someCondition(random, 1)
				}
				if random.IntN(4) == 0 {
					f.Follow, f.Text = someFollowUp(random), ""
				}
				if random.IntN(4) == 0 {
					f.Outcome = append(outcomes[1:], NoOutcome)[random.IntN(3)]
				}
				s, err := db.responseSearch(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				s.glance, s.candidates, s.examine = 3, []int{4, 10_000}[random.IntN(2)], 40
				most, zone := []int{30, 1000}[random.IntN(2)], time.FixedZone("east", 9*3600)
				d, err := s.spread(t.Context(), someSpreads(random), zone, most)
				if err != nil {
					t.Fatal(err)
				}
				ids := slowPage(all, f)
				read := each(ids[:min(len(ids), most)], func(id int64) Response { return byID[id] })
				say := fmt.Sprintf("%s %+v, %d at most", f.Where, f.Follow, most)
				if d.Read != len(read) || d.More != (len(ids) > most) || d.Whole.N != len(ids) || d.Whole.More {
					t.Fatalf("%s: read %d, more %v, whole %+v; want %d of %d", say, d.Read, d.More, d.Whole, len(read), len(ids))
				}
				for _, o := range d.Outcomes {
					if n := len(slices.DeleteFunc(slices.Clone(read), func(r Response) bool { return r.Outcome != o.Value })); n != o.N {
						t.Fatalf("%s: %d with outcome %q; want %d", say, o.N, o.Value, n)
					}
				}
				bars += checkSpreads(t, say, d, read)
				checkReceived(t, say, d, read, zone)
			}
			if bars < 500 {
				t.Errorf("%d bars count something; that shows little", bars)
			}
		})
	}
}

func checkSpreads(t *testing.T, say string, d Distribution, read []Response) (filled int) {
	t.Helper()
	fits := func(c filter.Condition) (n int) {
		for _, r := range read {
			if c.Truth(itemsOf(r)) == filter.True {
				n++
			}
		}
		return n
	}
	for _, f := range d.Fields {
		if empty := fits(f.WhereEmpty()); f.Empty != empty || f.Filled != len(read)-empty {
			t.Fatalf("%s: %s has %d filled, %d empty; want %d of %d empty", say, f.Key, f.Filled, f.Empty, empty, len(read))
		}
		var within []filter.Condition
		for _, b := range f.Bars {
			if b.N > 0 {
				filled++
			}
			if err := f.Where(b).Check(); err != nil {
				t.Fatalf("%s: %s is no condition: %v", say, f.Where(b), err)
			}
			if want := fits(f.Where(b)); b.N != want {
				t.Fatalf("%s: bar %s of %s (%s) = %d; want %d", say, f.Where(b), f.Key, f.By, b.N, want)
			}
			within = append(within, f.Where(b))
		}
		if f.By == ByChoice || f.By == ByNumber || f.By == ByDay || f.By == ByYesNo {
			some := 0
			if len(within) > 0 {
				some = fits(filter.Condition{Join: filter.Any, Parts: within})
			}
			if least := f.Filled - some; f.Other > least && f.By != ByYesNo || f.By == ByNumber && f.Other != least || f.By == ByChoice && least > 0 {
				t.Fatalf("%s: %s by %s has %d others; %d of %d are in a bar", say, f.Key, f.By, f.Other, some, f.Filled)
			}
		}
	}
	return filled
}

// checkReceived holds the days of receipt against those in the zone.
func checkReceived(t *testing.T, say string, d Distribution, read []Response, zone *time.Location) {
	t.Helper()
	total := 0
	for _, b := range d.Days {
		to, want := b.To, 0
		if to == "" {
			to = b.From
		}
		for _, r := range read {
			if day := r.ReceivedAt.In(zone).Format(time.DateOnly); day >= b.From && day <= to {
				want++
			}
		}
		if b.N != want {
			t.Fatalf("%s: received %s to %s: %d; want %d", say, b.From, to, b.N, want)
		}
		total += b.N
	}
	if total != len(read) {
		t.Fatalf("%s: %d received; want %d", say, total, len(read))
	}
}

func TestWithoutAFlowFlowsAndStatesAreCounted(t *testing.T) {
	for engine, db := range openEngines(t) {
		t.Run(engine, func(t *testing.T) {
			all := manyAnswered(t, db, rand.New(rand.NewPCG(9, 9)), 60)
			d, err := db.Distribution(t.Context(), ResponseFilter{Tests: true}, nil, time.UTC)
			if err != nil || d.Read != len(all) || len(d.States) != 1 || d.States[0] != (SpreadCount{"complete", "", 60}) || len(d.Fields) != 0 {
				t.Errorf("Distribution() = %+v, %v; want 60 complete ones", d, err)
			}
		})
	}
}

func TestRangesHaveRoundEnds(t *testing.T) {
	for _, c := range []struct {
		numbers []float64
		want    string
	}{
		{[]float64{3, 1, 1}, "1:2 3:1"},
		{[]float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99}, "0..9:10 10..19:1 20..29:0 30..39:0 40..49:0 50..59:0 60..69:0 70..79:0 80..89:0 90..99:1"},
		{[]float64{0, .5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5}, "0..0.9:2 1..1.9:2 2..2.9:2 3..3.9:2 4..4.9:2 5..5.9:1"},
		{[]float64{-11, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0}, "-12..-11:1 -10..-9:1 -8..-7:2 -6..-5:2 -4..-3:2 -2..-1:2 0..1:1"},
		{[]float64{19.99, 20, 20.01, 21, 22, 23, 24, 25, 26, 27, 28.5}, "19..19.99:1 20..20.99:2 21..21.99:1 22..22.99:1 23..23.99:1 24..24.99:1 25..25.99:1 26..26.99:1 27..27.99:1 28..28.99:1"},
	} {
		var values rangeCount
		for i, v := range c.numbers {
			values.add(i+1, v)
		}
		if got := barsText(numberBars(values.values)); got != c.want {
			t.Errorf("numberBars(%v) = %s; want %s", c.numbers, got, c.want)
		}
	}
	for _, c := range []struct{ days, want string }{
		{"2026-11-20", "2026-11-20:1"},
		{"2026-11-20 2026-11-22", "2026-11-20:1 2026-11-21:0 2026-11-22:1"},
		{"2026-11-20 2026-12-08", "2026-11-16..2026-11-22:1 2026-11-23..2026-11-29:0 2026-11-30..2026-12-06:0 2026-12-07..2026-12-13:1"},
		{"2026-02-31 2026-08-01", "2026-02-01..2026-02-28:1 2026-03-01..2026-03-31:0 2026-04-01..2026-04-30:0 2026-05-01..2026-05-31:0 2026-06-01..2026-06-30:0 2026-07-01..2026-07-31:0 2026-08-01..2026-08-31:1"},
		{"2024-01-01 2025-12-31", "2024-01-01..2024-03-31:1 2024-04-01..2024-06-30:0 2024-07-01..2024-09-30:0 2024-10-01..2024-12-31:0 2025-01-01..2025-03-31:0 2025-04-01..2025-06-30:0 2025-07-01..2025-09-30:0 2025-10-01..2025-12-31:1"},
		{"1950-05-05 2026-01-01", "1950-01-01..1959-12-31:1 1960-01-01..1969-12-31:0 1970-01-01..1979-12-31:0 1980-01-01..1989-12-31:0 1990-01-01..1999-12-31:0 2000-01-01..2009-12-31:0 2010-01-01..2019-12-31:0 2020-01-01..2029-12-31:1"},
	} {
		var values rangeCount
		for i, day := range strings.Fields(c.days) {
			n, _ := readDay(day)
			values.add(i+1, float64(n))
		}
		if got := barsText(dayBars(values.values)); got != c.want {
			t.Errorf("dayBars(%s) = %s; want %s", c.days, got, c.want)
		}
	}
}

func barsText(bars []SpreadBar) (text string) {
	for i, b := range bars {
		if i > 0 {
			text += " "
		}
		if text += b.From; b.To != "" {
			text += ".." + b.To
		}
		text += fmt.Sprint(":", b.N)
	}
	return text
}

// TestEveryNumberIsInOneRange draws numbers of every size.
func TestEveryNumberIsInOneRange(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		var values rangeCount
		scale, base := math.Pow(10, float64(random.IntN(40)-20)), (random.Float64()-.5)*math.Pow(10, float64(random.IntN(12)))
		for i := range 1 + random.IntN(40) {
			v := base + random.NormFloat64()*scale
			if random.IntN(2) == 0 {
				v = math.Round(v*100) / 100
			}
			values.add(i+1, v)
		}
		bars := numberBars(values.values)
		total := 0
		for _, b := range bars {
			total += b.N
			c := FieldSpread{SpreadKey: SpreadKey{"x", ByNumber}}.Where(b)
			if err := c.Check(); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
			fits := 0
			for _, v := range values.values {
				if c.Truth(func(string) []filter.Item { return []filter.Item{{Text: "n", Number: &v.value}} }) == filter.True {
					fits++
				}
			}
			if fits != b.N {
				t.Fatalf("%s counts %d; want %d of %v", c, b.N, fits, values.values)
			}
		}
		if total != len(values.values) || len(bars) > mostBars {
			t.Fatalf("%s: %d in %d bars; want %d", barsText(bars), total, len(bars), len(values.values))
		}
	}
}

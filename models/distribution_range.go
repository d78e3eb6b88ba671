package models

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	mostBars    = 10 // of a histogram
	mostDecimal = 9  // places that a range is written with
)

// A rangeCount keeps the numbers of responses. A number is kept once for each response.
type rangeCount struct {
	values    []ranged
	responses int // that have one
}

// A ranged is one number of a response.
type ranged struct {
	response int
	value    float64
}

func (c *rangeCount) add(response int, v float64) {
	n := len(c.values)
	if n == 0 || c.values[n-1].response != response {
		c.responses++
	}
	c.values = append(c.values, ranged{response, v})
}

// ends are the smallest and the largest.
func ends(values []ranged) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v.value), max(high, v.value)
	}
	return low, high
}

// A numberSpan is a range of numbers, both ends included, as it is written.
type numberSpan struct {
	low, high float64
	bar       SpreadBar
}

// fill counts for each range the responses with a number in it; ranges are in their order and do not overlap.
func fill(spans []numberSpan, values []ranged) []SpreadBar {
	last := make([]int, len(spans))
	for _, v := range values { // the numbers of a response stand together
		i := sort.Search(len(spans), func(i int) bool { return spans[i].high >= v.value })
		if i < len(spans) && spans[i].low <= v.value && last[i] != v.response {
			last[i] = v.response
			spans[i].bar.N++
		}
	}
	bars := make([]SpreadBar, len(spans))
	for i, s := range spans {
		bars[i] = s.bar
	}
	return bars
}

// numberBars are ranges with round ends over all numbers: between two of them lies no number that has as few decimals as
// those there are. Few numbers are a range each.
func numberBars(values []ranged) []SpreadBar {
	if len(values) == 0 {
		return nil
	}
	if few := fewNumbers(values); few != nil {
		spans := make([]numberSpan, len(few))
		for i, v := range few {
			spans[i] = numberSpan{v, v, SpreadBar{From: plainNumber(v)}}
		}
		return fill(spans, values)
	}
	places := 0
	for _, v := range values {
		places = max(places, decimals(v.value))
	}
	exact := places > mostDecimal
	places = min(places, mostDecimal)
	low, high := ends(values)
	unit := math.Pow(10, -float64(places))
	step := roundStep(high/mostBars - low/mostBars)
	if !exact {
		step = max(step, unit)
	}
	first := math.Floor(low / step)
	for math.Floor(high/step)-first >= mostBars {
		step = roundStep(step * 1.01)
		first = math.Floor(low / step)
	}
	spans := make([]numberSpan, int(math.Floor(high/step)-first)+1)
	for i := range spans {
		from, next := (first+float64(i))*step, (first+float64(i)+1)*step
		to := next - unit
		if exact || to == next {
			to = math.Nextafter(next, math.Inf(-1))
		}
		spans[i] = spanOf(from, max(from, to), places, exact)
	}
	return fill(spans, values)
}

// spanOf writes the ends and reads them back, so that the filter compares with the same numbers.
func spanOf(from, to float64, places int, exact bool) numberSpan {
	write := func(v float64) (string, float64) {
		text := strconv.FormatFloat(v, 'f', places, 64)
		if exact || math.Abs(v) >= 1e15 {
			text = plainNumber(v)
		}
		if strings.Contains(text, ".") && !exact {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		if text == "-0" {
			text = "0"
		}
		read, _ := strconv.ParseFloat(text, 64)
		return text, read
	}
	s := numberSpan{}
	s.bar.From, s.low = write(from)
	s.bar.To, s.high = write(to)
	if s.bar.To == s.bar.From {
		s.bar.To = ""
	}
	return s
}

// plainNumber writes a number so that it reads back as itself.
func plainNumber(v float64) string {
	if math.Abs(v) < 1e21 && (v == 0 || math.Abs(v) >= 1e-9) {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// decimals is how many places a number has behind the point.
func decimals(v float64) int {
	_, behind, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return len(behind)
}

// fewNumbers are all numbers that there are, in their order; nil when there are more than bars.
func fewNumbers(values []ranged) (all []float64) {
	for _, v := range values {
		i, found := slices.BinarySearch(all, v.value)
		if found {
			continue
		}
		if len(all) == mostBars {
			return nil
		}
		all = slices.Insert(all, i, v.value)
	}
	return all
}

// roundStep is the next of 1, 2 or 5 times a power of ten.
func roundStep(raw float64) float64 {
	power := math.Floor(math.Log10(raw))
	for _, m := range []float64{1, 2, 5, 10} {
		// written as text, a power of ten is the number that people mean
		step, _ := strconv.ParseFloat(strconv.FormatFloat(m, 'f', -1, 64)+"e"+strconv.Itoa(int(power)), 64)
		if step >= raw {
			return step
		}
	}
	return raw
}

const secondsOfDay = 24 * 60 * 60

// dayNumber counts days since 1970.
func dayNumber(t time.Time) int { return int(math.Floor(float64(t.Unix()) / secondsOfDay)) }

func dayOf(n int) time.Time { return time.Unix(int64(n)*secondsOfDay, 0).UTC() }

// readDay reads what begins like a day. What the calendar does not have belongs to the day before it, as it does in a
// filter, which compares texts.
func readDay(text string) (n int, ok bool) {
	year, _ := strconv.Atoi(text[:4])
	month, _ := strconv.Atoi(text[5:7])
	day, _ := strconv.Atoi(text[8:10])
	last := time.Date(year, time.Month(min(month, 12)+1), 0, 0, 0, 0, 0, time.UTC)
	switch {
	case month == 0:
		last = time.Date(year, 1, 0, 0, 0, 0, 0, time.UTC)
	case month <= 12 && day <= last.Day():
		last = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	}
	return dayNumber(last), last.Year() >= 1000 && last.Year() < 9990
}

// dayBars are days, weeks from Monday on, months, quarters or years, whichever are few.
func dayBars(values []ranged) []SpreadBar {
	if len(values) == 0 {
		return nil
	}
	low, high := ends(values)
	first, last := dayOf(int(low)), dayOf(int(high))
	begin, next := calendar(first, last)
	var spans []numberSpan
	for t := begin; !t.After(last); t = next(t) {
		until := next(t).AddDate(0, 0, -1)
		s := numberSpan{float64(dayNumber(t)), float64(dayNumber(until)), SpreadBar{From: t.Format(time.DateOnly)}}
		if !until.Equal(t) {
			s.bar.To = until.Format(time.DateOnly)
		}
		spans = append(spans, s)
	}
	return fill(spans, values)
}

// calendar is where the first bar begins, and each next one, so that there are at most mostBars.
func calendar(first, last time.Time) (begin time.Time, next func(time.Time) time.Time) {
	day := func(n int) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.AddDate(0, 0, n) }
	}
	if dayNumber(last)-dayNumber(first) < mostBars {
		return first, day(1)
	}
	monday := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	if dayNumber(last)-dayNumber(monday) < 7*mostBars {
		return monday, day(7)
	}
	months := func(t time.Time) int { return t.Year()*12 + int(t.Month()) - 1 }
	for _, n := range []int{1, 3, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000} {
		if months(last)/n-months(first)/n < mostBars {
			at := months(first) / n * n
			return time.Date(at/12, time.Month(at%12+1), 1, 0, 0, 0, 0, time.UTC), func(t time.Time) time.Time { return t.AddDate(0, n, 0) }
		}
	}
	return first, day(dayNumber(last))
}

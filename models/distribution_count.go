package models

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"switchyard/models/filter"
)

const (
	maxSpreadText   = 60     // bytes of a text that is counted
	maxSpreadChoice = 200    // of one that may be the id of an option
	maxSpreadTexts  = 50_000 // texts of all keys that are told apart
	mostTexts       = 50     // bars of a key with free text
)

// A spreading counts responses one by one.
type spreading struct {
	read     int
	more     bool
	zone     *time.Location
	days     rangeCount
	flows    map[string]*SpreadCount
	states   map[string]*SpreadCount
	outcomes map[string]*SpreadCount // by flow and outcome
	fields   []*fieldCount
	byKey    map[string]*fieldCount
	texts    int // told apart
}

// A fieldCount counts the answers of one key.
type fieldCount struct {
	SpreadKey
	seen    int // the response that was counted last
	filled  int
	items   []filter.Item // of the response at hand
	texts   map[string]int
	left    bool // texts were left out
	long    int  // responses with a text that is too long
	numbers rangeCount
	days    rangeCount
	bools   int // responses of which every item is true or false
	isNum   int // likewise a number
	isDay   int
}

func newSpreading(keys []SpreadKey, zone *time.Location) *spreading {
	c := &spreading{zone: zone, flows: map[string]*SpreadCount{}, states: map[string]*SpreadCount{}, outcomes: map[string]*SpreadCount{}, byKey: map[string]*fieldCount{}}
	for _, k := range keys {
		f := &fieldCount{SpreadKey: k, texts: map[string]int{}}
		c.fields, c.byKey[k.Key] = append(c.fields, f), f
	}
	return c
}

func (c *spreading) add(r *Response) {
	c.read++
	y, m, d := r.ReceivedAt.In(c.zone).Date()
	c.days.add(c.read, float64(dayNumber(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))))
	count(c.flows, r.FlowSlug, r.FlowSlug, r.FlowName)
	count(c.states, string(r.State), string(r.State), "")
	count(c.outcomes, r.FlowSlug+" "+r.Outcome, r.Outcome, r.FlowSlug)
	if len(c.byKey) == 0 {
		return
	}
	var touched []*fieldCount
	for _, a := range answerRows(r.Answers) {
		f := c.byKey[a.Key]
		if f == nil {
			continue
		}
		if f.seen != c.read {
			f.seen, f.items = c.read, f.items[:0]
			touched = append(touched, f)
		}
		f.items = append(f.items, filter.Item{Text: a.Text, Number: a.Number})
	}
	for _, f := range touched {
		c.count(f)
	}
}

func count(in map[string]*SpreadCount, key, value, name string) {
	if in[key] == nil {
		in[strings.Clone(key)] = &SpreadCount{Value: strings.Clone(value), Name: strings.Clone(name)}
	}
	in[key].N++
}

// count counts the items of one response.
func (c *spreading) count(f *fieldCount) {
	f.items = slices.DeleteFunc(f.items, func(i filter.Item) bool { return filter.Blank(i.Text) })
	if len(f.items) == 0 {
		return
	}
	f.filled++
	if f.By == OnlyHave {
		return
	}
	bools, nums, days, long := 0, 0, 0, false
	for at, i := range f.items {
		if i.Text == "true" || i.Text == "false" {
			bools++
		}
		if i.Number != nil {
			nums++
			f.numbers.add(c.read, *i.Number)
		}
		if d, ok := i.Day(); ok {
			if n, ok := readDay(d); ok {
				days++
				f.days.add(c.read, float64(n))
			}
		}
		if slices.ContainsFunc(f.items[:at], func(o filter.Item) bool { return o.Text == i.Text }) {
			continue
		}
		long = !c.countText(f, i.Text) || long
	}
	all := func(n int) int { return map[bool]int{true: 1}[n == len(f.items)] }
	f.bools, f.isNum, f.isDay = f.bools+all(bools), f.isNum+all(nums), f.isDay+all(days)
	if long {
		f.long++
	}
}

// countText counts a text, unless it is long or one too many.
func (c *spreading) countText(f *fieldCount, text string) bool {
	if len(text) > maxSpreadText && (f.By != ByChoice || len(text) > maxSpreadChoice) {
		f.left = true
		return false
	}
	if n, known := f.texts[text]; known {
		f.texts[text] = n + 1
		return true
	}
	if c.texts >= maxSpreadTexts {
		f.left = true
		return false
	}
	c.texts++
	f.texts[strings.Clone(text)] = 1 // a part of the answers would keep them all
	return true
}

func (c *spreading) distribution() Distribution {
	d := Distribution{Read: c.read, Days: dayBars(c.days.values), Flows: byCount(c.flows), States: byCount(c.states), Outcomes: byCount(c.outcomes)}
	for _, f := range c.fields {
		d.Fields = append(d.Fields, f.spread(c.read))
	}
	return d
}

func byCount(counts map[string]*SpreadCount) (all []SpreadCount) {
	for _, c := range counts {
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b SpreadCount) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func (f *fieldCount) spread(read int) FieldSpread {
	s := FieldSpread{SpreadKey: f.SpreadKey, Filled: f.filled, Empty: read - f.filled, Different: len(f.texts), Uncounted: f.left}
	if s.By == "" {
		s.By = f.found()
	}
	switch s.By {
	case ByNumber:
		s.Bars, s.Other = numberBars(f.numbers.values), f.filled-f.numbers.responses
	case ByDay:
		s.Bars, s.Other = dayBars(f.days.values), f.filled-f.days.responses
	case ByYesNo:
		s.Bars = []SpreadBar{{From: "true", N: f.texts["true"]}, {From: "false", N: f.texts["false"]}}
		s.Other = f.filled - f.bools
	case ByChoice:
		s.Bars, s.Other = textBars(f.texts, 1), f.long
	case ByText:
		s.Bars = textBars(f.texts, 2)
		s.Bars = s.Bars[:min(len(s.Bars), mostTexts)]
	}
	return s
}

// found is how an answer of which nothing is known is counted.
func (f *fieldCount) found() Spread {
	switch {
	case f.filled == 0:
		return OnlyHave
	case f.bools == f.filled:
		return ByYesNo
	case f.isDay == f.filled:
		return ByDay
	case f.isNum == f.filled:
		return ByNumber
	}
	return ByText
}

// textBars are the texts that so many responses have, the most frequent first.
func textBars(texts map[string]int, least int) (bars []SpreadBar) {
	for text, n := range maps.All(texts) {
		if n >= least {
			bars = append(bars, SpreadBar{From: text, N: n})
		}
	}
	slices.SortFunc(bars, func(a, b SpreadBar) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.From, b.From)) })
	return bars
}

package views

import (
	"slices"
	"strconv"
	"strings"

	"switchyard/models"
	"switchyard/models/filter"
	"switchyard/models/flowjson"
)

const (
	shownBars   = 8  // of a field with many values
	shownTexts  = 5  // of free text
	barsAtMost  = 30 // of a field with many options
	maxBarLabel = 60 // characters
)

// A DistributionPage is how the responses of a filter are spread.
type DistributionPage struct {
	Page
	Query  ResponseQuery
	Flow   string // its name; "" for all flows
	Chips  []ConditionChip
	Read   string // which responses it tells of
	None   bool   // there are none
	Charts []SpreadChart
	More   int // answers without a chart
	Errors []FieldError
}

// A SpreadChart is one field: bars of values, or ranges in their order.
type SpreadChart struct {
	ID, Label, Key string
	Removed        bool
	Histogram      bool
	Facts          string // "318 answers · 12 empty"
	Bars           []SpreadBar
	Note           string // what no bar tells
	Off            string // the list without what is asked of this field; "" when nothing is
	Asked          bool   // something is
}

// A SpreadBar is one bar; pressing it asks for its responses, or no longer.
type SpreadBar struct {
	ID    string // of an option whose title is the label; else ""
	Label string
	Short string // of a range, under its bar; else ""
	N     int
	Share float64 // of the responses that were read
	Tall  float64 // of the largest bar
	URL   string  // "" of what cannot be asked for
	On    bool
	Empty bool // those without an answer
}

// percent is how long the bar is; one that counts anything can be seen.
func (b SpreadBar) percent() string {
	if b.N == 0 {
		return "0"
	}
	return percent(max(b.Tall*100, 1))
}

// ranges are the bars of a histogram.
func (c SpreadChart) ranges() []SpreadBar {
	if n := len(c.Bars); n > 0 && c.Bars[n-1].Empty {
		return c.Bars[:n-1]
	}
	return c.Bars
}

// share is that of the responses, in words.
func (b SpreadBar) share() string {
	if b.N > 0 && b.Share < .0005 {
		return "<0.1%"
	}
	return Percent(b.Share)
}

// tip is what pointing at a bar tells.
func (b SpreadBar) tip() string {
	text := b.Label + ": " + Number(b.N) + " (" + b.share() + ")"
	if b.ID != "" {
		text += ", " + b.ID
	}
	return text
}

// DistributionWords says which responses a distribution tells of: "The newest 10,000 of 1,284,000 responses".
func DistributionWords(d models.Distribution) string {
	n := Number(d.Read)
	switch {
	case d.Read == 0:
		return ""
	case !d.More && d.Read == 1:
		return "The only response."
	case !d.More:
		return "All " + n + " responses."
	case d.Whole.More && d.Whole.N <= d.Read:
		return "The newest " + n + " of more responses."
	case d.Whole.More:
		return "The newest " + n + " of more than " + Number(d.Whole.N) + " responses."
	}
	return "The newest " + n + " of " + Number(d.Whole.N) + " responses."
}

// A SpreadReader turns what was counted into charts.
type SpreadReader struct {
	Query     ResponseQuery
	Where     filter.Condition
	Answers   Answers
	Forbidden func(filter.Condition) string // why the role may not ask so; "" when it may
	To        func(ResponseQuery) string    // the address that shows a filter
	Read      int
}

// SpreadOf is how the answers of a key are counted for the role: what it may not compare, it may not count either.
func (a Answers) SpreadOf(key string) models.Spread {
	f, _ := a.behind(key)
	if !a.Compares(key) {
		return models.OnlyHave
	}
	if f == nil {
		return ""
	}
	switch a.Kind(key) {
	case flowjson.Number:
		return models.ByNumber
	case flowjson.Choice, flowjson.Choices, flowjson.List:
		return models.ByChoice
	case flowjson.YesNo:
		return models.ByYesNo
	case flowjson.Date:
		return models.ByDay
	case flowjson.Text, flowjson.Email:
		return models.ByText
	}
	return models.OnlyHave
}

// Field is the chart of a column.
func (r SpreadReader) Field(c AnswerColumn, f models.FieldSpread, i int) SpreadChart {
	ch := SpreadChart{ID: "spread-" + strconv.Itoa(i), Label: c.Label, Key: c.Key, Removed: c.Removed, Facts: spreadFacts(f)}
	ch.Histogram = f.By == models.ByNumber || f.By == models.ByDay
	kept := filter.AllOf(slices.DeleteFunc(r.Where.Must(), func(p filter.Condition) bool { return p.Join == "" && p.Key == c.Key })...)
	ch.Asked = slices.Contains(slices.Collect(r.Where.Keys), c.Key)
	if ch.Asked && kept.String() != r.Where.String() {
		ch.Off = r.toWhere(kept)
	}
	ch.Bars, ch.Note = r.bars(f)
	if f.Empty > 0 {
		ch.Bars = append(ch.Bars, r.bar(f.WhereEmpty(), SpreadBar{Label: "Empty", N: f.Empty, Empty: true}))
	}
	scaled(ch.Bars, r.Read)
	return ch
}

// scaled gives bars their shares.
func scaled(bars []SpreadBar, read int) {
	top := 0
	for _, b := range bars {
		top = max(top, b.N)
	}
	for i := range bars {
		bars[i].Share, bars[i].Tall = float64(bars[i].N)/float64(max(read, 1)), float64(bars[i].N)/float64(max(top, 1))
	}
}

func spreadFacts(f models.FieldSpread) string {
	facts := plural(f.Filled, "answer", "answers")
	if f.Empty > 0 {
		facts += " · " + Number(f.Empty) + " empty"
	}
	return facts
}

func (r SpreadReader) toWhere(c filter.Condition) string {
	q := r.Query
	q.Where = c.String()
	return r.To(q)
}

// bar lets a bar ask for its condition, where that may be asked and still fits into a filter.
func (r SpreadReader) bar(c filter.Condition, b SpreadBar) SpreadBar {
	b.On = r.Where.Asks(c)
	next := r.Where.Toggle(c)
	if (b.N > 0 || b.On || r.asksBeside(c)) && next.Check() == nil && r.Forbidden(c) == "" {
		b.URL = r.toWhere(next)
	}
	return b
}

// asksBeside tells whether a text would come beside others of its answer, so that it finds something though it is in no
// response now.
func (r SpreadReader) asksBeside(c filter.Condition) bool {
	return c.Op == filter.Is && slices.ContainsFunc(r.Where.Must(), func(p filter.Condition) bool {
		return p.Key == c.Key && (p.Op == filter.Is || p.Op == filter.OneOf)
	})
}

// bars are those of a field without the empty ones, and what they do not tell.
func (r SpreadReader) bars(f models.FieldSpread) (bars []SpreadBar, note string) {
	if slices.ContainsFunc(f.Bars, func(b models.SpreadBar) bool { return f.By != models.ByChoice && r.Forbidden(f.Where(b)) != "" }) {
		return nil, "Your role does not see all of these answers."
	}
	switch f.By {
	case models.ByChoice:
		return r.choices(f)
	case models.ByText:
		return r.texts(f)
	case models.OnlyHave:
		if !r.Answers.Compares(f.Key) && f.Filled > 0 {
			if r.Answers.Closed(f.Key) {
				return nil, "These answers are hidden."
			}
			return nil, "Your role does not see these answers."
		}
		return nil, ""
	}
	for _, b := range f.Bars {
		label, short := rangeWords(b, f.By == models.ByDay)
		if f.By == models.ByYesNo {
			label, short = yesNo[b.From], ""
		}
		bars = append(bars, r.bar(f.Where(b), SpreadBar{Label: label, Short: short, N: b.N}))
	}
	if f.Other > 0 {
		note = plural(f.Other, "response has", "responses have") + " something else here."
	}
	return bars, note
}

// choices are the options that the flow names, and what else was answered. Who may not see numbers sees only the former:
// a device may send anything.
func (r SpreadReader) choices(f models.FieldSpread) (bars []SpreadBar, note string) {
	counted := map[string]int{}
	for _, b := range f.Bars {
		counted[b.From] = b.N
	}
	where := func(id string) filter.Condition { return f.Where(models.SpreadBar{From: id}) }
	if field, part := r.Answers.behind(f.Key); field != nil && part == "" {
		for _, o := range field.Known() {
			label, id := o.Title, o.ID
			if label == "" || label == id {
				label, id = o.ID, ""
			}
			bars = append(bars, r.bar(where(o.ID), SpreadBar{ID: id, Label: shorten(label, maxBarLabel), N: counted[o.ID]}))
			delete(counted, o.ID)
		}
	}
	slices.SortStableFunc(bars, func(a, b SpreadBar) int { return b.N - a.N })
	others := f.Different - (len(f.Bars) - len(counted))
	for _, b := range f.Bars {
		if _, unknown := counted[b.From]; unknown && !r.Answers.Mask && len(bars) < barsAtMost && MaskNumbers(b.From) == b.From {
			bars = append(bars, r.bar(where(b.From), SpreadBar{Label: b.From, N: b.N}))
			others--
		}
	}
	return bars, otherValues(others, f.Uncounted)
}

// texts are those that are said more than once, which are no numbers of people.
func (r SpreadReader) texts(f models.FieldSpread) (bars []SpreadBar, note string) {
	for _, b := range f.Bars {
		if len(bars) < shownTexts && !strings.ContainsAny(b.From, "\n\r") && MaskNumbers(b.From) == b.From {
			bars = append(bars, r.bar(f.Where(b), SpreadBar{Label: b.From, N: b.N}))
		}
	}
	if f.Filled == 0 {
		return bars, ""
	}
	return bars, otherValues(f.Different-len(bars), f.Uncounted)
}

func otherValues(n int, more bool) string {
	switch {
	case n <= 0 && !more:
		return ""
	case n <= 0:
		return "Other values are too long to be counted."
	case more:
		return "More than " + plural(n, "other value", "other values") + "."
	}
	return upperFirst(plural(n, "other value", "other values")) + "."
}

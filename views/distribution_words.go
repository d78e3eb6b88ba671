package views

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"switchyard/models"
)

// rangeWords names a range whole, and shortly by where it begins.
func rangeWords(b models.SpreadBar, days bool) (label, short string) {
	if days {
		return daysWords(b)
	}
	from := numberWords(b.From)
	if b.To == "" {
		return from, from
	}
	return from + " to " + numberWords(b.To), from
}

// numberWords puts commas into a number as a filter writes it.
func numberWords(text string) string {
	whole, rest, point := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return text
	}
	words := Number(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		words = "-0"
	}
	if point {
		words += "." + rest
	}
	return words
}

// daysWords names days, weeks, months, quarters and years.
func daysWords(b models.SpreadBar) (label, short string) {
	from, _ := time.Parse(time.DateOnly, b.From)
	to, err := time.Parse(time.DateOnly, b.To)
	if err != nil {
		return from.Format("2 Jan 2006"), from.Format("2 Jan")
	}
	next := to.AddDate(0, 0, 1)
	months := (next.Year()-from.Year())*12 + int(next.Month()-from.Month())
	switch {
	case from.Day() != 1 || next.Day() != 1:
		return from.Format("2 Jan") + " to " + to.Format("2 Jan 2006"), from.Format("2 Jan")
	case months == 1:
		return from.Format("January 2006"), from.Format("Jan")
	case months == 3:
		quarter := "Q" + strconv.Itoa((int(from.Month())+2)/3)
		return quarter + " " + from.Format("2006"), quarter + from.Format(" 06")
	case months == 12:
		return from.Format("2006"), from.Format("2006")
	}
	return from.Format("2006") + " to " + to.Format("2006"), from.Format("2006")
}

// Received is the chart of the days of receipt.
func (r SpreadReader) Received(bars []models.SpreadBar) SpreadChart {
	c := SpreadChart{ID: "spread-received", Label: "Received", Histogram: true, Asked: r.Query.From != "" || r.Query.To != "" || r.Query.Days > 0}
	if c.Asked {
		c.Off = r.To(r.Query.received("", ""))
	}
	for _, b := range bars {
		to := b.To
		if to == "" {
			to = b.From
		}
		label, short := daysWords(b)
		on := r.Query.From == b.From && r.Query.To == to
		bar := SpreadBar{Label: label, Short: short, N: b.N, On: on, URL: r.To(r.Query.received(b.From, to))}
		if on {
			bar.URL = c.Off
		}
		c.Bars = append(c.Bars, bar)
	}
	scaled(c.Bars, r.Read)
	return c
}

func (q ResponseQuery) received(from, to string) ResponseQuery {
	q.From, q.To, q.Days = from, to, 0
	return q
}

// Flows is the chart of the flows.
func (r SpreadReader) Flows(counts []models.SpreadCount) SpreadChart {
	c := SpreadChart{ID: "spread-flows", Label: "Flow"}
	for _, n := range counts[:min(len(counts), barsAtMost)] {
		b := SpreadBar{Label: n.Name, N: n.N}
		if n.Value == "" {
			b.Label = "No flow"
		} else {
			q := r.Query
			q.Flow = n.Value
			b.URL = r.To(q)
		}
		c.Bars = append(c.Bars, b)
	}
	scaled(c.Bars, r.Read)
	return c
}

// Outcomes is the chart of the outcomes: of one flow, or of several with their names in front. Readers are those of the
// flows by slug.
func (r SpreadReader) Outcomes(counts []models.SpreadCount, flows []models.SpreadCount, readers map[string]Answers) SpreadChart {
	c := SpreadChart{ID: "spread-outcomes", Label: "Rule outcome", Asked: r.Query.Outcome != ""}
	q := r.Query
	if q.Outcome = ""; c.Asked {
		c.Off = r.To(q)
	}
	names := map[string]string{}
	for _, f := range flows {
		names[f.Value] = f.Name
	}
	for _, n := range counts {
		if !readers[n.Name].Routes() && n.Value == "" || len(c.Bars) == barsAtMost {
			continue
		}
		asked := cmp.Or(n.Value, models.NoOutcome)
		b := SpreadBar{Label: upperFirst(readers[n.Name].OutcomeWords(n.Value)), ID: n.Value, N: n.N, On: r.Query.Outcome == asked}
		if r.Query.Flow == "" {
			b.Label = names[n.Name] + ": " + b.Label
		}
		if q.Flow, q.Outcome = n.Name, asked; b.On {
			q.Outcome = ""
		}
		b.URL = r.To(q)
		c.Bars = append(c.Bars, b)
	}
	scaled(c.Bars, r.Read)
	return c
}

// States is the chart of the states.
func (r SpreadReader) States(counts []models.SpreadCount) SpreadChart {
	c := SpreadChart{ID: "spread-states", Label: "State", Asked: r.Query.State != ""}
	q := r.Query
	if q.State = ""; c.Asked {
		c.Off = r.To(q)
	}
	for _, n := range counts {
		b := SpreadBar{Label: StatusWord(n.Value), N: n.N, On: r.Query.State == n.Value}
		if q.State = n.Value; b.On {
			q.State = ""
		}
		b.URL = r.To(q)
		c.Bars = append(c.Bars, b)
	}
	scaled(c.Bars, r.Read)
	return c
}

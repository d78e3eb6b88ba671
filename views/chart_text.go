package views

import (
	"fmt"
	"math"
)

// steps is the labels of the vertical axis.
func (c Chart) steps() []tick {
	var all []tick
	for _, v := range c.scale() {
		all = append(all, tick{at: pixels(c.height(v)), text: c.figure(v)})
	}
	return all
}

// dates is the labels of the horizontal axis: the first, the last, and some between.
func (c Chart) dates() []tick {
	n := len(c.Points)
	if n == 0 {
		return nil
	}
	count := min(n, chartTicks)
	var all []tick
	for k := range count {
		i := k * (n - 1) / max(count-1, 1)
		all = append(all, tick{at: percent(c.middle(i)), text: c.Points[i].Label, anchor: anchor(c.middle(i)), minor: count == chartTicks && k%2 == 1})
	}
	return all
}

// anchor keeps a label inside the drawing.
func anchor(at float64) string {
	switch {
	case at < 6:
		return "start"
	case at > 94:
		return "end"
	}
	return "middle"
}

// summary tells in a sentence what the picture shows, for those who do not see it.
func (c Chart) summary() string {
	lowest, highest, known := math.Inf(1), math.Inf(-1), 0
	var top Point
	for _, p := range c.Points {
		if !p.known() {
			continue
		}
		known++
		lowest = min(lowest, p.Value)
		if p.Value > highest {
			highest, top = p.Value, p
		}
	}
	if known == 0 {
		return "No data."
	}
	s := fmt.Sprintf("%d values from %s to %s. Lowest %s, highest %s at %s.", known, c.Points[0].Label,
		c.Points[len(c.Points)-1].Label, c.figure(lowest), c.figure(highest), top.Label)
	if c.hasThreshold() {
		s += " " + c.ThresholdLabel + " at " + c.figure(c.Threshold) + "."
	}
	return s
}

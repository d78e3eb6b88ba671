package views

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Chart is one series of figures along an axis of equal steps, drawn as bars or as a line.
type Chart struct {
	ID             string // the only one of its kind on the page
	Title          string // what is measured, of what, and since when
	Unit           string // stands after each figure: " ms", "%"; may be ""
	Points         []Point
	Whole          bool    // figures are counts: no ticks between
	Most           float64 // the axis ends there at the latest, such as at 100%; 0 for no end
	Threshold      float64 // a line across the chart; 0 for none
	ThresholdLabel string
	Marks          []Mark
	Levels         []Level   // more lines across
	Told           []float64 // a second series, drawn as dots, as long as Points; NaN: none there; nil: no such series
	ValueLabel     string    // what Points and Told are, where there are two; else ""
	ToldLabel      string
}

// A Level is a line across the chart.
type Level struct {
	Value float64
	Label string
}

// A Point is one step of the axis. Value NaN is a gap: nothing was measured.
type Point struct {
	Label string // "20 Nov", "13:30": unique enough to be read in the table
	Value float64
}

// known reports whether there is something to draw; figures beyond 10^15 are no measurements.
func (p Point) known() bool { return math.Abs(p.Value) <= 1e15 }

// A Mark says that something happened at a step.
type Mark struct {
	Index int // of the point
	Label string
}

// Heights of the drawing in pixels: figures lie between chartTop and chartFloor, labels below.
const (
	chartTop    = 14.0
	chartFloor  = 176.0
	chartHeight = "200"
	chartTicks  = 5 // labels along the axis, at most
)

// A shape is a rectangle of the drawing: x and width in percent, y and height in pixels.
type shape struct {
	x, width, y, height string
	title               string
}

// A tick is a label with its place.
type tick struct {
	at, text, anchor string
	minor            bool // left out on narrow screens
}

func (c Chart) hasThreshold() bool { return c.Threshold > 0 && c.Threshold <= 1e15 }

// scale is the round figures of the vertical axis, from 0 up to at least all that is drawn.
func (c Chart) scale() []float64 {
	top := 0.0
	if c.hasThreshold() {
		top = c.Threshold * 1.1
	}
	for _, l := range c.Levels {
		top = max(top, l.Value*1.1)
	}
	for _, p := range slices.Concat(c.Points, c.told()) {
		if p.known() {
			top = max(top, p.Value)
		}
	}
	if c.Most > 0 {
		top = min(top, c.Most)
	}
	if top < 1e-9 {
		top = 1
	}
	step := roundStep(top / 4)
	switch {
	case c.Whole && step < 1:
		step = 1
	case c.Whole && step == 2.5:
		step = 5
	}
	ticks := []float64{0}
	for i := 1; ticks[len(ticks)-1] < top; i++ {
		ticks = append(ticks, float64(i)*step)
	}
	return ticks
}

// roundStep is the next of 1, 2, 2.5, 5 or 10 times a power of ten.
func roundStep(raw float64) float64 {
	size := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if size*m >= raw {
			return size * m
		}
	}
	return size * 10
}

// height is where v is drawn, in pixels from the top.
func (c Chart) height(v float64) float64 {
	ticks := c.scale()
	return chartFloor - (chartFloor-chartTop)*min(max(v, 0)/ticks[len(ticks)-1], 1)
}

// markLeft tells whether the label of a mark stands on its left: near the right end, and where the next mark is near.
func (c Chart) markLeft(i int) bool {
	at := c.middle(c.Marks[i].Index)
	return at > 70 || i+1 < len(c.Marks) && at > 15 && c.middle(c.Marks[i+1].Index)-at < 20
}

// left is where the step of point i begins and middle its centre, in percent.
func (c Chart) left(i int) float64   { return 100 * float64(i) / float64(len(c.Points)) }
func (c Chart) middle(i int) float64 { return 100 * (float64(i) + .5) / float64(len(c.Points)) }

// bars is one bar for each point that has a value; a value of 0 has no height.
func (c Chart) bars() []shape {
	var all []shape
	step := 100 / float64(len(c.Points))
	for i, p := range c.Points {
		if !p.known() {
			continue
		}
		y := c.height(p.Value)
		all = append(all, shape{percent(c.left(i) + step*.12), percent(step * .76), pixels(y), pixels(chartFloor - y), c.pointTitle(p)})
	}
	return all
}

// hits is an invisible column over each point, so that pointing anywhere tells its figure.
func (c Chart) hits() []shape {
	all := make([]shape, len(c.Points))
	for i, p := range c.Points {
		all[i] = shape{percent(c.left(i)), percent(100 / float64(len(c.Points))), "0", pixels(chartFloor), c.pointTitle(p)}
	}
	return all
}

// paths is the line and the area under it, in a drawing of 1000 units across that is stretched.
func (c Chart) paths() (line, area string) {
	var l, a strings.Builder
	first, last := -1, -1
	end := func() {
		if first >= 0 {
			a.WriteString("L" + c.at(last, 0) + "L" + c.at(first, 0) + "Z")
		}
		first = -1
	}
	for i, p := range c.Points {
		if !p.known() {
			end()
			continue
		}
		to := "L"
		if first < 0 {
			to, first = "M", i
		}
		last = i
		l.WriteString(to + c.at(i, p.Value))
		a.WriteString(to + c.at(i, p.Value))
		if i+1 == len(c.Points) || !c.Points[i+1].known() {
			l.WriteString("h0") // with a round cap a single point is a dot
		}
	}
	end()
	return l.String(), a.String()
}

func (c Chart) at(i int, v float64) string {
	return pixels(c.middle(i)*10) + " " + pixels(c.height(v))
}

// told is the second series as points.
func (c Chart) told() (all []Point) {
	for i, v := range c.Told {
		all = append(all, Point{c.Points[i].Label, v})
	}
	return all
}

// dots are the known points of the second series: x is their middle, y their height.
func (c Chart) dots() (all []shape) {
	for i, p := range c.told() {
		if p.known() {
			all = append(all, shape{x: percent(c.middle(i)), y: pixels(c.height(p.Value)), title: c.ToldLabel + ", " + c.pointTitle(p)})
		}
	}
	return all
}

// value is the figure of a point as the chart writes it everywhere.
func (c Chart) value(p Point) string {
	if !p.known() {
		return "no data"
	}
	return c.figure(p.Value)
}

func (c Chart) figure(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	whole, rest, fraction := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && n != 0 {
		s = Number(n)
		if fraction {
			s += "." + rest
		}
	}
	return s + c.Unit
}

func (c Chart) pointTitle(p Point) string { return p.Label + ": " + c.value(p) }

func percent(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) + "%" }
func pixels(v float64) string  { return strconv.FormatFloat(v, 'f', 1, 64) }

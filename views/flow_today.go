package views

import (
	"fmt"
	"math"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
)

// today adds up a flow's hours since midnight.
func (p FlowsPage) today(f models.Flow) (t alert.Tally) {
	for i := range p.Hours[f.ID] {
		if h := &p.Hours[f.ID][i]; !h.At.Before(Midnight(p.Page).Truncate(time.Hour)) {
			t.Add(&h.Tally)
		}
	}
	return t
}

// figureToday is what a kind measured today, "–" for nothing.
func (p FlowsPage) figureToday(k alert.Kind, f models.Flow) string {
	t := p.today(f)
	figure := alert.Figure(k, &t)
	if figure == nil {
		return "–"
	}
	return Measure(k, figure)
}

// sparkParts are of how many steps the small line consists: 6 hours each.
const sparkParts = 28

// FlowsDays is how far back the small lines of the list of flows go.
const FlowsDays = 7

// A spark is a small line without axes.
type spark struct{ path, words string }

// spark draws p90 of the last seven days; ok is false when nothing was measured.
func (p FlowsPage) spark(f models.Flow) (s spark, ok bool) {
	part := FlowsDays * 24 * time.Hour / sparkParts
	begin := p.Now.Truncate(time.Hour).Add(time.Hour - FlowsDays*24*time.Hour)
	sums := make([]alert.Tally, sparkParts)
	for i := range p.Hours[f.ID] {
		h := &p.Hours[f.ID][i]
		if at := int(h.At.Sub(begin) / part); !h.At.Before(begin) && at < sparkParts {
			sums[at].Add(&h.Tally)
		}
	}
	values, top := make([]float64, sparkParts), 0.0
	for i := range sums {
		values[i] = math.NaN()
		if ms := sums[i].Within(.9); ms != nil {
			values[i], top, ok = *ms, max(top, *ms), true
		}
	}
	return spark{sparkPath(values, top), "90% of answers within, last 7 days: at most " + Milliseconds(time.Duration(top*float64(time.Millisecond)))}, ok
}

// sparkPath draws into 112 by 24; a gap stays a gap.
func sparkPath(values []float64, top float64) string {
	var b strings.Builder
	drawing := false
	for i, v := range values {
		if math.IsNaN(v) {
			drawing = false
			continue
		}
		to := "L"
		if !drawing {
			to = "M"
		}
		fmt.Fprintf(&b, "%s%d %.1f", to, i*4+2, 22-20*v/max(top, 1e-9))
		if !drawing {
			b.WriteString("h0") // with a round cap a single point is a dot
		}
		drawing = true
	}
	return b.String()
}

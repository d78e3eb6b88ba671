package views

import (
	"math"
	"strings"
	"time"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/models/flowjson"
)

// AlertEvidence is what we measured while an alert lasted, and what may have caused it.
type AlertEvidence struct {
	From, To  time.Time
	Cut       bool          // it went on after To
	Until     time.Time     // causes are looked for from From to this
	Step      time.Duration // of the chart
	Flow      models.Flow   // ID 0: it is not added here
	JSON      *flowjson.Flow
	Limits    alert.Limits
	Minutes   []alert.Minute // our own tallies, minutes or hours, in order
	SlowSteps []models.StepGroup
	SlowRules []models.StepGroup
	Faults    []models.Step
	Forbidden []models.StepGroup // led to a screen where the routing model does not lead
	Keys      []models.Key
	Asked     bool // whether the minutes from From to Until hold a request or a ping
	Answered  bool // whether one of them was answered
	Dropped   bool // there were some, but the minutes are no longer kept
	Gaps      []alert.Gap
	Similar   []models.Alert
}

// Wanted says which evidence explains an alert.
type Wanted struct{ Slow, Faults, Screens, Keys, Gaps bool }

// EvidenceOf tells by the kind of an alert and the errors that its notices name.
func EvidenceOf(a models.Alert) Wanted {
	w := Wanted{Slow: a.Kind == alert.EndpointLatency, Screens: a.Kind == alert.ClientErrorRate, Gaps: a.Kind == alert.EndpointAvailability}
	w.Faults = w.Screens || a.Kind == alert.EndpointErrorRate
	for _, e := range a.Events {
		for _, one := range e.Errors {
			t := strings.ToLower(strings.ReplaceAll(one.Type, "-", "_"))
			w.Slow = w.Slow || strings.HasPrefix(t, "timeout")
			w.Screens = w.Screens || t == "invalid_screen_transition"
			w.Keys = w.Keys || strings.HasPrefix(t, "public_key") || strings.Contains(t, "decryption")
		}
	}
	return w
}

// chartSteps are the widths of a chart's steps.
var chartSteps = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// ChartStep is the finest step in which a time has at most 100 of them.
func ChartStep(d time.Duration) time.Duration {
	for _, s := range chartSteps {
		if d <= 100*s {
			return s
		}
	}
	return chartSteps[len(chartSteps)-1]
}

// alertChart draws what we measured in each step, what the notices said at their times, thresholds, and when it was
// activated, acknowledged and resolved; ok is false when nothing is known.
func alertChart(a models.Alert, e AlertEvidence, zone *time.Location) (c Chart, ok bool) {
	c = Chart{ID: "figures", Title: AlertName(a.Kind) + " of " + AlertFlowName(a), Unit: "%", ValueLabel: "Switchyard", ToldLabel: "Notices"}
	if c.Most = 100; a.Kind == alert.EndpointLatency {
		c.Unit, c.Most = " ms", 0
	}
	form := "2 Jan 15:04"
	if e.To.Sub(e.From) < 12*time.Hour {
		form = "15:04" // no time of the day comes twice
	}
	begin := e.From.UTC().Truncate(e.Step)
	n := int(e.To.Sub(begin)/e.Step) + 1
	sums, there := make([]alert.Tally, n), make([]bool, n)
	place := func(t time.Time) (i int, drawn bool) {
		return min(max(int(t.Sub(begin)/e.Step), 0), n-1), !e.Cut || t.Before(e.To)
	}
	for i := range e.Minutes {
		at, _ := place(e.Minutes[i].At)
		sums[at].Add(&e.Minutes[i].Tally)
		there[at] = true
	}
	for i := range n {
		p := Point{Label: begin.Add(time.Duration(i) * e.Step).In(orUTC(zone)).Format(form), Value: math.NaN()}
		if f := alert.Figure(a.Kind, &sums[i]); there[i] && f != nil {
			p.Value, ok = math.Round(*f*100)/100, true
		}
		c.Points = append(c.Points, p)
		c.Told = append(c.Told, math.NaN())
	}
	for _, v := range a.Events {
		if i, drawn := place(v.At.Time); drawn {
			if f := AlertFigure(a.Kind, v); f != nil {
				c.Told[i], ok = *f, true
			}
		}
		if v.Activated && v.Threshold != nil && !v.Own() {
			c.Threshold, c.ThresholdLabel = *v.Threshold, "Meta's threshold "+Measure(a.Kind, v.Threshold)
		}
	}
	if limit := e.Limits.Of(a.Kind); limit > 0 {
		c.Levels = append(c.Levels, Level{limit, "Our limit " + Measure(a.Kind, &limit)})
	}
	c.Marks = alertMarks(a, place)
	return c, ok
}

// alertMarks are the moments of an alert on its chart; of several in one step the first.
func alertMarks(a models.Alert, place func(time.Time) (i int, drawn bool)) (marks []Mark) {
	add := func(t time.Time, label string) {
		i, drawn := place(t)
		if drawn && (len(marks) == 0 || marks[len(marks)-1].Index != i) {
			marks = append(marks, Mark{Index: i, Label: label})
		}
	}
	add(a.SinceAt.Time, "Activated")
	if !a.AckAt.IsZero() {
		add(a.AckAt.Time, "Acknowledged")
	}
	if !a.ResolvedAt.IsZero() {
		add(a.ResolvedAt.Time, "Resolved")
	}
	return marks
}

// stepPlace is where in the designer it stands what decided.
func (e AlertEvidence) stepPlace(g models.StepGroup) Link {
	return faultPlace(FlowPage{Flow: e.Flow, JSON: e.JSON}, models.Step{Action: g.Action, Screen: g.Screen, RuleID: g.RuleID, Rule: g.Rule})
}

// decidedOn is the screen on which something was decided; the opening has none.
func decidedOn(e AlertEvidence, g models.StepGroup) string {
	if g.Screen == "" {
		return "when the flow opens"
	}
	return "on " + ScreenName(e.JSON, g.Screen)
}

// keyUse is a key pair in words.
func keyUse(k models.Key, p Page) string {
	switch {
	case !k.RetireAt.IsZero() && !k.RetireAt.After(p.Now):
		return "Retired"
	case k.LastUsedAt.IsZero():
		return "Never used: Meta may not have its public key"
	}
	return "In use, last " + Ago(p.Now, k.LastUsedAt.Time)
}

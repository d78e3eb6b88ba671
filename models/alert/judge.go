package alert

import (
	"slices"
	"time"
)

const (
	// LookBack is how far back Judge looks: Meta's longest window, before each of the calm minutes.
	LookBack = (60 + calm) * time.Minute
	// calm is how many minutes a recovery must last.
	calm = 10
	// better is by which share of a threshold a figure must be better than it before it has recovered.
	better = 0.1
)

// A Verdict is what our own monitor says about one kind: thresholds that are now exceeded, or the mildest of those that
// no longer are.
type Verdict struct {
	Kind       Kind
	Activated  bool
	Thresholds []float64 // Activated: mildest first; else one
	Active     []float64 // what then is exceeded, mildest first
	Window     int       // minutes over which it was measured; 0: nothing was
	Tally      Tally     // of the window
}

// Judge holds a flow's minutes, in any order, against its limits; active are the thresholds that were exceeded, as the
// verdicts before said. A threshold is exceeded when it is in the shortest window that holds enough requests; and no
// longer when the figure has been better by a tenth, and was for ten minutes. Where nothing was measured nothing is
// known, so nothing changes.
func Judge(now time.Time, l Limits, minutes []Minute, active map[Kind][]float64) (verdicts []Verdict) {
	for _, k := range Kinds {
		j := judge{kind: k, limits: l, was: active[k], minutes: minutes}
		j.windows = j.at(now)
		if v, says := j.verdict(now); says {
			verdicts = append(verdicts, v)
		}
	}
	return verdicts
}

// A judge decides about one kind.
type judge struct {
	kind    Kind
	limits  Limits
	was     []float64 // active, mildest first
	minutes []Minute
	windows []window // up to now, shortest first
}

func (j *judge) verdict(now time.Time) (v Verdict, says bool) {
	exceeded := j.exceeded(now)
	gone := slices.DeleteFunc(slices.Clone(j.was), func(t float64) bool {
		return len(exceeded) > 0 && !worse(j.kind, t, exceeded[len(exceeded)-1])
	})
	added := slices.DeleteFunc(slices.Clone(exceeded), func(t float64) bool { return slices.Contains(j.was, t) })
	v.Kind = j.kind
	switch {
	case len(gone) > 0:
		v.Thresholds = gone[:1]
		v.Active = slices.DeleteFunc(slices.Clone(j.was), func(t float64) bool { return slices.Contains(gone, t) })
		v.take(j.recovery(j.windows))
	case len(added) > 0:
		v.Activated, v.Thresholds = true, added
		v.Active = j.inOrder(slices.Concat(j.was, added))
		v.take(j.basis(j.windows))
	default:
		return v, false
	}
	return v, true
}

func (v *Verdict) take(w window, ok bool) {
	if ok {
		v.Window, v.Tally = w.minutes, w.tally
	}
}

// inOrder sorts thresholds, mildest first.
func (j *judge) inOrder(all []float64) []float64 {
	slices.SortFunc(all, func(a, b float64) int { return level{true, a}.compare(j.kind, level{true, b}) })
	return all
}

// steps are the thresholds to decide about: those of the limits, and those that were active and are worse than the
// limit.
func (j *judge) steps() []float64 {
	steps := j.limits.steps(j.kind)
	for _, t := range j.was {
		if len(steps) > 0 && worse(j.kind, t, steps[0]) && !slices.Contains(steps, t) {
			steps = append(steps, t)
		}
	}
	return j.inOrder(steps)
}

// exceeded are the thresholds that are exceeded now, or were and have not recovered.
func (j *judge) exceeded(now time.Time) []float64 {
	steps := j.steps()
	for i := range slices.Backward(steps) {
		if j.above(j.windows, steps[i]) || j.held(now, steps[i]) {
			return steps[:i+1]
		}
	}
	return nil
}

// above tells whether a threshold is exceeded in the shortest window that tells.
func (j *judge) above(in []window, threshold float64) bool {
	w, ok := j.basis(in)
	if !ok || j.bad(w.tally, threshold) < j.fewest() {
		return false
	}
	value := Figure(j.kind, &w.tally)
	return value != nil && !worse(j.kind, threshold, *value) && (j.kind != EndpointAvailability || *value != threshold)
}

// held tells whether a threshold, or a worse one, was exceeded and has not recovered.
func (j *judge) held(now time.Time, threshold float64) bool {
	if !slices.ContainsFunc(j.was, func(t float64) bool { return !worse(j.kind, threshold, t) }) {
		return false
	}
	margin := threshold * (1 - better)
	if j.kind == EndpointAvailability {
		margin = threshold + (100-threshold)*better
	}
	w, ok := j.recovery(j.windows)
	if value := Figure(j.kind, &w.tally); !ok || value == nil || !worse(j.kind, margin, *value) {
		return true
	}
	for m := range calm {
		if j.above(j.at(now.Add(-time.Duration(m)*time.Minute)), margin) {
			return true
		}
	}
	return false
}

package rules

import (
	"maps"
	"slices"

	"switchyard/models/flowjson"
)

// A Play is a customer's run through a set that nobody records: each request is decided as the endpoint would decide it,
// is explained, and moves the visit on. Begin it with NewPlay.
type Play struct {
	Set      *Set
	Fallback Fallback
	Visit    Visit    // what the rules know by now
	Screen   string   // that the customer sees; "" before the first and after the end
	Stack    []string // screens on the phone, that one last; Visit.Trail has those of which the endpoint knows
	Ended    bool     // finished, or the token expired: nothing more can be asked
}

// NewPlay is a run in which nothing happened yet. It is a test: visit.test is true.
func NewPlay(s *Set, fb Fallback) *Play {
	return &Play{Set: s, Fallback: fb, Visit: Visit{Known: true, Test: true, Answers: map[string]map[string]any{}, Sent: map[string]map[string]any{}}}
}

// Ask decides a request. After the end it decides nothing.
func (p *Play) Ask(in Request) Decision {
	if p.Ended {
		return Decision{Kind: Expires}
	}
	v := &p.Visit
	if v.Steps == 0 {
		v.Started = in.Now
	}
	switch {
	case in.Action == Init:
		v.Trail, p.Stack = nil, nil
	case p.known(in.Screen):
		v.Trail = shownAgain(v.Trail, in.Screen)
	}
	if in.Action == Exchange && p.known(in.Screen) {
		v.Answers = maps.Clone(v.Answers)
		v.Answers[in.Screen] = in.Data
	}
	d := p.Set.Explain(in, *v, p.Fallback)
	v.Steps++
	if d.Kind == Finishes || d.Kind == Expires {
		p.Ended, p.Screen = true, ""
		return d
	}
	if last := len(v.Trail) - 1; last >= 0 && in.Action == Back && d.Screen != v.Trail[last] {
		v.Trail = v.Trail[:last]
	}
	if last := len(p.Stack) - 1; last >= 0 && in.Action == Back && d.Screen != p.Stack[last] {
		p.Stack = p.Stack[:last]
	}
	v.Trail = shownAgain(v.Trail, d.Screen)
	p.Show(d.Screen)
	if d.Kind != Falls && p.known(d.Screen) {
		v.Sent = maps.Clone(v.Sent)
		v.Sent[d.Screen] = d.Data
	}
	return d
}

// Show puts a screen before the customer without a request: the phone went there by itself.
func (p *Play) Show(screen string) {
	p.Screen, p.Stack = screen, shownAgain(p.Stack, screen)
}

// Return puts the screen before in front of the customer without a request: the phone goes back by itself. On the first
// screen it changes nothing.
func (p *Play) Return() {
	if last := len(p.Stack) - 1; last > 0 {
		p.Show(p.Stack[last-1])
	}
}

// At is the screen that the customer sees, nil when there is none that is known.
func (p *Play) At() *flowjson.Screen {
	if p.Set.flow == nil || p.Screen == "" {
		return nil
	}
	return p.Set.flow.Screen(p.Screen)
}

func (p *Play) known(screen string) bool {
	return p.Set.flow != nil && p.Set.flow.Screen(screen) != nil
}

// shownAgain is the trail with the screen on top: cut back to it when it was shown before, else one longer.
func shownAgain(trail []string, screen string) []string {
	for i, s := range slices.Backward(trail) {
		if s == screen {
			return trail[:i+1]
		}
	}
	return append(slices.Clip(trail), screen)
}

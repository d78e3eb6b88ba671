package rules

import (
	"slices"
	"strings"
)

// A graph is where each screen can lead. Rules that are off lead nowhere.
type graph struct {
	next map[string][]string // "" is the opening: no screen has an empty id
	ends map[string]bool     // the flow can end there
	far  map[string]map[string]bool
}

// reach is every screen that can be reached from one, itself included.
func (g graph) reach(from string) map[string]bool {
	if g.far[from] == nil {
		g.far[from] = reach(g.next, from)
	}
	return g.far[from]
}

func (g graph) lead(from, to string) {
	if !slices.Contains(g.next[from], to) {
		g.next[from] = append(g.next[from], to)
	}
}

// graph tells screens that cannot be reached, and screens from which no way leads to an end. Where only rules that never
// decide lead on, that is a warning: it was found by reasoning, and such rules are in use.
func (c *setCompiler) graph() {
	written, g := c.draw(nil), c.draw(c.dead)
	reached, saved, once := g.reach(""), g.saved(), written.saved()
	told := map[string]bool{}
	for _, f := range c.set.flow.Screens {
		if told[f.ID] {
			continue
		}
		told[f.ID] = true
		at := spot{path: join("/screens", f.ID), about: "Screen " + f.ID}
		if c.set.doc.Screens[f.ID] == nil {
			at.path = "/screens"
		}
		n := len(c.problems)
		switch {
		case !reached[f.ID]:
			c.tell(Warning, "unreachable-screen", at, "No rule that can decide leads here, so no customer sees it. Let a rule go there, or take the screen out of the Flow JSON.")
		case !once[f.ID]:
			c.caught(Error, f.ID, written, told, at)
		case !saved[f.ID]:
			c.caught(Warning, f.ID, g, told, at)
		}
		if len(c.problems) > n {
			c.problems[n].Screen = f.ID
		}
	}
}

// caught says how a screen keeps its customers: by itself, in a loop with others, or by leading to such screens only.
func (c *setCompiler) caught(sev Severity, id string, g graph, told map[string]bool, at spot) {
	on := g.reach(id)
	var loop, beyond []string
	for _, f := range c.set.flow.Screens {
		switch {
		case !on[f.ID] || f.ID == id || slices.Contains(loop, f.ID) || slices.Contains(beyond, f.ID):
		case g.reach(f.ID)[id]:
			loop = append(loop, f.ID)
		default:
			beyond = append(beyond, f.ID)
		}
	}
	switch {
	case len(loop) > 0:
		for _, other := range loop {
			told[other] = true
		}
		c.tell(sev, "loop", at, "It and %s are a loop without an exit: customers go round and never come to an end. Add a way from one of them to a last screen, or finish.", joinWords(few(loop)))
	case len(beyond) > 0:
		c.tell(sev, "no-exit", at, "Every way from here ends at %s, where customers are stuck. Add a way to a last screen, or finish.", joinWords(few(beyond)))
	default:
		c.tell(sev, "no-exit", at, "No rule that can decide leads from here to an end, so customers are stuck. Add a way to a last screen, or finish.")
	}
}

// few is a list of ids that is not too long for a sentence.
func few(ids []string) []string {
	if n := len(ids); n > 5 {
		return append(slices.Clone(ids[:4]), itoa(n-4)+" more")
	}
	return ids
}

// draw leaves out what is dead.
func (c *setCompiler) draw(dead map[*Outcome]bool) graph {
	g := graph{map[string][]string{}, map[string]bool{}, map[string]map[string]bool{}}
	for place, part := range c.set.doc.parts() {
		from := pointerUnescape.Replace(strings.TrimPrefix(place, "/screens/"))
		if place == "/opening" {
			from = ""
		}
		for _, o := range part.outcomes() {
			if dead[o] {
				continue
			}
			if o.Go != "" {
				g.lead(from, o.Go)
			}
			g.ends[from] = g.ends[from] || o.Finish != nil || o.Expire != nil
		}
	}
	for _, f := range c.set.flow.Screens {
		for _, p := range f.Payloads {
			if p.Action == "navigate" {
				g.lead(f.ID, p.Next)
			}
		}
		g.ends[f.ID] = g.ends[f.ID] || f.Completes()
	}
	return g
}

// saved are the screens from which some way leads to an end.
func (g graph) saved() map[string]bool {
	before := map[string][]string{}
	for from, all := range g.next {
		for _, to := range all {
			before[to] = append(before[to], from)
		}
	}
	const end = "\x00"
	for id, ends := range g.ends {
		if ends {
			before[end] = append(before[end], id)
		}
	}
	return reach(before, end)
}

// outcomes lists what can happen on a screen, back excepted: the rules that are on, and otherwise.
func (s *ScreenRules) outcomes() []*Outcome {
	out := []*Outcome{s.Otherwise}
	for i := range s.Rules {
		if !s.Rules[i].Off {
			out = append(out, &s.Rules[i].Then)
		}
	}
	return out
}

// reach is every node that can be reached from one, itself included.
func reach(next map[string][]string, from string) map[string]bool {
	seen := map[string]bool{from: true}
	todo := []string{from}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range next[n] {
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

package rules

import (
	"maps"
	"slices"
)

// checkFlow checks what concerns the flow as a whole.
func (c *setCompiler) checkFlow() {
	flow := c.set.flow
	if c.set.doc.Screens[openingPlace] != nil {
		c.openingScreen(join("/screens", openingPlace))
	}
	if flow == nil {
		return
	}
	if !flow.HasEndpoint() {
		c.tell(Warning, "static-flow", spot{}, "This flow never asks an endpoint, so its rules are never tried.")
	}
	for _, f := range flow.Screens {
		s := c.set.screens[f.ID]
		at := spot{path: join("/screens", f.ID), about: "Screen " + f.ID}
		switch {
		case f.SendsDataExchange() && !s.ruled:
			at.path = "/screens"
			c.tell(Error, "no-rules", at, "It asks for the next screen, but has no rules. Add at least what happens otherwise.")
			c.problems[len(c.problems)-1].Screen = f.ID
		case s.ruled && !f.SendsDataExchange() && !f.RefreshOnBack:
			c.tell(Warning, "never-asked", at, "It never asks for the next screen, so its rules are never tried. Remove them.")
		case s.back != nil && !f.RefreshOnBack:
			c.tell(Warning, "never-back", at.step("back"), "It has no refresh_on_back, so WhatsApp goes back by itself and this is never asked.")
		}
	}
	if flow.Screen(openingPlace) != nil && c.set.doc.Screens[openingPlace] == nil {
		c.openingScreen("/screens")
	}
	c.graph()
}

// openingPlace is the word that stands for the opening where a screen's id can stand too.
const openingPlace = "opening"

// openingScreen refuses a screen that could not be told from the opening.
func (c *setCompiler) openingScreen(path string) {
	c.tell(Error, "opening-screen", spot{path: path}, "No screen can have the id “opening”: here that word is for what happens when the form opens. Give the screen another id in the Flow JSON.")
	c.problems[len(c.problems)-1].Screen = openingPlace
}

// graph finds screens that cannot be reached and screens without a way to an end.
func (c *setCompiler) graph() {
	next := map[string][]string{}
	ends := map[string]bool{}
	for place, part := range c.set.doc.parts() {
		from := pointerUnescape.Replace(lastStep(place))
		if place == "/opening" {
			from = "" // no screen has an empty id
		}
		for _, o := range part.outcomes() {
			if o.Go != "" {
				next[from] = append(next[from], o.Go)
			}
			ends[from] = ends[from] || o.Finish != nil || o.Expire != nil
		}
	}
	for _, f := range c.set.flow.Screens {
		for _, p := range f.Payloads {
			if p.Action == "navigate" {
				next[f.ID] = append(next[f.ID], p.Next)
			}
		}
		ends[f.ID] = ends[f.ID] || f.Completes()
	}
	reached := reach(next, "")
	for _, f := range c.set.flow.Screens {
		at := spot{path: join("/screens", f.ID), about: "Screen " + f.ID}
		if c.set.doc.Screens[f.ID] == nil {
			at.path = "/screens"
		}
		n := len(c.problems)
		if !reached[f.ID] {
			c.tell(Warning, "unreachable-screen", at, "No rule leads here, so no customer sees it.")
		} else if !slices.ContainsFunc(slices.Collect(maps.Keys(reach(next, f.ID))), func(id string) bool { return ends[id] }) {
			c.tell(Error, "no-exit", at, "No rule leads from here to an end, so customers are caught. Add a way to a last screen, or finish.")
		}
		if len(c.problems) > n {
			c.problems[n].Screen = f.ID
		}
	}
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

func lastStep(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[i+1:]
		}
	}
	return path
}

// before tells whether a screen can come before another: the routing model leads from it there.
func (c *setCompiler) before(id string, s *screen) bool {
	if s == c.set.opening {
		return false
	}
	if c.routes == nil {
		c.routes = map[string][]string{}
		for _, f := range c.set.flow.Screens {
			c.routes[f.ID] = c.set.flow.Routes(f.ID)
		}
	}
	return reach(c.routes, id)[s.id]
}

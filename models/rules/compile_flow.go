package rules

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

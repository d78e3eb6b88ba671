package flowjson

import "slices"

// perScreen is how many components of a type a screen may show at once.
var perScreen = []struct {
	typ, code string
	most      int
}{
	{"EmbeddedLink", "MAX_EMBEDDED_LINK_PER_SCREEN", 2},
	{"Image", "MAX_IMAGE_PER_SCREEN", 3},
	{"OptIn", "MAX_OPT_IN_PER_SCREEN", 5},
}

// checkCounts judges how many components of a kind there are, and the place of Footers.
func (c *checker) checkCounts() {
	children := c.node.get("layout").get("children")
	for _, limit := range perScreen {
		if has := count(children, limit.typ); has > limit.most {
			c.fail(limit.code, c.last(limit.typ), "Leave at most %d %ss on this screen; it has %d.", limit.most, limit.typ, has)
		}
	}
	c.checkFooters(children)
	c.checkLists()
	switch {
	case len(c.parts) == maxParts:
		c.fail("MAX_ALLOWED_COMPONENTS_PER_SCREEN", c.path+"/layout", "Use at most 50 components on a screen; only the first %d are read.", maxParts)
	case len(c.parts) > 50:
		c.warn("MAX_ALLOWED_COMPONENTS_PER_SCREEN", c.path+"/layout", "Use at most 50 components on a screen; there are %d.", len(c.parts))
	}
}

// count is how many components of a type are shown at once at most: of branches the fullest counts.
func count(list *node, typ string) int {
	total := 0
	for _, n := range list.list() {
		switch n.get("type").str() {
		case typ:
			total++
		case "Form":
			total += count(n.get("children"), typ)
		case "If":
			total += max(count(n.get("then"), typ), count(n.get("else"), typ))
		case "Switch":
			most := 0
			if cases := n.get("cases"); cases.is(isObject) {
				for _, branch := range cases.items {
					most = max(most, count(branch, typ))
				}
			}
			total += most
		}
	}
	return total
}

// last is the path of the last component of a type.
func (c *checker) last(typ string) string {
	for _, p := range slices.Backward(c.parts) {
		if p.typ == typ {
			return p.path
		}
	}
	return c.path
}

func (c *checker) checkFooters(children *node) {
	has := count(children, "Footer")
	inBranch := slices.ContainsFunc(c.parts, func(p part) bool { return p.typ == "Footer" && p.branch })
	switch {
	case has > 1 && inBranch:
		c.fail("MORE_THAN_ONE_FOOTER", c.last("Footer"), "Leave one Footer on this screen, counting those inside If and Switch.")
	case has > 1:
		c.fail("MAX_FOOTER_PER_SCREEN", c.last("Footer"), "Leave one Footer on this screen; it has %d.", has)
	case has == 0 && c.Terminal:
		c.fail("MISSING_FOOTER_ON_TERMINAL_SCREEN", c.path, "Add a Footer to screen %q: without one the flow cannot end.", c.ID)
	}
}

// checkLists judges components that stand alone.
func (c *checker) checkLists() {
	pickers := 0
	for _, p := range c.parts {
		switch p.typ {
		case "PhotoPicker", "DocumentPicker":
			if pickers++; pickers == 2 {
				c.warn("MAX_ALLOWED_COMPONENTS_PER_SCREEN", p.path, "Use one picker per screen.")
			}
		case "NavigationList":
			if c.Terminal {
				c.fail("INVALID_PROPERTY_KEY", p.path, "Move this NavigationList to a screen that is not terminal.")
			}
		}
	}
}

// checkBranches judges an If or a Switch.
func (c *checker) checkBranches(p part) {
	switch p.typ {
	case "If":
		c.checkIf(p)
	case "Switch":
		c.checkSwitch(p)
	}
}

func (c *checker) checkIf(p part) {
	then, otherwise := p.node.get("then"), p.node.get("else")
	if p.node.get("condition") == nil {
		c.fail("MISSING_REQUIRED_PROPERTY", p.path, "Give this If a condition.")
	} else if text := p.node.get("condition").str(); len(refs(text)) == 0 {
		c.warn("INVALID_PROPERTY_VALUE", p.path+"/condition", "Use at least one value of ${data} or ${form} in the condition.")
	}
	if len(then.list()) == 0 {
		c.fail("MIN_ITEMS_REQUIRED", p.path, "Put at least one component into \"then\" of this If.")
	}
	if p.ifs >= 3 {
		c.warn("INVALID_PROPERTY_VALUE", p.path, "Nest at most three Ifs.")
	}
	if (count(then, "Footer") > 0) != (count(otherwise, "Footer") > 0) {
		c.fail("MISSING_FOOTER_IN_IF_ELSE_BRANCHES", p.path, "Put a Footer into both branches of this If, or into none.")
	}
}

func (c *checker) checkSwitch(p part) {
	cases := p.node.get("cases")
	if p.node.get("value") == nil {
		c.fail("MISSING_REQUIRED_PROPERTY", p.path, "Give this Switch a value.")
	}
	if !cases.is(isObject) || len(cases.items) == 0 {
		c.fail("MIN_ITEMS_REQUIRED", p.path, "Give this Switch at least one case.")
		return
	}
	with := 0
	for _, branch := range cases.items {
		if count(branch, "Footer") > 0 {
			with++
		}
	}
	if with > 0 && with < len(cases.items) {
		c.fail("MISSING_FOOTER_IN_SWITCH_BRANCHES", p.path, "Put a Footer into every case of this Switch, or into none.")
	}
}

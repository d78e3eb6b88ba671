package flowjson

import "strings"

// checkScreens judges the list of screens as a whole.
func (r *reader) checkScreens() {
	list := r.root.get("screens").list()
	if len(list) == 0 {
		r.fail("MIN_ITEMS_REQUIRED", "/screens", "Add at least one screen.")
		return
	}
	if len(list) > 100 {
		r.fail("MAX_SCREENS_NUMBER", "/screens", "Use at most 100 screens; there are %d.", len(list))
	}
	for i, n := range list {
		if !n.is(isObject) {
			r.fail("INVALID_PROPERTY_TYPE", index("/screens", i), "Make this screen an object; it is %s.", n.shape.word())
		}
	}
	terminal, success := false, false
	seen := map[string]bool{}
	for _, p := range r.pages {
		terminal, success = terminal || p.Terminal, success || p.Success
		if p.ID != "" && seen[p.ID] {
			r.on(p.ID).fail("DUPLICATE_SCREEN_IDS", p.path+"/id", "Give this screen another id: %q is taken.", p.ID)
		}
		seen[p.ID] = true
	}
	switch {
	case !terminal:
		r.fail("MISSING_TERMINAL_SCREEN", "/screens", "Set \"terminal\": true on the screen where the flow ends.")
	case !success:
		r.fail("INVALID_PROPERTY_VALUE", "/screens", "Let at least one terminal screen be a success: remove \"success\": false from one.")
	}
}

// checkScreen judges the properties of one screen.
func (c *checker) checkScreen() {
	c.checkID()
	for _, key := range []string{"terminal", "success", "refresh_on_back"} {
		if n := c.node.get(key); n != nil && !n.is(isBoolean) {
			c.fail("INVALID_PROPERTY_TYPE", below(c.path, key), "Make %q true or false, without quotes.", key)
		}
	}
	if c.node.get("success") != nil && !c.Terminal {
		c.fail("NOT_KEYWORD_SCHEMA_VALIDATION_FAILED", c.path+"/success", "Remove success, or make screen %q terminal.", c.ID)
	}
	if c.RefreshOnBack && !c.flow.HasEndpoint() {
		c.fail("INVALID_PROPERTY_VALUE", c.path+"/refresh_on_back", "Remove refresh_on_back: only a flow with an endpoint can refresh.")
	}
	for i, name := range c.node.get("sensitive").list() {
		if c.Field(name.str()) == nil {
			c.warn("INVALID_PROPERTY_VALUE", index(c.path+"/sensitive", i), "Name a field of this screen; there is none called %q.", name.str())
		}
	}
	if c.known() {
		c.unknownKeys(c.node, c.path, screenKeys)
	}
	c.checkLayout()
}

func (c *checker) checkID() {
	n, path := c.node.get("id"), c.path+"/id"
	switch {
	case n == nil:
		c.fail("MISSING_REQUIRED_PROPERTY", c.path, "Give this screen an id.")
	case !n.is(isText):
		c.fail("INVALID_PROPERTY_TYPE", path, "Make the id of this screen text.")
	case n.text == "":
		c.fail("MIN_CHARS_REQUIRED", path, "Give this screen an id; it is empty.")
	case strings.EqualFold(n.text, "success"):
		c.fail("SCREEN_ID_IS_RESERVED_KEYWORD", path, "Give this screen another id: %q is reserved for the end of the flow.", n.text)
	case strings.ContainsFunc(n.text, notIDRune):
		c.fail("PATTERN_MISMATCH", path, "Use only letters and underscores in the id %q.", n.text)
	}
}

func notIDRune(r rune) bool {
	return r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

func (c *checker) checkLayout() {
	n, path := c.node.get("layout"), c.path+"/layout"
	switch {
	case n == nil:
		c.fail("MISSING_REQUIRED_PROPERTY", c.path, "Give this screen a layout with its components.")
	case !n.is(isObject):
		c.fail("INVALID_PROPERTY_TYPE", path, "Make the layout an object; it is %s.", n.shape.word())
	case n.get("type").str() != "SingleColumnLayout" && c.known():
		c.fail("INVALID_PROPERTY_VALUE", path+"/type", "Make the type of the layout \"SingleColumnLayout\".")
	case !n.get("children").is(isArray):
		c.fail("MISSING_REQUIRED_PROPERTY", path, "Give the layout a list of children.")
	}
}

package flowjson

import "slices"

// bound is what a property may be bound to.
var bound = map[string][]shape{
	"visible": {isBoolean}, "enabled": {isBoolean}, "required": {isBoolean},
	"data-source": {isArray}, "list-items": {isArray},
	"label": {isText, isObject}, "helper-text": {isText}, "error-message": {isText, isObject},
}

// checkBindings judges every ${…} on the screen: that it exists, and that its type fits the property.
func (c *checker) checkBindings() {
	for _, p := range c.parts {
		if !p.node.is(isObject) {
			continue
		}
		for i, key := range p.node.keys {
			if !p.holds(key) {
				c.checkProperty(p, key, p.node.items[i])
			}
		}
	}
}

func (c *checker) checkProperty(p part, key string, n *node) {
	eachText(n, below(p.path, key), isAction(key), func(path, text string, acting bool) {
		for _, r := range refs(text) {
			c.checkRef(r, path, acting)
		}
	})
	name, ok := local(n)
	if !ok {
		return
	}
	declared := c.Key(name)
	if declared == nil || !slices.Contains(dataTypes, declared.Type) {
		return
	}
	if wanted := c.wanted(p, key); wanted != nil && !slices.Contains(wanted, shape(declared.Type)) {
		c.fail("INVALID_SCREEN_DYNAMIC_DATA", below(p.path, key), "Declare %q as %s: %s of this %s needs that.", name, wanted[0].word(), key, p.typ)
	}
	if key == "data-source" {
		c.checkItemSchema(p, declared)
	}
}

func (c *checker) wanted(p part, key string) []shape {
	if key != "text" {
		return bound[key]
	}
	switch p.typ {
	case "TextHeading", "TextSubheading":
		return []shape{isText}
	case "TextBody", "TextCaption", "RichText":
		return []shape{isText, isArray}
	}
	return nil
}

// checkItemSchema makes sure that options from data can have what an option needs.
func (c *checker) checkItemSchema(p part, key *DataKey) {
	if key.Items == nil || key.Items.Props == nil {
		return
	}
	for _, prop := range []string{"id", "title"} {
		if key.Items.Props[prop] == nil {
			c.fail("INVALID_SCREEN_DYNAMIC_DATA", p.path+"/data-source", "Declare %q for the items of %q: every option of this %s needs it.", prop, key.Name, p.typ)
		}
	}
}

func (c *checker) checkRef(r ref, path string, acting bool) {
	if r.screen != "" {
		c.checkGlobal(r, path)
		return
	}
	code := "INVALID_SCREEN_DYNAMIC_DATA"
	if acting {
		code = "INVALID_ON_CLICK_ACTION_PAYLOAD"
	}
	switch {
	case c.has(r):
	case r.from == fromData:
		c.fail(code, path, "Declare %q in the data of this screen, or remove %q.", r.key(), r.String())
	default:
		c.fail(code, path, "Name a field of this screen; there is none called %q.", r.name)
	}
}

// has tells whether a binding to this screen can be resolved.
func (s *Screen) has(r ref) bool {
	if r.from == fromData {
		return s.Key(r.name) != nil || s.Key(r.key()) != nil
	}
	return s.Field(r.name) != nil || s.Field(r.key()) != nil
}

func (c *checker) checkGlobal(r ref, path string) {
	s := c.flow.Screen(r.screen)
	switch {
	case s == nil:
		c.fail("INVALID_SCREEN_DATA", path, "Name a screen of this flow in %q.", r.String())
	case r.screen == c.ID:
		c.fail("INVALID_SCREEN_DATA", path, "Write %q: this is the screen itself.", ref{from: r.from, name: r.name}.String())
	case !s.has(r):
		c.fail("INVALID_SCREEN_DATA", path, "Name something that screen %q has; %q is not there.", r.screen, r.name)
	}
}

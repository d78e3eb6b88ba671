package flowjson

import (
	"strings"
	"unicode/utf8"
)

// checkComponents judges each component by itself, and their names together.
func (c *checker) checkComponents() {
	seen := map[string]part{}
	hasForm := false
	for _, p := range c.parts {
		hasForm = hasForm || p.typ == "Form"
	}
	for _, p := range c.parts {
		if !c.checkType(p) {
			continue
		}
		c.checkTexts(p)
		c.checkOptions(p)
		c.checkRanges(p)
		c.checkBranches(p)
		if p.input() {
			c.checkName(p, seen)
			c.checkForm(p, hasForm)
		}
	}
}

func (c *checker) checkType(p part) bool {
	s, known := specs[p.typ]
	switch {
	case !p.node.is(isObject):
		c.fail("INVALID_PROPERTY_TYPE", p.path, "Make this component an object; it is %s.", p.node.shape.word())
		return false
	case p.typ == "":
		c.fail("MISSING_REQUIRED_TYPE_PROPERTY", p.path, "Give this component a type.")
	case !known && c.known():
		c.fail("INVALID_PROPERTY_VALUE", p.path+"/type", "Use a component that WhatsApp has; %q is none.", p.typ)
	case s.since != "" && c.older(s.since):
		c.fail("INVALID_PROPERTY_VALUE", p.path+"/type", "%s needs version %s of Flow JSON or newer.", p.typ, s.since)
	}
	return true
}

func (c *checker) checkName(p part, seen map[string]part) {
	if p.name == "" {
		c.fail("MISSING_REQUIRED_PROPERTY", p.path, "Give this %s a name.", p.typ)
		return
	}
	first, twice := seen[p.name]
	switch {
	case !twice:
		seen[p.name] = p
	case first.branch && p.branch:
		c.warn("DUPLICATE_FORM_COMPONENT_NAMES", p.path+"/name", "Give this %s a name of its own, unless only one of the two called %q is ever shown.", p.typ, p.name)
	default:
		c.fail("DUPLICATE_FORM_COMPONENT_NAMES", p.path+"/name", "Give this %s another name: %q is taken on this screen.", p.typ, p.name)
	}
}

func (c *checker) checkForm(p part, hasForm bool) {
	switch {
	case p.form > 0:
	case c.older("4.0"):
		c.fail("KEYWORD_ONE_OF", p.path, "Put this %s into a Form: versions before 4.0 need one.", p.typ)
	case hasForm:
		c.fail("COMPONENTS_OUTSIDE_FORM", p.path, "Move this %s into the Form of the screen.", p.typ)
	}
}

// checkTexts judges the lengths of static texts; those that come from data are not known.
func (c *checker) checkTexts(p part) {
	s := specs[p.typ]
	for _, key := range []string{"label", "text"} {
		c.checkLength(p.node.get(key), below(p.path, key), key, s.label)
	}
	if strings.HasPrefix(p.typ, "Text") && s.input == "" {
		if n := p.node.get("text"); n.is(isText) && strings.TrimSpace(n.text) == "" {
			c.fail("PATTERN_MISMATCH", p.path+"/text", "Write a text or remove this %s: it is empty.", p.typ)
		}
	}
	switch p.typ {
	case "TextInput", "TextArea":
		c.checkLength(p.node.get("helper-text"), p.path+"/helper-text", "helper-text", 80)
		c.checkLength(p.node.get("error-message"), p.path+"/error-message", "error-message", 30)
	case "Footer":
		for _, key := range []string{"left-caption", "center-caption", "right-caption"} {
			c.checkLength(p.node.get(key), below(p.path, key), key, 15)
		}
	}
}

// checkLength counts characters; the texts of a list count together, those of an object each.
func (c *checker) checkLength(n *node, path, name string, most int) {
	if n == nil || most == 0 {
		return
	}
	if n.is(isObject) {
		for i, key := range n.keys {
			c.checkLength(n.items[i], below(path, key), name, most)
		}
		return
	}
	length := 0
	if n.is(isText) && static(n.text) {
		length = utf8.RuneCountInString(n.text)
	}
	for _, line := range n.list() {
		length += utf8.RuneCountInString(line.str())
	}
	if length > most {
		c.fail("PATTERN_MISMATCH", path, "Shorten this %s to %d characters; it has %d.", name, most, length)
	}
}

package flowjson

import "strconv"

// checkOptions judges the static options of a choice, or the items of a list.
func (c *checker) checkOptions(p part) {
	s, key := specs[p.typ], "data-source"
	if p.typ == "NavigationList" {
		key = "list-items"
	}
	n, path := p.node.get(key), below(p.path, key)
	if s.most == 0 {
		return
	}
	if n == nil && p.typ != "NavigationList" {
		c.fail("MISSING_REQUIRED_PROPERTY", p.path, "Give this %s its options with a data-source.", p.typ)
	}
	if !n.is(isArray) {
		return
	}
	most := s.most
	if p.typ == "Dropdown" && hasImage(n) {
		most = 100
	}
	switch {
	case len(n.items) > most:
		c.fail("MAX_ITEMS_REQUIRED", path, "Leave at most %d options in this %s; it has %d.", most, p.typ, len(n.items))
	case len(n.items) < s.least:
		c.fail("MIN_ITEMS_REQUIRED", path, "Give this %s at least %d options; it has %d.", p.typ, s.least, len(n.items))
	}
	if s.choices {
		c.checkChoices(p, n, path)
	}
}

func hasImage(n *node) bool {
	for _, item := range n.items {
		if item.get("image") != nil {
			return true
		}
	}
	return false
}

func (c *checker) checkChoices(p part, n *node, path string) {
	seen := map[string]bool{}
	for i, item := range n.items {
		at := index(path, i)
		id := item.get("id").str()
		if id == "" || item.get("title") == nil {
			c.fail("MISSING_REQUIRED_PROPERTY", at, "Give this option an id and a title.")
			continue
		}
		if seen[id] {
			c.warn("INVALID_PROPERTY_VALUE", at+"/id", "Give this option another id: %q is taken, so answers cannot be told apart.", id)
		}
		seen[id] = true
		if p.typ != "ChipsSelector" {
			c.checkLength(item.get("title"), at+"/title", "title", 30)
			c.checkLength(item.get("metadata"), at+"/metadata", "metadata", 20)
		}
		c.checkLength(item.get("description"), at+"/description", "description", 300)
	}
}

// bounds are properties that belong together, and the range that each must keep; top 0 means none.
var bounds = []struct {
	min, max    string
	bottom, top int64
}{
	{"min-chars", "max-chars", 0, 0},
	{"min-length", "max-length", 0, 0},
	{"min-selected-items", "max-selected-items", 0, 0},
	{"min-uploaded-photos", "max-uploaded-photos", 0, 30},
	{"min-uploaded-documents", "max-uploaded-documents", 0, 30},
	{"", "max-file-size-kb", 1, 25600},
}

func (c *checker) checkRanges(p part) {
	for _, b := range bounds {
		low, hasLow := number(p.node.get(b.min))
		high, hasHigh := number(p.node.get(b.max))
		if hasLow && hasHigh && low > high {
			c.fail("MIN_VALUE_GREATER_THAN_MAX", below(p.path, b.min), "Make %s at most %s, which is %d.", b.min, b.max, high)
		}
		if hasLow && low < b.bottom {
			c.fail("MINIMUM_VALUE_REQUIRED", below(p.path, b.min), "Make %s at least %d.", b.min, b.bottom)
		}
		if hasHigh && high < b.bottom {
			c.fail("MINIMUM_VALUE_REQUIRED", below(p.path, b.max), "Make %s at least %d.", b.max, b.bottom)
		}
		if hasHigh && b.top > 0 && high > b.top {
			c.fail("MAXIMUM_VALUE_REQUIRED", below(p.path, b.max), "Make %s at most %d.", b.max, b.top)
		}
	}
}

// number is a whole number, written as a number or as text.
func number(n *node) (int64, bool) {
	if !n.is(isNumber) && !n.is(isText) {
		return 0, false
	}
	v, err := strconv.ParseInt(n.text, 10, 64)
	return v, err == nil
}

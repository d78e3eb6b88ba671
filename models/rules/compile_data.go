package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"switchyard/models/flowjson"
)

// maxOptions is how many options WhatsApp shows in a Dropdown.
const maxOptions = 200

// findGiven notes which data keys some way into each screen gives, so that staying can inherit them.
func (c *setCompiler) findGiven() {
	c.given = map[string]map[string]bool{}
	give := func(o *Outcome) {
		if o == nil || o.Go == "" {
			return
		}
		if c.given[o.Go] == nil {
			c.given[o.Go] = map[string]bool{}
		}
		for key := range o.Data {
			c.given[o.Go][key] = true
		}
	}
	for _, s := range c.set.doc.parts() {
		for _, r := range s.Rules {
			give(&r.Then)
		}
		give(s.Otherwise)
		give(s.Back)
	}
}

// data compiles the data that an outcome gives to a screen and compares it with what the screen declares.
func (c *setCompiler) data(m map[string]any, to string, inherits bool, at spot) map[string]value {
	out := make(map[string]value, len(m))
	target := c.set.screens[to]
	for _, key := range slices.Sorted(maps.Keys(m)) {
		here := at.step(key)
		v := c.compileValue(m[key], here)
		if target == nil || target.flow == nil {
			out[key] = v
			continue
		}
		declared := target.flow.Key(key)
		switch {
		case declared != nil:
			out[key] = c.declared(v, target, declared, here)
		case key == errorMessage:
			out[key] = v
		default:
			c.tell(Warning, "undeclared-key", here, "The screen %s does not declare “%s”, so it is not sent. Remove it or declare it.", to, key)
		}
	}
	c.missing(m, target, inherits, at)
	return out
}

// missing warns of declared keys that neither this outcome nor an earlier one gives.
func (c *setCompiler) missing(m map[string]any, target *screen, inherits bool, at spot) {
	if target == nil || target.flow == nil {
		return
	}
	for i := range target.flow.Data {
		key := target.flow.Data[i].Name
		_, has := m[key]
		if has || key == errorMessage || target.errorKeys[key] || inherits && c.given[target.id][key] {
			continue
		}
		c.tell(Warning, "missing-key", at.step(key), "The screen %s declares “%s”, which is not given here. %s", target.id, key, emptied(&target.flow.Data[i]))
	}
}

// emptied says what customers meet when a key is sent empty.
func emptied(key *flowjson.DataKey) string {
	for _, by := range key.BoundTo {
		if name, ok := strings.CutSuffix(by, " data-source"); ok {
			return "It is sent empty, so " + name + " offers nothing to choose."
		}
	}
	return "An empty value is sent."
}

// typeWords say what belongs into a key of each type.
var typeWords = map[string]string{"string": "a text", "number": "a number", "integer": "a number", "boolean": "yes or no", "array": "a list", "object": "an object with its properties"}

// declared checks a value against the type of its key, and casts constants once and for all.
func (c *setCompiler) declared(v value, target *screen, key *flowjson.DataKey, at spot) value {
	schema := schemaOf(key)
	switch v := v.(type) {
	case constant:
		cast, ok := conform(v.v, schema)
		if !ok && v.v != nil {
			c.tell(Error, "data-type", at, "The screen %s declares “%s” as %s; this value is not one. Give it %s.", target.id, key.Name, schema.Type, cmp.Or(typeWords[schema.Type], "one"))
			return lostValue{c.harm.last}
		}
		if list, isList := cast.([]any); isList {
			c.dropdown(len(list), key, at)
		}
		return constant{cast}
	case text:
		if schema.Type == "boolean" || schema.Type == "array" || schema.Type == "object" {
			c.tell(Error, "data-type", at, "The screen %s declares “%s” as %s; a text with placeholders is not one. Give it %s.", target.id, key.Name, schema.Type, cmp.Or(typeWords[schema.Type], "one"))
		}
	case placeholder:
		if name := v.formula.uses.whole; name != "" {
			target.feeds[key.Name] = append(target.feeds[key.Name], name)
			if t := c.set.tables[name]; t != nil {
				c.dropdown(len(t.rows), key, at)
			}
		}
	}
	return v
}

func (c *setCompiler) dropdown(rows int, key *flowjson.DataKey, at spot) {
	if rows <= maxOptions {
		return
	}
	for _, by := range key.BoundTo {
		if strings.HasPrefix(by, "Dropdown") {
			c.tell(Warning, "list-too-long", at, "%d options are more than the 200 that a Dropdown shows. Shorten the list.", rows)
			return
		}
	}
}

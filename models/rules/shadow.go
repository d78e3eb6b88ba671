package rules

import (
	"encoding/json"
	"slices"
)

// shadows warns of rules that an earlier one always forestalls: its condition is always true, the same, or
// asks for less.
func (c *setCompiler) shadows(part *ScreenRules, at spot) {
	type earlier struct {
		name  string
		parts []string
	}
	var before []earlier
	for i, r := range part.Rules {
		if r.Off {
			continue
		}
		here := at.step("rules", itoa(i))
		here.about += ", " + ruleName(r, i)
		if c.never(r.When) {
			c.tell(Warning, "never-true", here, "Its condition is never true. Add a part to it.")
			continue
		}
		parts := c.conjuncts(r.When, nil)
		for _, e := range before {
			if subset(e.parts, parts) {
				c.tell(Warning, "shadowed", here, "It never decides, because %s above it decides first. Move it up or change its condition.", e.name)
				break
			}
		}
		before = append(before, earlier{ruleName(r, i), parts})
	}
	for _, e := range before {
		if len(e.parts) == 0 {
			c.tell(Warning, "shadowed", at.step("otherwise"), "“Otherwise” is never reached, because %s is always true.", e.name)
			break
		}
	}
}

func (c *setCompiler) never(cond Condition) bool { return cond.Any != nil && len(*cond.Any) == 0 }

// conjuncts lists what must be true together, as text; a condition that is always true has none.
func (c *setCompiler) conjuncts(cond Condition, out []string) []string {
	switch {
	case cond.All != nil:
		for _, p := range *cond.All {
			out = c.conjuncts(p, out)
		}
		return out
	case cond.Any != nil && len(*cond.Any) == 1:
		return c.conjuncts((*cond.Any)[0], out)
	case cond.Formula != "":
		if f := c.formulas[cond.Formula].formula; f != nil && f.uses.yes {
			return out
		}
	case cond.Not != nil && c.never(*cond.Not):
		return out
	}
	return append(out, canonical(cond))
}

// canonical writes a condition so that equal ones are equal texts whatever the order of their parts.
func canonical(cond Condition) string {
	if cond.Any != nil {
		parts := make([]string, 0, len(*cond.Any))
		for _, p := range *cond.Any {
			parts = append(parts, canonical(p))
		}
		slices.Sort(parts)
		b, _ := json.Marshal(map[string]any{"any": parts})
		return string(b)
	}
	b, err := json.Marshal(cond)
	if err != nil {
		return ""
	}
	return string(b)
}

func subset(a, b []string) bool {
	for _, s := range a {
		if !slices.Contains(b, s) {
			return false
		}
	}
	return true
}

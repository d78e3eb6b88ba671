package rules

import (
	"strconv"
	"strings"
)

// shadows warns of rules that can never decide: their condition cannot be true, or whenever it is an earlier rule has
// decided. Only what is certain is told: conditions whose parts cannot be reasoned about count as free.
func (c *setCompiler) shadows(part *ScreenRules, at spot) {
	if c.tries == 0 {
		c.tries = maxAllTries
	}
	var names []string
	var indexes []int
	var conditions []Condition
	for i, r := range part.Rules {
		if !r.Off {
			names, indexes, conditions = append(names, ruleName(r, i)), append(indexes, i), append(conditions, r.When)
		}
	}
	w := newWorld(c, at)
	claims := make([]*claim, len(conditions))
	for i, cond := range conditions {
		claims[i] = w.claim(cond)
	}
	r := w.reasoner(c.tries)
	var before []*claim
	var whose []string
	for i, want := range claims {
		here := at.step("rules", strconv.Itoa(indexes[i]))
		here.about += ", " + names[i]
		switch {
		case r.reaches(want, nil) == never:
			c.tell(Warning, "never-true", here, "Its condition is never true. Change it, or remove the rule.")
			continue
		case r.reaches(want, before) == never:
			c.tell(Warning, "shadowed", here, "It never decides, because %s. Move it up or change its condition.", decideFirst(whose, r.cover(want, before)))
			continue
		}
		before, whose = append(before, want), append(whose, names[i])
	}
	always := &claim{form: isAll}
	if len(before) > 0 && r.reaches(always, before) == never {
		c.tell(Warning, "shadowed", at.step("otherwise"), "“Otherwise” is never reached, because %s.", decideFirst(whose, r.cover(always, before)))
	}
	c.tries = max(r.left, 1)
}

// decideFirst says which rules leave nothing to the one in question.
func decideFirst(names []string, which []int) string {
	var some []string
	for _, i := range which {
		some = append(some, names[i])
	}
	switch n := len(some); {
	case n == 1:
		return some[0] + " above it decides every such case"
	case n > 4:
		return strconv.Itoa(n) + " rules above it together decide every such case"
	default:
		return strings.Join(some[:n-1], ", ") + " and " + some[n-1] + " above it together decide every such case"
	}
}

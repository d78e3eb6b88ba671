package rules

import "strconv"

// A tried rule is one that is on, as the reasoning sees it.
type triedRule struct {
	rule  *Rule
	index int // in its screen
	name  string
	claim *claim

	does   string // its outcome
	leaves bool   // it shows another screen, or none
}

// shadows warns of rules that can never decide: their condition cannot be true, or whenever it is an earlier rule has
// decided. Only what is certain is told: conditions whose parts cannot be reasoned about count as free. What never
// happens is kept in c.dead. Of the others, those that overlap are noted.
func (c *setCompiler) shadows(part *ScreenRules, at spot) {
	if c.tries == 0 {
		c.tries, c.notes = maxAllTries, maxAllNoteTries
	}
	w := newWorld(c, at)
	var all []triedRule
	for i := range part.Rules {
		if r := &part.Rules[i]; !r.Off && !c.unread[r] {
			all = append(all, triedRule{rule: r, index: i, name: ruleName(*r, i), claim: w.claim(r.When)})
		}
	}
	r := w.reasoner(c.tries)
	var before []*claim
	var whose []triedRule
	for _, t := range all {
		here := at.rule(part, t.index)
		switch {
		case r.reaches(t.claim, nil) == never:
			c.tell(Warning, "never-true", here, "Its condition is never true. Change it, or remove the rule.")
		case r.reaches(t.claim, before) == never:
			by := pick(whose, r.cover(t.claim, before))
			c.tell(Warning, "shadowed", here, "It never decides, because %s. Move it up or change its condition.", decideFirst(by))
			c.others(by)
		default:
			before, whose = append(before, t.claim), append(whose, t)
			continue
		}
		c.dead[&t.rule.Then] = true
	}
	always := &claim{form: isAll}
	if len(before) > 0 && r.reaches(always, before) == never {
		by := pick(whose, r.cover(always, before))
		c.tell(Warning, "shadowed", at.step("otherwise"), "“Otherwise” is never reached, because %s.", decideFirst(by))
		c.others(by)
		c.dead[part.Otherwise] = true
	}
	c.tries = max(r.left, 1)
	c.overlaps(whose, w, r, at)
}

// others says which rules the newest problem is about besides its own.
func (c *setCompiler) others(by []triedRule) {
	p := &c.problems[len(c.problems)-1]
	for _, t := range by {
		p.Others = append(p.Others, t.rule.ID)
	}
}

func pick(all []triedRule, which []int) (some []triedRule) {
	for _, i := range which {
		some = append(some, all[i])
	}
	return some
}

// decideFirst says which rules leave nothing to the one in question.
func decideFirst(by []triedRule) string {
	switch n := len(by); {
	case n == 1:
		return by[0].name + " above it decides every such case"
	case n > 4:
		return strconv.Itoa(n) + " rules above it together decide every such case"
	default:
		var names []string
		for _, t := range by {
			names = append(names, t.name)
		}
		return joinWords(names) + " above it together decide every such case"
	}
}

package rules

import "slices"

// indexOf finds a rule by its id, -1 when it is not there.
func (s *ScreenRules) indexOf(id string) int {
	return slices.IndexFunc(s.Rules, func(r Rule) bool { return r.ID == id })
}

func (f *Fixer) remove(p Problem, at where) []Fix {
	return []Fix{{ID: "remove", Label: "Remove the rule", flows: true, edit: func(d *Document) {
		if part := at.part(d); part.indexOf(p.RuleID) >= 0 {
			part.Rules = slices.Delete(part.Rules, part.indexOf(p.RuleID), part.indexOf(p.RuleID)+1)
		}
	}}}
}

// unshadow moves a rule above the last of those that leave it nothing, or removes it.
func (f *Fixer) unshadow(p Problem, at where) []Fix {
	if at.slot != "rules" {
		return nil
	}
	part := at.part(&f.doc)
	var by []int
	for _, id := range p.Others {
		if i := part.indexOf(id); i >= 0 {
			by = append(by, i)
		}
	}
	var all []Fix
	slices.Sort(by)
	if len(by) > 0 {
		for _, i := range []int{by[len(by)-1], by[0]} {
			over := part.Rules[i].ID
			all = append(all, Fix{ID: "above:" + over, Label: "Move it above " + ruleName(part.Rules[i], i), flows: true, order: true, edit: func(d *Document) { moveAbove(at.part(d), p.RuleID, over) }})
		}
	}
	return append(all, f.remove(p, at)...)
}

func moveAbove(part *ScreenRules, id, over string) {
	from := part.indexOf(id)
	if from < 0 || part.indexOf(over) < 0 {
		return
	}
	moved := part.Rules[from]
	part.Rules = slices.Delete(part.Rules, from, from+1)
	part.Rules = slices.Insert(part.Rules, part.indexOf(over), moved)
}

func (f *Fixer) removeScreen(_ Problem, at where) []Fix {
	return []Fix{{ID: "remove-rules", Label: "Remove the rules of " + at.screen(), flows: true, edit: func(d *Document) { delete(d.Screens, at.screen()) }}}
}

func (f *Fixer) removeBack(_ Problem, at where) []Fix {
	return []Fix{{ID: "remove-back", Label: "Remove what happens on back", flows: true, edit: func(d *Document) { at.part(d).Back = nil }}}
}

// addRules says what a screen without rules does otherwise: it leads to one of those that the routing model allows.
func (f *Fixer) addRules(p Problem, _ where) (all []Fix) {
	place := where{place: join("/screens", p.Screen)}
	for _, to := range f.set.flow.Routes(p.Screen) {
		all = append(all, Fix{ID: "go:" + to, Label: "Always go to " + to, where: place, flows: true, edit: func(d *Document) {
			d.Screens[p.Screen] = &ScreenRules{Rules: []Rule{}, Otherwise: &Outcome{Go: to}}
		}})
	}
	return append(all, Fix{ID: "finish", Label: "Always finish there", where: place, flows: true, edit: func(d *Document) {
		d.Screens[p.Screen] = &ScreenRules{Rules: []Rule{}, Otherwise: &Outcome{Finish: &Finish{}}}
	}})
}

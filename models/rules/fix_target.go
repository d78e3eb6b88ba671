package rules

import "slices"

// allowed leads a transition that is forbidden to a screen to which there is a way.
func (f *Fixer) allowed(p Problem, at where) (all []Fix) {
	for _, to := range f.targets(at) {
		all = append(all, f.lead(at, to, "Go to "+to+" instead"))
	}
	if at.place != openingPart && at.slot != "back" {
		all = append(all, Fix{ID: "stay", Label: "Stay on the screen", flows: true, edit: func(d *Document) {
			if o := at.outcome(d); o != nil {
				*o = Outcome{Stay: &Stay{}}
			}
		}})
	}
	return all
}

// targets are the screens to which an outcome may lead.
func (f *Fixer) targets(at where) (ids []string) {
	flow := f.set.flow
	switch {
	case at.place == openingPart:
		for _, s := range flow.Entries() {
			ids = append(ids, s.ID)
		}
	case at.slot == "back":
		for _, s := range flow.Screens {
			if flow.Leads(s.ID, at.screen()) {
				ids = append(ids, s.ID)
			}
		}
	default:
		ids = slices.Clone(flow.Routes(at.screen()))
	}
	return ids
}

// lead makes an outcome go to a screen, with the data that it has and the screen declares.
func (f *Fixer) lead(at where, to, label string) Fix {
	target := f.set.flow.Screen(to)
	return Fix{ID: "go:" + to, Label: label, flows: true, edit: func(d *Document) {
		o := at.outcome(d)
		if o == nil || o.Go == "" {
			return
		}
		o.Go = to
		for key := range o.Data {
			if target != nil && target.Key(key) == nil && key != errorMessage {
				delete(o.Data, key)
			}
		}
	}}
}

// otherScreen corrects the id of a screen: of a target, of rules, of an answer.
func (f *Fixer) otherScreen(p Problem, at where) (all []Fix) {
	switch {
	case at.slot == "":
		return f.otherRules(at)
	case at.ends("go"):
		for _, to := range nearest(p.name, f.screens()) {
			all = append(all, f.lead(at, to, "Use "+to))
		}
		return append(all, f.allowed(p, at)...)
	}
	screen, field, ok := answerPath(p.name)
	for _, id := range nearest(screen, f.screens()) {
		if ok {
			all = append(all, f.rename(at, p.name, "answers."+id+"."+field, "Use "+id))
		}
	}
	return all
}

// otherRules gives the rules of a screen that is not there to the one that was meant, or removes them.
func (f *Fixer) otherRules(at where) (all []Fix) {
	gone := at.screen()
	for _, id := range nearest(gone, f.screens()) {
		if f.doc.Screens[id] == nil {
			all = append(all, Fix{ID: "rename:" + id, Label: "Give its rules to " + id, flows: true, also: join("/screens", id), edit: func(d *Document) {
				d.Screens[id] = d.Screens[gone]
				delete(d.Screens, gone)
			}})
		}
	}
	return append(all, f.removeScreen(Problem{}, at)...)
}

func (f *Fixer) screens() (ids []string) {
	for _, s := range f.set.flow.Screens {
		ids = append(ids, s.ID)
	}
	return ids
}

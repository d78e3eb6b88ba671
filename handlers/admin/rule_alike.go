package admin

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"switchyard/models/rules"
	"switchyard/views"
)

// mostAlike is how many other outcomes a form offers to take data from.
const mostAlike = 50

// alike are the other outcomes that give data to a screen: those of the place first.
func alike(d draft, p views.RuleFormPage, target string) (options []views.Option) {
	if target == "" {
		return nil
	}
	places := append([]string{p.Place, "opening"}, slices.Sorted(maps.Keys(d.doc.Screens))...)
	seen := map[string]bool{}
	for _, place := range places {
		if seen[place] || d.rulesAt(place) == nil {
			continue
		}
		seen[place] = true
		for rule, o := range outcomesOf(d.rulesAt(place)) {
			if len(options) == mostAlike {
				return options
			}
			if len(dataFor(o, place, target)) > 0 && (place != p.Place || rule != p.Rule) {
				options = append(options, views.Option{Value: place + "/" + rule, Label: outcomeName(d, place, rule)})
			}
		}
	}
	return options
}

// rulesAt are the rules of a place as they were read; nil when it has none.
func (d draft) rulesAt(place string) *rules.ScreenRules {
	if place == "opening" {
		return d.doc.Opening
	}
	return d.doc.Screens[place]
}

// outcomesOf are the outcomes of a place by rule id, "otherwise" and "back", in the order of the page.
func outcomesOf(s *rules.ScreenRules) iter.Seq2[string, rules.Outcome] {
	return func(yield func(string, rules.Outcome) bool) {
		for _, r := range s.Rules {
			if !yield(r.ID, r.Then) {
				return
			}
		}
		if s.Otherwise != nil && !yield("otherwise", *s.Otherwise) {
			return
		}
		if s.Back != nil {
			yield("back", *s.Back)
		}
	}
}

// dataFor are the data that an outcome of a place gives to a screen.
func dataFor(o rules.Outcome, place, target string) map[string]any {
	switch {
	case o.Go == target:
		return o.Data
	case o.Stay != nil && place == target:
		return o.Stay.Data
	}
	return nil
}

func outcomeName(d draft, place, rule string) string {
	at := views.ScreenName(d.json, place)
	switch rule {
	case "otherwise":
		return "Otherwise on " + at
	case "back":
		return "Going back from " + at
	}
	return rules.RuleSubject(d.doc, place, rule, d.json)
}

// takeData fills the data of the form with those of another outcome, "SCREEN/RULE"; what that one does not give stays.
func takeData(p *views.RuleFormPage, d draft, from string) {
	place, rule, _ := strings.Cut(from, "/")
	s, target := d.rulesAt(place), p.Form.Outcome.Target(p.Place)
	if s == nil || target == "" {
		return
	}
	for id, o := range outcomesOf(s) {
		if id != rule {
			continue
		}
		taken := outcomeOf(rules.Outcome{Go: target, Data: dataFor(o, place, target)}, p.Place, d.json).Data
		given := func(in views.DataInput) bool {
			return slices.ContainsFunc(taken, func(t views.DataInput) bool { return t.Key == in.Key })
		}
		p.Form.Outcome.Data = append(slices.DeleteFunc(p.Form.Outcome.Data, given), taken...)
		p.Said, p.Focus = "Data taken from "+outcomeName(d, place, rule)+".", "like"
	}
}

package rules_test

import (
	"slices"

	"switchyard/models/rules"
)

// changes are what a person can do to one rule or place; false: there is nothing to do it to.
var changes = map[string]func(d dice, s *rules.ScreenRules, i int) bool{
	"rename": func(d dice, s *rules.ScreenRules, i int) bool { s.Rules[i].Name += "x"; return true },
	"switch": func(d dice, s *rules.ScreenRules, i int) bool { s.Rules[i].Off = !s.Rules[i].Off; return true },
	"remove": func(d dice, s *rules.ScreenRules, i int) bool { s.Rules = slices.Delete(s.Rules, i, i+1); return true },
	"add": func(d dice, s *rules.ScreenRules, i int) bool {
		s.Rules = slices.Insert(s.Rules, i, rules.Rule{ID: "fresh", When: d.condition(2), Then: rules.Outcome{Expire: &rules.Expire{}}})
		return true
	},
	"move": func(d dice, s *rules.ScreenRules, i int) bool {
		r := s.Rules[i]
		s.Rules = slices.Delete(s.Rules, i, i+1)
		s.Rules = slices.Insert(s.Rules, d.IntN(len(s.Rules)+1), r)
		return true
	},
	"condition": func(d dice, s *rules.ScreenRules, i int) bool { return d.touch(&s.Rules[i].When) },
	"outcome":   func(d dice, s *rules.ScreenRules, i int) bool { return d.retarget(&s.Rules[i].Then) },
	"otherwise": func(d dice, s *rules.ScreenRules, i int) bool { return d.retarget(s.Otherwise) },
	"back": func(d dice, s *rules.ScreenRules, i int) bool {
		if s.Back != nil {
			s.Back = nil
		} else {
			s.Back = &rules.Outcome{Expire: &rules.Expire{Message: "x"}}
		}
		return true
	},
}

// change does one of the changes somewhere; what is "" when the document has no place for it.
func (d dice) change(doc rules.Document) (what, screen, id string) {
	var places []string
	for _, f := range d.flow.Screens {
		if s := doc.Screens[f.ID]; s != nil && len(s.Rules) > 0 {
			places = append(places, f.ID)
		}
	}
	if len(places) == 0 {
		return "", "", ""
	}
	screen = d.pick(places...)
	s := doc.Screens[screen]
	i := d.IntN(len(s.Rules))
	id = s.Rules[i].ID
	var names []string
	for name := range changes {
		names = append(names, name)
	}
	slices.Sort(names)
	what = d.pick(names...)
	if !changes[what](d, s, i) {
		return "", "", ""
	}
	switch what {
	case "add":
		id = "fresh"
	case "otherwise", "back":
		id = ""
	}
	return what, screen, id
}

// touch changes one thing within a condition.
func (d dice) touch(c *rules.Condition) bool {
	inner := c.All
	if c.Any != nil {
		inner = c.Any
	}
	switch {
	case inner != nil && len(*inner) > 0 && d.IntN(3) > 0:
		return d.touch(&(*inner)[d.IntN(len(*inner))])
	case inner != nil && len(*inner) > 0 && d.IntN(2) == 0:
		*inner = slices.Delete(*inner, 0, 1)
	case inner != nil && d.IntN(2) == 0:
		*inner = append(*inner, d.condition(1))
	case inner != nil:
		c.All, c.Any = c.Any, c.All
	case c.Not != nil:
		return d.touch(c.Not)
	case c.Formula != "":
		c.Formula += " "
	case d.IntN(2) == 0:
		*c = rules.Condition{Field: c.Field, Op: rules.IsEmpty}
	default:
		*c = rules.Condition{Formula: "data.age > 3"}
	}
	return true
}

// retarget changes one thing of an outcome.
func (d dice) retarget(o *rules.Outcome) bool {
	switch {
	case o.Go != "" && d.IntN(2) == 0:
		o.Go = d.flow.Screens[d.IntN(len(d.flow.Screens))].ID
	case o.Go != "":
		o.Data = changed(o.Data)
	case o.Stay != nil && d.IntN(3) == 0:
		o.Stay.Error += "!"
	case o.Stay != nil && d.IntN(2) == 0:
		o.Stay.Errors = map[string]string{"age": "No"}
	case o.Stay != nil:
		o.Stay.Data = changed(o.Stay.Data)
	case o.Finish != nil:
		o.Finish.Params = changed(o.Finish.Params)
	case o.Expire != nil && d.IntN(2) == 0:
		o.Expire.Message += "!"
	default:
		*o = rules.Outcome{Finish: &rules.Finish{Params: map[string]any{"n": 1.0}}}
	}
	return true
}

// changed adds, changes or removes one key.
func changed(m map[string]any) map[string]any {
	switch v, has := m["fee"]; {
	case m == nil:
		return map[string]any{"fee": "1"}
	case !has:
		m["fee"] = "1"
	case v == "1":
		delete(m, "fee")
	default:
		m["fee"] = "1"
	}
	return m
}

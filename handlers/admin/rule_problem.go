package admin

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models/rules"
	"switchyard/views"
)

// pointOut marks in the form what the problem that the address names is about. A problem that is gone marks nothing.
func (a *Admin) pointOut(c echo.Context, d draft, p *views.RuleFormPage) (err error) {
	id := c.QueryParam("problem")
	if id == "" {
		return nil
	}
	if d.lists, err = a.lists(c.Request().Context()); err != nil {
		return err
	}
	problems := a.problems(d, a.instanceZone(c))
	i := slices.IndexFunc(problems, func(x rules.Problem) bool { return views.ProblemID(x) == id && x.Screen == p.Place })
	if i < 0 {
		return nil
	}
	p.Problem = &problems[i]
	steps := p.Problem.Steps()
	switch s, known := d.at(p.Place); {
	case len(steps) == 0 || !known:
	case steps[0] == "when" && indexOf(s, p.Rule) >= 0:
		p.Marked = partAt(&p.Form.When, s.Rules[indexOf(s, p.Rule)].When, steps[1:])
	default:
		p.Marked = inputAt(p.Form.Outcome, steps)
	}
	return nil
}

// partAt is the id of the part of the form to which the steps into a condition lead; "" for the whole.
func partAt(whole *views.ConditionPart, c rules.Condition, steps []string) string {
	part := whole
	if !partOf(c).IsGroup() {
		part = &whole.Parts[0]
	}
	for len(steps) > 0 {
		if c.Not != nil && steps[0] == "not" {
			c, steps = *c.Not, steps[1:]
			if part.Bare && len(part.Parts) == 1 {
				part = &part.Parts[0]
			}
			continue
		}
		group := c.All
		if steps[0] == "any" {
			group = c.Any
		}
		if group == nil || len(steps) < 2 {
			break
		}
		n, err := strconv.Atoi(steps[1])
		if err != nil || n < 0 || n >= len(*group) || n >= len(part.Parts) {
			break
		}
		c, part, steps = (*group)[n], &part.Parts[n], steps[2:]
	}
	if part == whole {
		return ""
	}
	return part.ID("part")
}

// inputAt is the id of the value that the steps into an outcome lead to; "" for anything else.
func inputAt(o views.OutcomeForm, steps []string) string {
	inputs := o.Data
	i := slices.Index(steps, "data")
	if i < 0 {
		i, inputs = slices.Index(steps, "params"), o.Params
	}
	if i < 0 || i+1 >= len(steps) {
		return ""
	}
	for _, in := range inputs {
		if in.Key == steps[i+1] {
			return in.ID()
		}
	}
	return ""
}

package admin

import (
	"net/url"
	"strconv"

	"switchyard/models/rules"
	"switchyard/views"
)

// wholeOf is the condition of a rule as a group: one that is none stands bare in it.
func wholeOf(c rules.Condition) views.ConditionPart {
	if part := partOf(c); part.IsGroup() {
		return part
	}
	return views.ConditionPart{Join: views.JoinAll, Bare: true, Parts: []views.ConditionPart{partOf(c)}}
}

// partOf is a condition as the form shows it.
func partOf(c rules.Condition) views.ConditionPart {
	switch {
	case c.All != nil:
		return groupOf(views.JoinAll, *c.All)
	case c.Any != nil:
		return groupOf(views.JoinAny, *c.Any)
	case c.Not != nil && c.Not.Any != nil:
		return groupOf(views.JoinNone, *c.Not.Any)
	case c.Not != nil && c.Not.All != nil:
		return groupOf(views.JoinNotAll, *c.Not.All)
	case c.Not != nil:
		group := groupOf(views.JoinNone, []rules.Condition{*c.Not})
		group.Bare = true
		return group
	}
	return views.ConditionPart{Row: rowOf(c)}
}

func groupOf(join views.Join, parts []rules.Condition) views.ConditionPart {
	g := views.ConditionPart{Join: join}
	for _, c := range parts {
		g.Parts = append(g.Parts, partOf(c))
	}
	return g
}

// readWhole reads the parts, which come from the top with their depth.
func readWhole(v url.Values) views.ConditionPart {
	whole := views.ConditionPart{Join: readJoin(v.Get("join")), Bare: v.Get("alone") != ""}
	open := []*views.ConditionPart{&whole} // the groups that the next part may stand in
	for i := range maxRows {
		part, ok := readPart(v, i)
		if !ok {
			break
		}
		depth, _ := strconv.Atoi(v.Get(numbered("depth", i)))
		depth = min(max(depth, 1), len(open))
		in := open[depth-1]
		in.Parts = append(in.Parts, part)
		if open = open[:depth]; part.IsGroup() {
			open = append(open, &in.Parts[len(in.Parts)-1])
		}
	}
	return whole
}

func readPart(v url.Values, i int) (part views.ConditionPart, ok bool) {
	part.Key = v.Get(numbered("part", i))
	if n, err := strconv.Atoi(part.Key); err != nil || n < 1 || n > 1e6 {
		part.Key = ""
	}
	switch {
	case v.Has(numbered("group", i)):
		part.Join, part.Bare = readJoin(v.Get(numbered("group", i))), v.Get(numbered("bare", i)) != ""
	case v.Has(numbered("field", i)), v.Has(numbered("kept", i)), v.Has(numbered("formula", i)):
		part.Row = readRow(v, i)
	default:
		return part, false
	}
	return part, true
}

func readJoin(text string) views.Join {
	switch j := views.Join(text); j {
	case views.JoinAny, views.JoinNone, views.JoinNotAll:
		return j
	}
	return views.JoinAll
}

// conditionFrom is the condition that the form says; what is missing is told beside its row.
func conditionFrom(whole views.ConditionPart, groups []views.FieldGroup) (rules.Condition, formErrors) {
	parts := make([]rules.Condition, 0, len(whole.Parts))
	var errs formErrors
	for _, x := range whole.Parts {
		if x.IsGroup() {
			c, more := conditionFrom(x, groups)
			parts, errs = append(parts, c), append(errs, more...)
			continue
		}
		c, problem := leafFrom(x.Row, views.FindField(groups, x.Row.Field))
		if problem != "" {
			errs = append(errs, views.FieldError{ID: controlOf(x), Message: problem})
		}
		parts = append(parts, c)
	}
	return joined(whole, parts), errs
}

// controlOf is the control of a row that its error leads to.
func controlOf(x views.ConditionPart) string {
	switch {
	case x.Row.IsFormula:
		return x.ID("formula")
	case x.Row.Kept != "":
		return x.ID("part")
	case x.Row.Field == "":
		return x.ID("field")
	}
	return x.ID("value")
}

// joined puts the parts of a group together.
func joined(g views.ConditionPart, parts []rules.Condition) rules.Condition {
	alone := g.Bare && len(parts) == 1 && !g.Parts[0].IsGroup()
	bareNot := g.Bare && len(parts) == 1 && g.Join == views.JoinNone && keepsNot(g.Parts[0])
	switch {
	case bareNot:
		return rules.Condition{Not: &parts[0]}
	case alone && (g.Join == views.JoinAll || g.Join == views.JoinAny):
		return parts[0]
	case g.Join == views.JoinAny:
		return rules.Condition{Any: &parts}
	case g.Join == views.JoinNone:
		return rules.Condition{Not: &rules.Condition{Any: &parts}}
	case g.Join == views.JoinNotAll:
		return rules.Condition{Not: &rules.Condition{All: &parts}}
	}
	return rules.Condition{All: &parts}
}

// keepsNot tells whether “not” of the part is read as a group of one: all but “not any” and “not all”, which are groups
// of their own.
func keepsNot(x views.ConditionPart) bool {
	return x.Join != views.JoinAll && x.Join != views.JoinAny
}

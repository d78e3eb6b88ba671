package admin

import (
	"slices"
	"strconv"
	"strings"

	"switchyard/models/rules"
	"switchyard/views"
)

// A change is what a button of the form asks for, other than saving. It tells what was done, and with which control to
// go on; "" leaves the focus where it is.
func change(p *views.RuleFormPage, do string) {
	name, n, hasNumber := strings.Cut(do, "-")
	if name == "add" || name == "group" || name == "formula" || partActs[name] != nil {
		changeCondition(p, name, n, hasNumber)
		return
	}
	changeOutcome(p, name, n)
}

func changeCondition(p *views.RuleFormPage, name, n string, hasNumber bool) {
	whole := &p.Form.When
	at, err := strconv.Atoi(n)
	if err != nil && hasNumber {
		return
	}
	if partActs[name] == nil {
		if group := groupAt(whole, at, hasNumber); group != nil {
			addTo(p, group, name)
		}
		return
	}
	if parent, i := locate(whole, at); parent != nil {
		before := *whole
		before.Parts = clonedParts(whole.Parts)
		focus, said := partActs[name](whole, parent, i)
		if whole.Arrange(); tooDeep(whole) || whole.Count() > maxRows {
			p.Form.When, p.Said = before, "There is no room for that: a condition has at most 500 parts, nested at most 32 deep."
			return
		}
		p.Said, p.Focus = said(), focus()
	}
}

// addTo adds a row, a group with a row, or a formula at the end of a group.
func addTo(p *views.RuleFormPage, group *views.ConditionPart, what string) {
	part := views.ConditionPart{}
	switch what {
	case "group":
		part = views.ConditionPart{Join: views.JoinAny, Parts: []views.ConditionPart{{}}}
		if group.Join == views.JoinAny {
			part.Join = views.JoinAll
		}
	case "formula":
		part.Row.IsFormula = true
	}
	whole := &p.Form.When
	group.Parts = append(group.Parts, part)
	if whole.Arrange(); tooDeep(whole) || whole.Count() > maxRows {
		group.Parts = group.Parts[:len(group.Parts)-1]
		p.Said = "There is no room for that: a condition has at most 500 parts, nested at most 32 deep."
		return
	}
	added := group.Parts[len(group.Parts)-1]
	p.Said, p.Focus = title(added.Words())+" added.", firstControl(added)
}

// firstControl is the control to begin with in a part.
func firstControl(x views.ConditionPart) string {
	switch {
	case x.IsGroup() && len(x.Parts) > 0:
		return firstControl(x.Parts[0])
	case x.IsGroup():
		return x.ID("add")
	case x.Row.IsFormula:
		return x.ID("formula")
	case x.Row.Kept != "":
		return x.ID("remove")
	}
	return x.ID("field")
}

func title(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

// groupAt is the whole condition, or the group of that number.
func groupAt(whole *views.ConditionPart, at int, numbered bool) *views.ConditionPart {
	if !numbered {
		return whole
	}
	for x := range whole.Each() {
		if x.At == at && x.IsGroup() {
			return x
		}
	}
	return nil
}

// locate finds the group that holds the part of that number, and the part's place in it.
func locate(g *views.ConditionPart, at int) (parent *views.ConditionPart, i int) {
	for i := range g.Parts {
		if g.Parts[i].At == at {
			return g, i
		}
		if parent, j := locate(&g.Parts[i], at); parent != nil {
			return parent, j
		}
	}
	return nil, 0
}

// parentOf finds the group that holds a group.
func parentOf(g, child *views.ConditionPart) (parent *views.ConditionPart, i int) {
	for i := range g.Parts {
		if &g.Parts[i] == child {
			return g, i
		}
		if parent, j := parentOf(&g.Parts[i], child); parent != nil {
			return parent, j
		}
	}
	return nil, 0
}

func clonedParts(parts []views.ConditionPart) []views.ConditionPart {
	out := slices.Clone(parts)
	for i := range out {
		out[i].Parts = clonedParts(out[i].Parts)
	}
	return out
}

// tooDeep tells whether a document cannot hold the condition.
func tooDeep(g *views.ConditionPart) bool { return levels(g) > rules.MaxDepth }

// levels is how deep a part is nested as a document has it.
func levels(g *views.ConditionPart) int {
	deepest := 0
	for i := range g.Parts {
		deepest = max(deepest, levels(&g.Parts[i]))
	}
	switch {
	case !g.IsGroup():
		return 1
	case g.Join == views.JoinNone || g.Join == views.JoinNotAll:
		return deepest + 2
	}
	return deepest + 1
}

// changeOutcome adds and removes params, and rows of data.
func changeOutcome(p *views.RuleFormPage, name, n string) {
	o := &p.Form.Outcome
	first, second, _ := strings.Cut(n, "-")
	i, err := strconv.Atoi(first)
	j, errRow := strconv.Atoi(second)
	switch {
	case name == "param" && len(o.Params) < maxParams:
		o.Params = append(o.Params, views.DataInput{Param: true, At: len(o.Params), Source: views.SourceValue})
		p.Said, p.Focus = "Answer added.", o.Params[len(o.Params)-1].Name("key")
	case err != nil || i < 0:
	case name == "unparam" && i < len(o.Params):
		o.Params = slices.Delete(o.Params, i, i+1)
		p.Said, p.Focus = "Answer "+strconv.Itoa(i+1)+" removed.", "add-param"
	case name == "row" && i < len(o.Data) && len(o.Data[i].Cells) < maxRows:
		in := &o.Data[i]
		in.Cells = append(in.Cells, make([]string, len(in.Columns)))
		p.Said, p.Focus = "Row added.", in.CellID(len(in.Cells)-1, 0)
	case name == "unrow" && i < len(o.Data) && errRow == nil && j >= 0 && j < len(o.Data[i].Cells):
		in := &o.Data[i]
		in.Cells, in.Made = slices.Delete(in.Cells, j, j+1), withoutRow(in.Made, j)
		p.Said, p.Focus = "Row "+strconv.Itoa(j+1)+" removed.", in.Name("row")
	}
}

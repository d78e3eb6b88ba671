package admin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// complete adds what the form shows beside what it holds: the fields and lists to choose from, what is wrong with
// formulas, what values are with sample answers.
func (a *Admin) complete(c echo.Context, d draft, p *views.RuleFormPage) error {
	ctx := c.Request().Context()
	lists, err := a.DB.Lists(ctx)
	if err != nil {
		return err
	}
	for _, l := range lists {
		columns := []string{"id", "title", "description"}
		for _, column := range l.Columns {
			columns = append(columns, column.Name)
		}
		p.Lists = append(p.Lists, views.ListName{Name: l.Name, Columns: columns})
	}
	p.Fields = views.FieldGroups(d.json, p.Place, usedFields(*p)...)
	if err := a.fillOptions(ctx, d, p, lists); err != nil {
		return err
	}
	target := p.Form.Outcome.Target(p.Place)
	fillData(&p.Form.Outcome, target, d.json)
	p.Alike = alike(d, *p, target)
	arrange(p)
	heads := make(map[string]*rules.List, len(lists))
	for _, l := range lists {
		heads[l.Name] = &l.List
	}
	check(p, d.json, heads)
	instead(p, d, target)
	return a.preview(c, d, p, lists)
}

// arrange gives parts, data and params their numbers.
func arrange(p *views.RuleFormPage) {
	if p.IsRule() {
		if !p.Form.When.IsGroup() {
			p.Form.When = newForm().When
		}
		p.Form.When.Arrange()
	}
	for i := range p.Form.Outcome.Params {
		p.Form.Outcome.Params[i].At = i
	}
}

// usedFields are the fields that the form names.
func usedFields(p views.RuleFormPage) (paths []string) {
	for x := range p.Form.When.Each() {
		paths = append(paths, x.Row.Field, x.Row.Other)
	}
	for _, in := range slices.Concat(p.Form.Outcome.Data, p.Form.Outcome.Params) {
		paths = append(paths, in.Field)
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

// fillOptions gives the fields that conditions ask about the options of the lists that the rules fill them with.
func (a *Admin) fillOptions(ctx context.Context, d draft, p *views.RuleFormPage, lists []models.ListRow) error {
	asked := map[string]bool{}
	for x := range p.Form.When.Each() {
		asked[strings.TrimPrefix(x.Row.Field, "data.")] = x.Row.Field != ""
	}
	var err error
	views.EachField(p.Fields, func(f *views.FieldChoice) {
		if f.Source == nil || !asked[f.Path] || err != nil {
			return
		}
		var options []flowjson.Option
		for _, name := range d.ways.feeds[[2]string{f.Source.Screen, f.Source.OptionsKey}] {
			var list *rules.List
			if list, err = a.listNamed(ctx, lists, name); list == nil {
				continue
			}
			for _, row := range list.Rows {
				options = append(options, flowjson.Option{ID: row.ID, Title: row.Title, Description: row.Description})
			}
		}
		if len(options) > 0 {
			f.Options = distinct(options)
		}
	})
	return err
}

// distinct keeps the first option of each id.
func distinct(options []flowjson.Option) []flowjson.Option {
	seen := make(map[string]bool, len(options))
	return slices.DeleteFunc(options, func(o flowjson.Option) bool {
		twice := seen[o.ID]
		seen[o.ID] = true
		return twice
	})
}

// check tells what is wrong with formulas and with texts that hold {{ }}.
func check(p *views.RuleFormPage, flow *flowjson.Flow, lists map[string]*rules.List) {
	for x := range p.Form.When.Each() {
		if x.Row.IsFormula && strings.TrimSpace(x.Row.Formula) != "" {
			x.Row.Fault = rules.CheckFormula(x.Row.Formula, p.Place, flow, lists)
		}
	}
	for _, inputs := range [][]views.DataInput{p.Form.Outcome.Data, p.Form.Outcome.Params} {
		for i := range inputs {
			if inputs[i].IsTemplate() {
				inputs[i].Fault = rules.CheckText(inputs[i].Value, p.Place, flow, lists)
			}
		}
	}
}

// refill brings the data of the outcome into the shape of the screen that is chosen now. What was entered for another
// screen goes, unless the new one declares the same key with the same type.
func refill(p *views.RuleFormPage, flow *flowjson.Flow, before string) {
	o := &p.Form.Outcome
	target := o.Target(p.Place)
	fillData(o, target, flow)
	if before == target {
		return
	}
	was := screenOf(flow, before)
	o.Data = slices.DeleteFunc(o.Data, func(in views.DataInput) bool {
		if !in.Declared {
			return true
		}
		return was != nil && was.Key(in.Key) != nil && was.Key(in.Key).Type != in.Type
	})
	fillData(o, target, flow)
}

// instead says of keys that are not given what is sent for them.
func instead(p *views.RuleFormPage, d draft, target string) {
	for i := range p.Form.Outcome.Data {
		in := &p.Form.Outcome.Data[i]
		empty := cmp.Or(emptyWords[in.Type], "an empty value")
		switch {
		case in.Source != views.SourceKeep:
		case !in.Required:
			in.Instead = "Only sent when there is an error to show."
		case d.ways.given[[2]string{target, in.Key}]:
			in.Instead = "Sent instead: what this visit last got for it, else " + empty + "."
		default:
			in.Instead = "Sent instead: " + empty + "."
		}
	}
}

// emptyWords are the empty values of declared types.
var emptyWords = map[string]string{"string": "an empty text", "number": "0", "integer": "0", "boolean": "no", "array": "an empty list", "object": "an empty object"}

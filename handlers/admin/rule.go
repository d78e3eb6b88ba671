package admin

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

// Rule shows the form of one rule of a screen: an id, "new", "otherwise" or "back".
func (a *Admin) Rule(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	p, _, err := a.rulePage(c, d)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.RuleEditor(p))
}

// rulePage is the form as the document has it, and the rules of its place.
func (a *Admin) rulePage(c echo.Context, d draft) (p views.RuleFormPage, s *rules.ScreenRules, err error) {
	place, id := c.Param("screen"), c.Param("rule")
	s, ok := d.at(place)
	if !ok || d.json == nil || id == "back" && place == "opening" {
		return p, nil, models.ErrNotFound
	}
	p = views.RuleFormPage{Page: a.page(c, "Rule of "+d.flow.Name), Flow: d.flow, JSON: d.json, Place: place, Rule: id, Edit: d.set.Edit}
	for name := range d.lists {
		p.Lists = append(p.Lists, name)
	}
	outcome := rules.Outcome{}
	switch id {
	case "new":
		p.Form = views.RuleForm{Join: "all", Rows: []views.ConditionRow{{}}}
	case "otherwise":
		if s.Otherwise != nil {
			outcome = *s.Otherwise
		}
	case "back":
		if s.Back == nil {
			return p, s, nil
		}
		outcome = *s.Back
	default:
		i := indexOf(s, id)
		if i < 0 {
			return p, s, models.ErrNotFound
		}
		p.Form, outcome = formOf(s.Rules[i]), s.Rules[i].Then
	}
	p.Form.Outcome = outcomeOf(outcome, place, d.json)
	return p, s, nil
}

// SaveRule takes the form: do=save writes the draft, every other button gives the form back changed.
func (a *Admin) SaveRule(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	p, s, err := a.rulePage(c, d)
	if err != nil {
		return err
	}
	posted, err := c.FormParams()
	if err != nil {
		return err
	}
	off := p.Form.Off
	p.Form, p.Edit = readForm(posted), editOf(c)
	p.Form.Off = off
	groups := views.FieldGroups(d.json, p.Place)
	if do := c.FormValue("do"); do != "save" {
		change(&p.Form, do)
		fit(&p.Form, groups)
		refill(&p, d.json, c.FormValue("target"))
		return render(c, http.StatusOK, views.RuleEditor(p))
	}
	refill(&p, d.json, c.FormValue("target"))
	if p.Errors = place(&p, s, groups); len(p.Errors) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.RuleEditor(p))
	}
	err = a.saveDraft(c, d, p.Edit)
	if errors.Is(err, models.ErrConflict) {
		p.Edit, p.Conflict = d.set.Edit, true
		return render(c, http.StatusConflict, views.RuleEditor(p))
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "Saved to the draft. Customers get it when you publish."); err != nil {
		return err
	}
	return leave(c, views.RulesURL(d.flow.Slug)+"#screen-"+p.Place)
}

// refill brings the data of the outcome into the shape of the screen that is chosen now. What was entered for another
// screen goes, unless the new one declares the same key.
func refill(p *views.RuleFormPage, flow *flowjson.Flow, before string) {
	o := &p.Form.Outcome
	target := o.Target(p.Place)
	fillData(o, target, flow)
	if before != target {
		o.Data = slices.DeleteFunc(o.Data, func(d views.DataInput) bool { return !d.Declared })
	}
}

// place puts what the form says into the rules of its screen.
func place(p *views.RuleFormPage, s *rules.ScreenRules, groups []views.FieldGroup) formErrors {
	outcome, errs := outcomeFrom(p.Form.Outcome)
	switch p.Rule {
	case "otherwise":
		if outcome == nil {
			return formErrors{{ID: "kind", Message: "Choose what happens."}}
		}
		s.Otherwise = outcome
		return errs
	case "back":
		s.Back = outcome
		return errs
	}
	when, more := conditionFrom(p.Form, groups)
	errs = append(more, errs...)
	if outcome == nil {
		return append(errs, views.FieldError{ID: "kind", Message: "Choose what happens."})
	}
	r := rules.Rule{ID: p.Rule, Name: p.Form.Name, Off: p.Form.Off, When: when, Then: *outcome}
	if p.Rule == "new" {
		r.ID = newRuleID()
		s.Rules = append(s.Rules, r)
		return errs
	}
	s.Rules[indexOf(s, p.Rule)] = r
	return errs
}

// checkRules compiles what is about to be published; errProblems when it has errors.
func checkRules(document, flowJSON []byte, d draft, zone *time.Location) error {
	doc, problems := rules.Parse(document, newRuleID)
	if rules.HasErrors(problems) {
		return errProblems
	}
	if _, problems = rules.Compile(doc, parsed(flowJSON), d.lists, zone); rules.HasErrors(problems) {
		return errProblems
	}
	return nil
}

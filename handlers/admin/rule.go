package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

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
	if p.Here, err = a.arrive(c, d, p.Place, p.Rule); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.RuleEditor(p))
}

// errRuleGone is a rule that its screen does not have.
var errRuleGone = fmt.Errorf("the rule is gone: %w", models.ErrNotFound)

// rulePage is the form as the document has it, and the rules of its place. With errRuleGone it is an empty one.
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
		p.NewID = newRuleID()
		p.Form = views.RuleForm{Join: "all", Alone: true, Rows: []views.ConditionRow{{}}}
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
			return p, s, errRuleGone
		}
		p.Form, outcome = formOf(s.Rules[i]), s.Rules[i].Then
	}
	if !p.IsRule() {
		p.Form.Made = madeOf(rules.Rule{Then: outcome})
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
	if p.Gone = errors.Is(err, errRuleGone); err != nil && !p.Gone {
		return err
	}
	if c.FormValue("do") == "theirs" {
		return a.keepTheirs(c, d)
	}
	posted, err := c.FormParams()
	if err != nil {
		return err
	}
	form, ok := readForm(posted)
	if !ok {
		p.Errors = formErrors{{Message: tooMuch}}
		return render(c, http.StatusUnprocessableEntity, views.RuleEditor(p))
	}
	if form.Off = p.Form.Off; p.Gone || p.Rule == "new" {
		form.Off = ruleOf(form.Made).Off // of a rule that was deleted
	}
	p.Form, p.NewID = form, newIDOf(c)
	groups := views.FieldGroups(d.json, p.Place)
	do := c.FormValue("do")
	if do != "save" {
		change(&p.Form, do)
		fit(&p.Form, groups)
	}
	refill(&p, d.json, c.FormValue("target"))
	if p.Gone {
		p.Rule = "new"
		return render(c, http.StatusConflict, views.RuleEditor(p))
	}
	p.Edit = editOf(c)
	if do != "save" {
		return render(c, http.StatusOK, views.RuleEditor(p))
	}
	return a.putRule(c, d, s, p, groups)
}

// putRule saves what the form says, or gives it back with what is wrong.
func (a *Admin) putRule(c echo.Context, d draft, s *rules.ScreenRules, p views.RuleFormPage, groups []views.FieldGroup) error {
	if p.Errors = place(&p, s, groups); len(p.Errors) == 0 {
		p.Errors = unreadable(d.doc)
	}
	if len(p.Errors) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.RuleEditor(p))
	}
	err := a.saveDraft(c, d, p.Edit)
	if clash, ok := errors.AsType[*models.Clash](err); ok {
		p.Edit, p.Clash = clash.Edit, a.clashOf(c, d, clash)
		return render(c, http.StatusConflict, views.RuleEditor(p))
	}
	if errors.Is(err, models.ErrConflict) {
		p.Edit, p.Conflict = d.set.Edit, true
		return render(c, http.StatusConflict, views.RuleEditor(p))
	}
	if p.Errors = formErrorsOf(err); len(p.Errors) > 0 {
		return render(c, http.StatusUnprocessableEntity, views.RuleEditor(p))
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "Saved to the draft. Customers get it when you publish."); err != nil {
		return err
	}
	return leave(c, views.RulesURL(d.flow.Slug)+"#screen-"+p.Place)
}

// unreadable tells why a document could not be read again: too many conditions, values that are nested too deep. Saved,
// it would be lost.
func unreadable(doc rules.Document) formErrors {
	_, problems := rules.Parse(doc.Encode(), newRuleID)
	for _, p := range problems {
		if p.Severity == rules.Error {
			return formErrors{{Message: p.Message}}
		}
	}
	return nil
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
	if !p.IsRule() {
		outcome, errs := outcomeFrom(p.Form.Outcome, ruleOf(p.Form.Made).Then)
		switch {
		case p.Rule == "back":
			s.Back = outcome
		case outcome == nil:
			return formErrors{noOutcome}
		default:
			s.Otherwise = outcome
		}
		return errs
	}
	r, errs := ruleFrom(p.Form, groups)
	if p.Rule == "new" {
		r.ID = p.NewID
		if i := indexOf(s, r.ID); i >= 0 { // the form was sent twice
			s.Rules[i] = r
			return errs
		}
		s.Rules = append(s.Rules, r)
		return errs
	}
	r.ID = p.Rule
	s.Rules[indexOf(s, p.Rule)] = r
	return errs
}

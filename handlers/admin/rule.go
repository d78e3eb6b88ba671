package admin

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// Rule shows the form of one rule of a screen: an id, "new", "otherwise" or "back".
func (a *Admin) Rule(c echo.Context) error {
	d, err := a.ruleDraft(c)
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
	if err := a.complete(c, d, &p); err != nil {
		return err
	}
	if err := a.pointOut(c, d, &p); err != nil {
		return err
	}
	if p.Rule == "new" {
		p.Focus = "name"
	}
	return showRule(c, http.StatusOK, p)
}

// showRule answers with the form: alone for htmx, which takes nothing else of the page.
func showRule(c echo.Context, status int, p views.RuleFormPage) error {
	if isHTMX(c) {
		return render(c, status, views.RuleFormPart(p))
	}
	return render(c, status, views.RuleEditor(p))
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
	outcome := rules.Outcome{}
	switch id {
	case "new":
		p.NewID = newRuleID()
		p.Form = newForm()
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
	d, err := a.ruleDraft(c)
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
		if err := a.complete(c, d, &p); err != nil {
			return err
		}
		return showRule(c, http.StatusUnprocessableEntity, p)
	}
	if form.Off = p.Form.Off; p.Gone || p.Rule == "new" {
		form.Off = ruleOf(form.Made).Off // of a rule that was deleted
	}
	p.Form, p.NewID = form, newIDOf(c, d)
	return a.takeRule(c, d, s, p)
}

// takeRule does what the pressed button says with the form that was posted.
func (a *Admin) takeRule(c echo.Context, d draft, s *rules.ScreenRules, p views.RuleFormPage) error {
	do, shown := c.FormValue("do"), p.Edit
	p.Form.When.Arrange()
	if do != "save" {
		if do == "take" {
			takeData(&p, d, c.FormValue("like"))
		}
		change(&p, do)
		fit(&p.Form.When, views.FieldGroups(d.json, p.Place, usedFields(p)...))
	}
	refill(&p, d.json, c.FormValue("target"))
	if err := a.complete(c, d, &p); err != nil {
		return err
	}
	if p.Gone {
		p.Rule, p.Edit = "new", shown
		return showRule(c, http.StatusConflict, p)
	}
	p.Edit = editOf(c)
	if do != "save" {
		return showRule(c, http.StatusOK, p)
	}
	return a.putRule(c, d, s, p)
}

// putRule saves what the form says, or gives it back with what is wrong.
func (a *Admin) putRule(c echo.Context, d draft, s *rules.ScreenRules, p views.RuleFormPage) error {
	if p.Errors = place(&p, s); len(p.Errors) > 0 {
		return showRule(c, http.StatusUnprocessableEntity, p)
	}
	err := a.saveDraft(c, d, p.Edit)
	if clash, ok := errors.AsType[*models.Clash](err); ok {
		p.Edit, p.Clash = clash.Edit, a.clashOf(c, d, clash)
		return showRule(c, http.StatusConflict, p)
	}
	if errors.Is(err, models.ErrConflict) {
		p.Edit, p.Conflict = d.set.Edit, true
		return showRule(c, http.StatusConflict, p)
	}
	if p.Errors = formErrorsOf(err); len(p.Errors) > 0 {
		return showRule(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "Saved to the draft. Customers get it when you publish."); err != nil {
		return err
	}
	if p.Rule == "new" {
		p.Rule = p.NewID
	}
	return leave(c, views.RuleAnchorURL(d.flow.Slug, p.Place, p.Rule))
}

// unreadable tells why rules could not be read again: too many conditions, values that are nested too deep. Saved, they
// would be lost.
func unreadable(s rules.ScreenRules) formErrors {
	doc := rules.Document{Switchyard: 1, Opening: &rules.ScreenRules{Otherwise: &rules.Outcome{Expire: &rules.Expire{}}}, Screens: map[string]*rules.ScreenRules{"S": &s}}
	_, problems := rules.Parse(doc.Encode(), newRuleID)
	for _, p := range problems {
		if p.Severity == rules.Error {
			return formErrors{{Message: p.Message}}
		}
	}
	return nil
}

// place puts what the form says into the rules of its screen.
func place(p *views.RuleFormPage, s *rules.ScreenRules) formErrors {
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
		if outcome != nil && len(errs) == 0 {
			errs = unreadable(rules.ScreenRules{Otherwise: outcome})
		}
		return errs
	}
	r, errs := ruleFrom(p)
	if r.ID = p.Rule; r.ID == "new" {
		r.ID = p.NewID
	}
	if i := indexOf(s, r.ID); i >= 0 { // a new one, too: its form was sent twice
		s.Rules[i] = r
	} else {
		s.Rules = append(s.Rules, r)
	}
	if len(errs) == 0 {
		errs = unreadable(rules.ScreenRules{Rules: []rules.Rule{r}, Otherwise: &rules.Outcome{Expire: &rules.Expire{}}})
	}
	return errs
}

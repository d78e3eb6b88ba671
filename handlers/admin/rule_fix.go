package admin

import (
	"cmp"
	"errors"
	"slices"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

const problemGone = "This problem is not there any more. This is the newest draft."

// FixRules mends one problem of the draft by one of the fixes that the page offered: problem, fix.
func (a *Admin) FixRules(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	switch {
	case d.json == nil:
		return models.ErrNotFound
	case editOf(c) != d.set.Edit:
		return a.staleDraft(c, draftChanged)
	}
	problem, fix, ok := a.fixOf(c, d)
	if !ok {
		return a.staleDraft(c, problemGone)
	}
	d.doc = fix.Apply(d.doc)
	if err := a.saveDraft(c, d, editOf(c)); errors.Is(err, models.ErrConflict) {
		return a.staleDraft(c, draftChanged)
	} else if err != nil {
		return err
	}
	if err := a.done(c, "Mended: "+fix.Label+"."); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(d.flow.Slug)+"#"+afterFix(c, d, problem))
}

// fixOf is the fix that the form names.
func (a *Admin) fixOf(c echo.Context, d draft) (p rules.Problem, x rules.Fix, ok bool) {
	zone := a.instanceZone(c)
	problems := a.problems(d, zone)
	i := slices.IndexFunc(problems, func(p rules.Problem) bool { return views.ProblemID(p) == c.FormValue("problem") })
	if i < 0 {
		return p, x, false
	}
	fixes := a.fixes(d, problems, zone)[views.ProblemID(problems[i])]
	n := slices.IndexFunc(fixes, func(x rules.Fix) bool { return x.ID == c.FormValue("fix") })
	if n < 0 {
		return p, x, false
	}
	return problems[i], fixes[n], true
}

// afterFix is what to look at next: the list when the button was in it, else the rule or its screen.
func afterFix(c echo.Context, d draft, p rules.Problem) string {
	if c.FormValue("from") == "list" {
		return "problems"
	}
	if s, ok := d.at(p.Screen); ok && p.RuleID != "" && indexOf(s, p.RuleID) >= 0 {
		return "rule-" + p.RuleID
	}
	return "screen-" + cmp.Or(p.Screen, "opening")
}

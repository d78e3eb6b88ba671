package admin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// AskPublish shows what publishing would change.
func (a *Admin) AskPublish(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	return a.showPublish(c, http.StatusOK, d, "", nil)
}

func (a *Admin) showPublish(c echo.Context, status int, d draft, refused string, errs formErrors) error {
	p := views.PublishPage{Page: a.page(c, "Publish "+d.flow.Name), Flow: d.flow, JSON: d.json, Draft: d.set, Note: c.FormValue("note"), Refused: refused, Errors: errs}
	var err error
	if p.Published, err = a.DB.PublishedRules(c.Request().Context(), d.flow.ID); err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	zone := a.instanceZone(c)
	p.Problems = serious(a.problems(d, zone))
	before := rules.EmptyFor(d.json)
	var was []rules.Problem
	if p.Published.Version > 0 {
		before, _ = rules.Parse(p.Published.Document, newRuleID)
		_, problems := rules.Compile(before, d.json, d.lists, zone)
		was = serious(problems)
	}
	p.Changes = rules.Diff(before, d.doc, d.json)
	p.New, p.Gone = withoutProblems(p.Problems, was), withoutProblems(was, p.Problems)
	return render(c, status, views.Publish(p))
}

// serious are the problems that stop publishing or ask.
func serious(ps []rules.Problem) []rules.Problem {
	return slices.DeleteFunc(ps, func(p rules.Problem) bool { return p.Severity != rules.Error && p.Severity != rules.Warning })
}

// withoutProblems are the problems that another document does not have. They are told apart by what they are and by whose
// they are: a rule that was moved has no new problem.
func withoutProblems(ps, other []rules.Problem) []rules.Problem {
	key := func(p rules.Problem) [4]string {
		whose := p.RuleID
		if whose == "" {
			whose = " " + p.Message
		}
		return [4]string{p.Code, string(p.Severity), p.Screen, whose}
	}
	known := make(map[[4]string]bool, len(other))
	for _, o := range other {
		known[key(o)] = true
	}
	return slices.DeleteFunc(slices.Clone(ps), func(p rules.Problem) bool { return known[key(p)] })
}

// PublishRules makes the draft what customers get. Errors of the document stop it, warnings must have been accepted.
func (a *Admin) PublishRules(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	zone, accepted := a.instanceZone(c), c.FormValue("accepted") != ""
	set, err := a.DB.PublishDraft(c.Request().Context(), d.flow.ID, editOf(c), c.FormValue("note"), session.By(c), func(document, flowJSON []byte) error {
		return checkRules(document, flowJSON, d, zone, accepted)
	})
	if errs := formErrorsOf(err); errs != nil {
		return a.showPublish(c, http.StatusUnprocessableEntity, d, "", errs)
	}
	switch {
	case errors.Is(err, errProblems):
		return a.showPublish(c, http.StatusUnprocessableEntity, d, "The draft has errors. Mend them, then publish.", nil)
	case errors.Is(err, errWarnings):
		return a.showPublish(c, http.StatusUnprocessableEntity, d, "", formErrors{{ID: "accepted", Message: "Confirm that you publish with warnings."}})
	case errors.Is(err, models.ErrConflict):
		return a.showPublish(c, http.StatusConflict, d, "Somebody else changed the draft meanwhile. This is what publishing would change now.", nil)
	case errors.Is(err, models.ErrNotFound):
		return a.staleDraft(c, draftGone)
	case err != nil:
		return err
	}
	if err := a.done(c, "Version "+strconv.Itoa(set.Version)+" is published. Customers get it within a second."); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(d.flow.Slug))
}

// Why a document cannot be published: it has errors, or warnings that nobody accepted.
var (
	errProblems = errors.New("the rules have errors")
	errWarnings = errors.New("the rules have warnings")
)

// checkRules compiles what is about to be published; errProblems when it has errors, errWarnings for warnings.
func checkRules(document, flowJSON []byte, d draft, zone *time.Location, accepted bool) error {
	doc, problems := rules.Parse(document, newRuleID)
	if rules.HasErrors(problems) {
		return errProblems
	}
	_, problems = rules.Compile(doc, parsed(flowJSON), d.lists, zone)
	switch {
	case rules.HasErrors(problems):
		return errProblems
	case !accepted && slices.ContainsFunc(problems, func(p rules.Problem) bool { return p.Severity == rules.Warning }):
		return errWarnings
	}
	return nil
}

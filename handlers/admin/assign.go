package admin

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	assignWait       = 2 * time.Second // for what is assigned at once; the rest follows beside
	assignmentsShown = 50
)

// AskAssign shows the flows that a response may belong to, and what else can be assigned with it.
func (a *Admin) AskAssign(c echo.Context) error { return a.askAssign(c, http.StatusOK, nil) }

func (a *Admin) askAssign(c echo.Context, status int, errs formErrors) error {
	ctx := c.Request().Context()
	r, err := a.responseOf(c)
	if err != nil {
		return err
	}
	if r.State == models.Unreadable {
		return redirect(c, views.ResponseURL(r.ID))
	}
	p := views.AssignPage{Page: a.page(c, "Assign a response"), Response: r, Errors: errs, FromTray: c.FormValue("back") == "tray",
		Flow: c.FormValue("flow"), Other: c.FormValue("other"), Like: c.FormValue("like"), Remember: c.FormValue("remember") == "1", As: c.FormValue("as")}
	p.Section = views.SectionResponses
	if p.Flows, err = a.flowOptions(ctx); err != nil {
		return err
	}
	s, err := a.suggester(ctx)
	if err != nil {
		return err
	}
	p.Suggestions = s.of(r)
	if err := a.likesOf(ctx, &p); err != nil {
		return err
	}
	rows, err := a.responseRows(ctx, nil, []models.Response{r}, !p.Can.Support)
	if err != nil {
		return err
	}
	p.Row = rows[0]
	reader, err := a.answersOf(ctx, r.FlowID)
	if err != nil {
		return err
	}
	for _, col := range reader.Columns(slices.Collect(maps.Keys(r.Answers))) {
		if len(p.Answers) < views.MaxAnswers {
			p.Answers = append(p.Answers, reader.View(col.Key, r.Answers[col.Key]))
		}
	}
	return render(c, status, views.AssignForm(p))
}

// likesOf fills what else is like the response, counted.
func (a *Admin) likesOf(ctx context.Context, p *views.AssignPage) error {
	likes, err := a.DB.LikesOf(ctx, p.Response)
	if err != nil {
		return err
	}
	counts, err := a.DB.CountLike(ctx, likes...)
	if err != nil {
		return err
	}
	for i, l := range likes {
		p.Likes = append(p.Likes, views.LikeView{Like: l, Count: counts[i]})
	}
	return nil
}

// Assign gives the response to the flow that was chosen, with those that are like it, and remembers what shall be.
func (a *Admin) Assign(c echo.Context) error {
	ctx := c.Request().Context()
	r, err := a.responseOf(c)
	if err != nil {
		return err
	}
	what, errs, err := a.assignFrom(c, r)
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return a.askAssign(c, http.StatusUnprocessableEntity, errs)
	}
	done, err := a.DB.Assign(ctx, what, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.askAssign(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	if _, err := a.DB.ContinueAssignments(ctx, assignWait); err != nil {
		return err
	}
	if done.MappingID != 0 {
		a.CatchUp(ctx)
	}
	if done, err = a.DB.Assignment(ctx, done.ID); err != nil {
		return err
	}
	if err := a.done(c, views.AssignedWords(done)); err != nil {
		return err
	}
	if c.FormValue("back") == "tray" {
		return redirect(c, views.UnmatchedURL)
	}
	return redirect(c, views.ResponseURL(r.ID))
}

// assignFrom reads the form. What is alike is found anew from the response: the form names only the kind.
func (a *Admin) assignFrom(c echo.Context, r models.Response) (what models.Assign, errs formErrors, err error) {
	ctx := c.Request().Context()
	slug := cmp.Or(c.FormValue("other"), c.FormValue("flow"))
	flow, err := a.DB.Flow(ctx, slug)
	if errors.Is(err, models.ErrNotFound) {
		return what, formErrors{{ID: "other", Message: "Choose the flow that the response belongs to."}}, nil
	}
	if err != nil {
		return what, nil, err
	}
	likes, err := a.DB.LikesOf(ctx, r)
	if err != nil {
		return what, nil, err
	}
	kind := func(name string) (models.Like, bool) {
		for _, l := range likes {
			if string(l.Kind) == c.FormValue(name) {
				return l, true
			}
		}
		return models.Like{}, c.FormValue(name) == "" || c.FormValue(name) == string(models.LikeOne)
	}
	what = models.Assign{ResponseID: r.ID, FlowID: flow.ID}
	var ok bool
	if what.Like, ok = kind("like"); !ok || what.Like.Kind != "" && r.State != models.UnmatchedResponse {
		errs = append(errs, views.FieldError{ID: "like", Message: "Choose which responses are assigned from the list."})
	}
	if c.FormValue("remember") == "1" {
		if !me(c).Role.May(models.Operator) {
			return what, nil, echo.ErrForbidden
		}
		if what.Remember, ok = kind("as"); !ok || what.Remember.Kind == "" || what.Remember.Kind == models.LikeKeys {
			errs = append(errs, views.FieldError{ID: "as", Message: "Choose by what responses are recognised from now on."})
		}
	}
	return what, errs, nil
}

// Assignments lists who assigned what: ?before=ID pages.
func (a *Admin) Assignments(c echo.Context) error {
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	rows, err := a.DB.Assignments(c.Request().Context(), before, assignmentsShown+1)
	if err != nil {
		return err
	}
	p := views.AssignmentsPage{Page: a.page(c, "Assignments"), Rows: rows[:min(len(rows), assignmentsShown)]}
	p.Section = views.SectionResponses
	if len(rows) > assignmentsShown {
		p.Older = views.AssignmentsURL(rows[assignmentsShown-1].ID)
	}
	if before > 0 {
		p.Newer = views.AssignmentsURL(0)
	}
	return render(c, http.StatusOK, views.Assignments(p))
}

// UndoAssignment takes one back.
func (a *Admin) UndoAssignment(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := a.DB.UndoAssignment(ctx, id, session.By(c)); err != nil {
		return err
	}
	more, err := a.DB.ContinueAssignments(ctx, assignWait)
	if err != nil {
		return err
	}
	said := "The assignment is undone. Its responses are where they would be without it."
	if more {
		said = "The assignment is being undone."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	if c.FormValue("back") == "list" {
		return redirect(c, views.AssignmentsURL(0))
	}
	if response, err := strconv.ParseInt(c.FormValue("back"), 10, 64); err == nil && response > 0 {
		return redirect(c, views.ResponseURL(response))
	}
	return redirect(c, views.UnmatchedURL)
}

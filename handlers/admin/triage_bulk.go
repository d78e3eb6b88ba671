package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	bulkWait  = 2 * time.Second // that somebody waits for a bulk change; it goes on beside
	actsShown = 50
	// maxDone is how many changes one form makes, and the list tells of.
	maxDone = 4
)

// bulkFields are those of the form that say what to change.
var bulkFields = []string{"status", "assignee", "tag", "how", "read"}

// bulkChanges reads them.
func bulkChanges(c echo.Context) (changes []models.TriageChange) {
	add := func(what models.TriageWhat, value string) {
		if value != "" {
			changes = append(changes, models.TriageChange{What: what, Value: value})
		}
	}
	add(models.SetStatus, c.FormValue("status"))
	add(models.SetAssignee, c.FormValue("assignee"))
	what := models.AddTag
	if c.FormValue("how") == "untag" {
		what = models.RemoveTag
	}
	add(what, strings.TrimSpace(c.FormValue("tag")))
	switch c.FormValue("read") {
	case "read":
		changes = append(changes, models.TriageChange{What: models.MarkRead})
	case "unread":
		changes = append(changes, models.TriageChange{What: models.MarkUnread})
	}
	return changes
}

// Bulk changes the responses that are selected, or counts all that a filter matches and asks, or changes those.
func (a *Admin) Bulk(c echo.Context) error {
	list, err := url.ParseQuery(c.FormValue("list"))
	if err != nil {
		return models.ErrNotFound
	}
	f, err := a.responseFilter(c, list, a.zoneOf(c))
	if err != nil {
		return err
	}
	if len(f.errs) > 0 { // it would be another set than the one that was meant
		return a.showResponses(c, a.page(c, "Responses"), f, func(*views.ResponsesPage) {})
	}
	changes := bulkChanges(c)
	refuse := func(message string) error {
		if err := a.Sessions.Flash(c, string(views.Failed), message); err != nil {
			return err
		}
		return redirect(c, f.query.List())
	}
	if len(changes) == 0 {
		return refuse("Nothing was chosen to change.")
	}
	var acts []models.TriageAct
	switch c.FormValue("of") {
	case "all":
		return a.askBulk(c, f, changes)
	case "confirmed":
		acts, err = a.changeAll(c, f, changes)
	default:
		acts, err = a.changeSelected(c, changes)
	}
	if errs := formErrorsOf(err); errs != nil {
		return refuse(errs[0].Message)
	}
	if err != nil {
		return err
	}
	if len(acts) == 0 {
		return refuse("It is so already: nothing was changed.")
	}
	return redirect(c, doneURL(f.query, acts))
}

// doneURL is the list that tells of what was changed.
func doneURL(q views.ResponseQuery, acts []models.TriageAct) string {
	v := q.Values()
	for _, act := range acts {
		v.Add("done", strconv.FormatInt(act.ID, 10))
	}
	return views.ResponsesURL(v)
}

func (a *Admin) changeSelected(c echo.Context, changes []models.TriageChange) (acts []models.TriageAct, err error) {
	form, err := c.FormParams()
	if err != nil {
		return nil, err
	}
	ids := idsIn(form["ids"], models.MaxPicked)
	if len(ids) == 0 {
		return nil, &models.Invalid{Field: "picks", Message: "Nothing was selected, so nothing was changed."}
	}
	for _, change := range changes {
		act, err := a.DB.Triage(c.Request().Context(), ids, change, session.By(c))
		if err != nil {
			return nil, err
		}
		if act.ID != 0 {
			acts = append(acts, act)
		}
	}
	return acts, nil
}

// changeAll begins to change all that a filter matches and were there when it was counted.
func (a *Admin) changeAll(c echo.Context, f found, changes []models.TriageChange) (acts []models.TriageAct, err error) {
	upTo, err := strconv.ParseInt(c.FormValue("upto"), 10, 64)
	if err != nil || upTo <= 0 {
		return nil, models.ErrNotFound
	}
	f.filter.UpTo = upTo
	slices.SortStableFunc(changes, func(x, y models.TriageChange) int { return asked(f.query, x.What) - asked(f.query, y.What) })
	if n := len(changes); n > 1 && asked(f.query, changes[n-2].What) == 1 { // the first would take from the second what it asks for
		return nil, &models.Invalid{Field: "picks", Message: "The filter asks for two things that would change. Change them one after the other."}
	}
	for _, change := range changes {
		act, err := a.DB.StartTriage(c.Request().Context(), f.filter, change, session.By(c))
		if err != nil {
			return nil, err
		}
		acts = append(acts, act)
	}
	_, err = a.DB.ContinueTriage(c.Request().Context(), bulkWait)
	return acts, err
}

// asked is 1 for a change of what the filter asks for.
func asked(q views.ResponseQuery, what models.TriageWhat) int {
	on := map[models.TriageWhat]bool{models.SetStatus: q.Status != "", models.SetAssignee: q.Assignee != "", models.RemoveTag: len(q.Tags) > 0, models.MarkRead: q.Unread}
	return map[bool]int{true: 1}[on[what]]
}

// askBulk counts what a filter matches and asks whether all of it shall be changed.
func (a *Admin) askBulk(c echo.Context, f found, changes []models.TriageChange) (err error) {
	p := views.BulkAskPage{Page: a.page(c, "Change responses"), Query: f.query}
	p.Section = views.SectionResponses
	p.Count, p.UpTo, err = a.DB.CountExactly(c.Request().Context(), f.filter)
	if errors.Is(err, models.ErrTooSlow) {
		p.TooSlow, err = true, nil
	}
	if err != nil {
		return err
	}
	names := views.FollowNames{TriageNames: f.names, Me: me(c).ID}
	for _, change := range changes {
		p.Words = append(p.Words, names.ChangeWords(change))
	}
	for _, name := range bulkFields {
		p.Fields = append(p.Fields, views.Option{Value: name, Label: c.FormValue(name)})
	}
	return render(c, http.StatusOK, views.BulkAsk(p))
}

// doneActs are the changes that an address tells of.
func (a *Admin) doneActs(ctx context.Context, values []string) (acts []models.TriageAct, err error) {
	for _, id := range idsIn(values, maxDone) {
		act, err := a.DB.TriageAct(ctx, id)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		acts = append(acts, act)
	}
	return acts, nil
}

// TriageActs lists who changed many responses: ?before=ID pages.
func (a *Admin) TriageActs(c echo.Context) error {
	ctx := c.Request().Context()
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	rows, err := a.DB.BulkActs(ctx, before, actsShown+1)
	if err != nil {
		return err
	}
	names, err := a.DB.TriageNames(ctx)
	if err != nil {
		return err
	}
	p := views.TriageActsPage{Page: a.page(c, "Bulk changes"), Rows: rows[:min(len(rows), actsShown)], Follow: views.FollowNames{TriageNames: names, Me: me(c).ID}}
	p.Section = views.SectionResponses
	if len(rows) > actsShown {
		p.Older = views.TriageActsURL(rows[actsShown-1].ID)
	}
	if before > 0 {
		p.Newer = views.TriageActsURL(0)
	}
	return render(c, http.StatusOK, views.TriageActs(p))
}

// UndoTriage takes a change back.
func (a *Admin) UndoTriage(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	list, err := url.ParseQuery(c.FormValue("list"))
	if err != nil {
		return models.ErrNotFound
	}
	if _, err := a.DB.UndoTriage(ctx, id, session.By(c)); err != nil {
		return err
	}
	more, err := a.DB.ContinueTriage(ctx, bulkWait)
	if err != nil {
		return err
	}
	said := "It was undone. What was changed since stays as it is."
	if more {
		said = "It is being undone."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	if !c.Request().Form.Has("list") || len(list) == 0 {
		return redirect(c, views.TriageActsURL(0))
	}
	f, err := a.responseFilter(c, list, a.zoneOf(c))
	if err != nil {
		return err
	}
	return redirect(c, f.query.List())
}

package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Triage changes one response: its status and who has it, a tag, or whether it is read.
func (a *Admin) Triage(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var changes []models.TriageChange
	switch c.FormValue("do") {
	case "mine":
		changes = append(changes, models.TriageChange{What: models.SetAssignee, Value: strconv.FormatInt(me(c).ID, 10)})
	case "tag", "untag", "read", "unread":
		changes = append(changes, models.TriageChange{What: models.TriageWhat(c.FormValue("do")), Value: c.FormValue("tag")})
	default:
		changes = []models.TriageChange{{What: models.SetStatus, Value: c.FormValue("status")}, {What: models.SetAssignee, Value: c.FormValue("assignee")}}
	}
	if _, err := a.DB.Response(c.Request().Context(), id); err != nil {
		return err
	}
	for _, change := range changes {
		if err = a.triageOne(c, id, change); err != nil {
			break
		}
	}
	if errs := formErrorsOf(err); errs != nil {
		errs[0].ID = "follow-" + errs[0].ID
		return a.followedUp(c, "", func(p *views.ResponsePage) {
			p.Errors, p.TypedTag = errs, c.FormValue("tag")
		})
	}
	if err != nil {
		return err
	}
	return a.followedUp(c, "Saved.", nil)
}

// triageOne makes one change to a response; a value that it has and that cannot be chosen any more is no change.
func (a *Admin) triageOne(c echo.Context, id int64, change models.TriageChange) error {
	r, err := a.DB.Response(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if change.What == models.SetStatus && change.Value == r.Status || change.What == models.SetAssignee && change.Value == strconv.FormatInt(r.AssigneeID, 10) {
		return nil
	}
	_, err = a.DB.Triage(c.Request().Context(), []int64{id}, change, session.By(c))
	return err
}

// followedUp answers a form of FollowUp: that part again, with what is wrong with it, or the page.
func (a *Admin) followedUp(c echo.Context, said string, refused func(*views.ResponsePage)) error {
	list, err := url.ParseQuery(c.FormValue("list"))
	if err != nil {
		return models.ErrNotFound
	}
	if refused == nil && !isHTMX(c) {
		if err := a.done(c, said); err != nil {
			return err
		}
		id, err := pathID(c, "id")
		if err != nil {
			return err
		}
		f, err := a.responseFilter(c, list, a.zoneOf(c))
		if err != nil {
			return err
		}
		if c.FormValue("do") == "unread" { // its page would read it again
			return redirect(c, f.query.List())
		}
		return redirect(c, f.query.Response(id))
	}
	p, err := a.responsePage(c, false)
	if err != nil {
		return err
	}
	f, err := a.responseFilter(c, list, p.Zone)
	if err != nil {
		return err
	}
	p.Query = f.query
	status := http.StatusOK
	if refused != nil {
		refused(&p)
		status = http.StatusUnprocessableEntity
	}
	if isHTMX(c) {
		c.Response().Header().Set("HX-Trigger", "followed")
		return render(c, status, views.FollowedUp(p))
	}
	return render(c, status, views.Response(p))
}

// AddNote writes a note on a response.
func (a *Admin) AddNote(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	_, mentioned, err := a.DB.AddNote(c.Request().Context(), id, c.FormValue("note"), session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.followedUp(c, "", func(p *views.ResponsePage) { p.Errors, p.Typed = errs, c.FormValue("note") })
	}
	if err != nil {
		return err
	}
	said := "The note was added."
	if n := len(mentioned); n == 1 {
		said = "The note was added. " + shownName(mentioned[0]) + " finds it among the mentions."
	} else if n > 1 {
		said = "The note was added. " + views.Number(n) + " people find it among their mentions."
	}
	return a.followedUp(c, said, nil)
}

// RemoveNote takes back a note of whoever asks.
func (a *Admin) RemoveNote(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	note, err := pathID(c, "note")
	if err != nil {
		return err
	}
	if err := a.DB.RemoveNote(c.Request().Context(), id, note, session.By(c)); err != nil {
		return err
	}
	return a.followedUp(c, "The note was removed.", nil)
}

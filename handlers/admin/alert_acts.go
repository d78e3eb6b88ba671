package admin

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// SnoozeAlert puts an alert aside for one of the times that the form offers.
func (a *Admin) SnoozeAlert(c echo.Context) error {
	return a.actByForm(c, "snooze", "Snoozed. It comes back then, or when it gets worse.", func(id int64) (models.Alert, error) {
		d, err := time.ParseDuration(c.FormValue("for"))
		if err != nil || !slices.ContainsFunc(views.SnoozeTimes, func(o views.Option) bool { return o.Value == c.FormValue("for") }) {
			return models.Alert{}, &models.Invalid{Field: "until", Message: "Choose for how long."}
		}
		return a.DB.SnoozeAlert(c.Request().Context(), id, a.Now().Add(d), c.FormValue("note"), session.By(c))
	})
}

// ResolveAlert ends an alert by hand.
func (a *Admin) ResolveAlert(c echo.Context) error {
	return a.actByForm(c, "resolve", "Resolved.", func(id int64) (models.Alert, error) {
		return a.DB.ResolveAlert(c.Request().Context(), id, c.FormValue("note"), session.By(c))
	})
}

// AssignAlert gives an alert to a person, or to nobody.
func (a *Admin) AssignAlert(c echo.Context) error {
	return a.actByForm(c, "assign", "Assigned.", func(id int64) (models.Alert, error) {
		to, err := strconv.ParseInt(c.FormValue("to"), 10, 64)
		if err != nil {
			return models.Alert{}, &models.Invalid{Field: "to", Message: "Choose a person."}
		}
		return a.DB.AssignAlert(c.Request().Context(), id, to, session.By(c))
	})
}

// CommentAlert adds a comment.
func (a *Admin) CommentAlert(c echo.Context) error {
	return a.actByForm(c, "comment", "Comment added.", func(id int64) (models.Alert, error) {
		return a.DB.CommentAlert(c.Request().Context(), id, c.FormValue("note"), session.By(c))
	})
}

// UndoAlertAct takes one act back.
func (a *Admin) UndoAlertAct(c echo.Context) error {
	return a.actOnAlert(c, "Taken back.", func(id int64) (models.Alert, error) {
		act, err := strconv.ParseInt(c.FormValue("act"), 10, 64)
		if err != nil {
			return models.Alert{}, models.ErrNotFound
		}
		return a.DB.UndoAlertAct(c.Request().Context(), id, act, session.By(c))
	})
}

// actByForm is actOnAlert for a form with fields, which comes back with what is wrong with it.
func (a *Admin) actByForm(c echo.Context, form, done string, act func(id int64) (models.Alert, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	al, err := act(id)
	errs := formErrorsOf(err)
	if errs == nil || isHTMX(c) {
		return a.actOnAlert(c, done, func(int64) (models.Alert, error) { return al, err })
	}
	for i := range errs {
		errs[i].ID = form + "-" + errs[i].ID
	}
	p := views.AlertPage{Form: form, Note: c.FormValue("note"), SnoozeFor: c.FormValue("for"), Errors: errs}
	return a.renderAlert(c, http.StatusUnprocessableEntity, id, p)
}

// peopleForAlerts are those who may look after an alert.
func (a *Admin) peopleForAlerts(ctx context.Context) ([]views.Option, error) {
	users, err := a.DB.Users(ctx)
	people := []views.Option{{Value: "0", Label: "Nobody"}}
	for _, u := range users {
		if u.DisabledAt.IsZero() && u.Role.May(models.Support) {
			people = append(people, views.Option{Value: strconv.FormatInt(u.ID, 10), Label: cmp.Or(u.Name, u.Email)})
		}
	}
	return people, err
}

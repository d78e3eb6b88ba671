package admin

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
	"switchyard/web/session"
)

const maxNote = 1000 // characters of a note

// Alerts lists the alerts in one state: ?state=active (the default), acknowledged, snoozed or resolved; ?before=ID pages.
func (a *Admin) Alerts(c echo.Context) error {
	ctx := c.Request().Context()
	status := alertStatus(c.QueryParam("state"))
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	rows, more, err := a.DB.Alerts(ctx, models.AlertFilter{Status: status, Before: before})
	if err != nil {
		return err
	}
	counts, err := a.DB.AlertCounts(ctx)
	if err != nil {
		return err
	}
	p := views.AlertsPage{Page: a.page(c, "Alerts"), Status: status, Counts: counts, Rows: rows}
	p.Ever = counts[alert.Active]+counts[alert.Acknowledged]+counts[alert.Snoozed]+counts[alert.Resolved] > 0
	if more {
		p.Older = fmt.Sprintf("%s&before=%d", views.AlertsURL(string(status)), rows[len(rows)-1].ID)
	}
	if before > 0 {
		p.Newer = views.AlertsURL(string(status))
	}
	return render(c, http.StatusOK, views.Alerts(p))
}

func alertStatus(s string) alert.Status {
	switch s := alert.Status(s); s {
	case alert.Acknowledged, alert.Snoozed, alert.Resolved:
		return s
	}
	return alert.Active
}

// Alert shows one.
func (a *Admin) Alert(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return a.showAlert(c, http.StatusOK, id, "")
}

func (a *Admin) showAlert(c echo.Context, status int, id int64, conflict string) error {
	return a.renderAlert(c, status, id, views.AlertPage{Conflict: conflict})
}

// renderAlert fills p, which holds what a form said.
func (a *Admin) renderAlert(c echo.Context, status int, id int64, p views.AlertPage) (err error) {
	ctx := c.Request().Context()
	if p.Alert, err = a.DB.Alert(ctx, id); err != nil {
		return err
	}
	p.Page = a.page(c, views.AlertName(p.Alert.Kind))
	if p.Can.Support && p.Alert.Status != alert.Resolved {
		if p.People, err = a.peopleForAlerts(ctx); err != nil {
			return err
		}
	}
	return render(c, status, views.Alert(p))
}

// AcknowledgeAlert says that the signed-in person has it.
func (a *Admin) AcknowledgeAlert(c echo.Context) error {
	note := []rune(c.FormValue("note"))
	if len(note) > maxNote {
		return &models.Invalid{Field: "note", Message: fmt.Sprintf("Shorten the note to %d characters.", maxNote)}
	}
	return a.actOnAlert(c, "Acknowledged. A worse threshold makes it active again.", func(id int64) (models.Alert, error) {
		return a.DB.AcknowledgeAlert(c.Request().Context(), id, string(note), session.By(c))
	})
}

// UnacknowledgeAlert takes the acknowledgement back.
func (a *Admin) UnacknowledgeAlert(c echo.Context) error {
	return a.actOnAlert(c, "The acknowledgement is taken back.", func(id int64) (models.Alert, error) {
		return a.DB.UnacknowledgeAlert(c.Request().Context(), id, session.By(c))
	})
}

// actOnAlert answers an act: the changed row in the list, else the alert's page; 409 with who has it when somebody
// else was quicker.
func (a *Admin) actOnAlert(c echo.Context, done string, act func(id int64) (models.Alert, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	al, err := act(id)
	taken, isTaken := errors.AsType[*alert.Conflict](err)
	resolved, others := errors.Is(err, models.ErrConflict), errors.Is(err, alert.ErrNotYours)
	if err != nil && !isTaken && !resolved && !others {
		return err
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusConflict
	}
	if isHTMX(c) {
		return a.alertRow(c, status, al)
	}
	switch {
	case isTaken:
		return a.showAlert(c, status, id, taken.Name+" already has this alert.")
	case resolved:
		return a.showAlert(c, status, id, "The alert has been resolved meanwhile.")
	case others:
		return a.showAlert(c, status, id, "Only who wrote a comment takes it back.")
	}
	if err := a.done(c, done); err != nil {
		return err
	}
	return redirect(c, views.AlertURL(id))
}

func (a *Admin) alertRow(c echo.Context, status int, al models.Alert) error {
	counts, err := a.DB.AlertCounts(c.Request().Context())
	if err != nil {
		return err
	}
	return render(c, status, views.AlertActed(al, a.page(c, ""), al.Standing(a.Now()), counts))
}

package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Statuses shows how far somebody can come with a response.
func (a *Admin) Statuses(c echo.Context) error {
	return a.showStatuses(c, http.StatusOK, models.TriageStatus{}, nil)
}

func (a *Admin) showStatuses(c echo.Context, status int, typed models.TriageStatus, errs formErrors) (err error) {
	p := views.StatusesPage{Page: a.page(c, "Statuses"), Typed: typed, Errors: errs}
	if p.Rows, err = a.DB.TriageStatuses(c.Request().Context()); err != nil {
		return err
	}
	return render(c, status, views.Statuses(p))
}

// AddStatus names one more.
func (a *Admin) AddStatus(c echo.Context) error {
	s := models.TriageStatus{Name: c.FormValue("name"), Closed: c.FormValue("closed") == "1"}
	err := a.DB.AddTriageStatus(c.Request().Context(), s, session.By(c))
	return a.settled(c, err, func(c echo.Context, status int, errs formErrors) error { return a.showStatuses(c, status, s, errs) },
		"The status was added.", views.StatusesURL)
}

// ChangeStatus changes one that an administrator named.
func (a *Admin) ChangeStatus(c echo.Context) error {
	s := models.TriageStatus{Key: c.Param("key"), Name: c.FormValue("name"), Closed: c.FormValue("closed") == "1", Removed: c.FormValue("removed") == "1"}
	err := a.DB.ChangeTriageStatus(c.Request().Context(), s, session.By(c))
	return a.settled(c, err, func(c echo.Context, status int, errs formErrors) error {
		for i := range errs {
			errs[i].ID += "-" + s.Key
		}
		return a.showStatuses(c, status, s, errs)
	}, "The status was changed.", views.StatusesURL)
}

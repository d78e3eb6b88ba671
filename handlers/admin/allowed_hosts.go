package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// AllowedHosts lists where requests of ours may go beside the public internet.
func (a *Admin) AllowedHosts(c echo.Context) error { return a.showAllowedHosts(c, http.StatusOK, nil) }

func (a *Admin) showAllowedHosts(c echo.Context, status int, errs formErrors) error {
	hosts, err := a.DB.AllowedHosts(c.Request().Context())
	if err != nil {
		return err
	}
	p := views.AllowedHostsPage{Page: a.page(c, "Allowed hosts"), Hosts: hosts, Errors: errs}
	if len(errs) > 0 {
		p.Host, p.Note = c.FormValue("host"), c.FormValue("note")
	}
	return render(c, status, views.AllowedHosts(p))
}

// AllowHost adds one.
func (a *Admin) AllowHost(c echo.Context) error {
	host, err := a.ParseHost(c.FormValue("host"))
	if err != nil {
		err = &models.Invalid{Field: "host", Message: err.Error()}
	} else {
		err = a.DB.AllowHost(c.Request().Context(), host, c.FormValue("note"), session.By(c))
	}
	return a.settled(c, err, a.showAllowedHosts, host+" is allowed.", views.AllowedHostsURL)
}

// DisallowHost takes one away.
func (a *Admin) DisallowHost(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = a.DB.DisallowHost(c.Request().Context(), id, session.By(c))
	return a.settled(c, err, a.showAllowedHosts, "The host is not allowed any more.", views.AllowedHostsURL)
}

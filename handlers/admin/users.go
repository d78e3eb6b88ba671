package admin

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Users lists everybody who may sign in.
func (a *Admin) Users(c echo.Context) error {
	return a.showUsers(c, http.StatusOK, models.User{Role: models.Viewer}, nil)
}

func (a *Admin) showUsers(c echo.Context, status int, entered models.User, errs formErrors) error {
	users, err := a.DB.Users(c.Request().Context())
	if err != nil {
		return err
	}
	return render(c, status, views.Users(views.UsersPage{Page: a.page(c, "Users"), Users: users, New: entered, Errors: errs}))
}

// CreateUser adds a person with a one-time password.
func (a *Admin) CreateUser(c echo.Context) error {
	u := models.User{Name: c.FormValue("name"), Email: c.FormValue("email"), Role: models.Role(c.FormValue("role")), MustChange: true}
	_, err := a.DB.CreateUser(c.Request().Context(), u, c.FormValue("password"), session.By(c))
	if errors.Is(err, models.ErrConflict) {
		err = &models.Invalid{Field: "email", Message: "Somebody with this address is here already."}
	}
	return a.userDone(c, err, u, "Person added. Give them the address of this server and the one-time password.")
}

// userDone answers a change of users: the list with what is wrong, or with what was done.
func (a *Admin) userDone(c echo.Context, err error, entered models.User, said string) error {
	again := func(c echo.Context, status int, errs formErrors) error { return a.showUsers(c, status, entered, errs) }
	return a.settled(c, err, again, said, views.UsersURL)
}

// SetUserRole changes what a person may do; their sessions end.
func (a *Admin) SetUserRole(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = a.DB.SetRole(c.Request().Context(), id, models.Role(c.FormValue("role")), session.By(c))
	return a.userDone(c, err, models.User{Role: models.Viewer}, "Role changed. The person signs in again to use it.")
}

// SetUserPassword gives a person a one-time password; their sessions end.
func (a *Admin) SetUserPassword(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = a.DB.SetPassword(c.Request().Context(), id, c.FormValue("password"), true, "", session.By(c))
	return a.userDone(c, err, models.User{Role: models.Viewer}, "One-time password set. Their sessions have ended.")
}

// DisableUser bars a person (disabled=1) or lets them in again.
func (a *Admin) DisableUser(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	disabled := c.FormValue("disabled") == "1"
	err = a.DB.DisableUser(c.Request().Context(), id, disabled, session.By(c))
	said := "The person may sign in again."
	if disabled {
		said = "The person can no longer sign in."
	}
	return a.userDone(c, err, models.User{Role: models.Viewer}, said)
}

package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// wrongSignIn is the one answer to every sign-in that is refused: it does not tell which addresses have an account.
const wrongSignIn = "The email address or the password is not right."

// SignInPage asks who it is; who is signed in already goes on.
func (a *Admin) SignInPage(c echo.Context) error {
	next := session.ReturnPath(c.QueryParam("next"))
	if _, ok := session.From(c); ok {
		return redirect(c, next)
	}
	return render(c, http.StatusOK, views.SignIn(views.SignInPage{Page: a.page(c, "Sign in"), Next: next}))
}

// SignIn checks address and password and starts a session.
func (a *Admin) SignIn(c echo.Context) error {
	email, next := strings.TrimSpace(c.FormValue("email")), session.ReturnPath(c.FormValue("next"))
	u, err := a.DB.Authenticate(c.Request().Context(), email, c.FormValue("password"), a.Network(c))
	if errors.Is(err, models.ErrNotFound) {
		return render(c, http.StatusUnprocessableEntity, views.SignIn(views.SignInPage{
			Page: a.page(c, "Sign in"), Email: email, Next: next,
			Errors: []views.FieldError{{ID: "email", Message: wrongSignIn}},
		}))
	}
	if err != nil {
		return err
	}
	if err := a.Sessions.SignIn(c, u); err != nil {
		return err
	}
	a.adoptZone(c, u)
	return redirect(c, next)
}

// adoptZone takes the browser's time zone for a person who has none. A zone that is not known is left out: times are
// then in UTC, and the person can set it.
func (a *Admin) adoptZone(c echo.Context, u models.User) {
	if zone := c.FormValue("zone"); u.Zone == "" && zone != "" {
		_ = a.DB.SetProfile(c.Request().Context(), u.ID, u.Name, zone, models.By{UserID: u.ID, Name: shownName(u)})
	}
}

// SignOut ends the session.
func (a *Admin) SignOut(c echo.Context) error {
	if err := a.Sessions.SignOut(c); err != nil {
		return err
	}
	return leave(c, views.SignInURL)
}

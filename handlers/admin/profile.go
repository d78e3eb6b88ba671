package admin

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const profileURL = "/profile"

// MustChange leads a person with a one-time password to the page where it is changed, whatever they ask for.
func MustChange(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if u, ok := session.From(c); ok && u.MustChange && c.Path() != profileURL && c.Path() != profileURL+"/password" {
			return redirect(c, profileURL)
		}
		return next(c)
	}
}

// Profile shows one's own account.
func (a *Admin) Profile(c echo.Context) error { return a.showProfile(c, http.StatusOK, nil) }

func (a *Admin) showProfile(c echo.Context, status int, errs formErrors) error {
	u := me(c)
	sessions, err := a.DB.UserSessions(c.Request().Context(), u.ID)
	if err != nil {
		return err
	}
	return render(c, status, views.Profile(views.ProfilePage{Page: a.page(c, "Your profile"), Me: u, Sessions: sessions, Current: session.SessionID(c), Errors: errs}))
}

// UpdateProfile saves name and time zone.
func (a *Admin) UpdateProfile(c echo.Context) error {
	err := a.DB.SetProfile(c.Request().Context(), me(c).ID, c.FormValue("name"), c.FormValue("zone"), session.By(c))
	return a.profileDone(c, err, "Saved.")
}

func (a *Admin) profileDone(c echo.Context, err error, said string) error {
	return a.settled(c, err, a.showProfile, said, profileURL)
}

// ChangePassword asks for the current password, counted like a sign-in, and ends the other sessions.
func (a *Admin) ChangePassword(c echo.Context) error {
	ctx, u := c.Request().Context(), me(c)
	err := a.DB.ConfirmPassword(ctx, u, c.FormValue("current"), a.Network(c), session.By(c))
	if errors.Is(err, models.ErrNotFound) {
		err = &models.Invalid{Field: "current", Message: "This is not your current password."}
	}
	if err == nil && c.FormValue("current") == c.FormValue("password") {
		err = &models.Invalid{Field: "password", Message: "Choose another password than the current one."}
	}
	if err == nil {
		err = a.DB.SetPassword(ctx, u.ID, c.FormValue("password"), false, session.SessionID(c), session.By(c))
	}
	return a.profileDone(c, err, "Password changed. Your other sessions have ended.")
}

// EndSessions signs the person out everywhere else.
func (a *Admin) EndSessions(c echo.Context) error {
	err := a.DB.RevokeSessions(c.Request().Context(), me(c).ID, session.SessionID(c), session.By(c))
	return a.profileDone(c, err, "Your other sessions have ended.")
}

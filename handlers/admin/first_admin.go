package admin

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// setupCookie carries the token of the setup link from the link to the form, so that it leaves the address bar,
// the history and every Referer at once.
const setupCookie = "setup"

// errSetupLink answers every setup link that does not work, whyever.
var errSetupLink = echo.NewHTTPError(http.StatusNotFound,
	"This setup link does not work any more. A new one is printed when the server starts without an administrator.")

// FirstAdminPage opens the setup link: it keeps the token in a cookie and shows the form without it.
func (a *Admin) FirstAdminPage(c echo.Context) error {
	token := c.QueryParam("token")
	if err := a.checkSetup(c, setupToken(c)); err != nil {
		return err
	}
	if token != "" {
		c.SetCookie(a.newSetupCookie(token, 3600))
		return redirect(c, views.FirstAdminURL)
	}
	return render(c, http.StatusOK, views.FirstAdmin(views.FirstAdminPage{Page: a.page(c, "First administrator")}))
}

// FirstAdmin makes the first administrator and signs in.
func (a *Admin) FirstAdmin(c echo.Context) error {
	token := setupToken(c)
	if err := a.checkSetup(c, token); err != nil {
		return err
	}
	u := models.User{Name: strings.TrimSpace(c.FormValue("name")), Email: strings.TrimSpace(c.FormValue("email")), Role: models.Admin}
	made, err := a.DB.FinishSetup(c.Request().Context(), token, u, c.FormValue("password"))
	if errs := formErrorsOf(err); errs != nil {
		return render(c, http.StatusUnprocessableEntity, views.FirstAdmin(views.FirstAdminPage{
			Page: a.page(c, "First administrator"), Name: u.Name, Email: u.Email, Errors: errs,
		}))
	}
	if err != nil {
		return err
	}
	c.SetCookie(a.newSetupCookie("", -1))
	if err := a.Sessions.SignIn(c, made); err != nil {
		return err
	}
	a.adoptZone(c, made)
	if err := a.firstKey(c, made); err != nil {
		return err
	}
	return redirect(c, views.SetupURL)
}

// firstKey makes the first key pair of the endpoint, so that the setup page has its public part to copy.
func (a *Admin) firstKey(c echo.Context, by models.User) error {
	ctx := c.Request().Context()
	keys, err := a.DB.Keys(ctx)
	if err != nil || len(keys) > 0 {
		return err
	}
	pair, err := a.MakeKey()
	if err != nil {
		return err
	}
	_, err = a.DB.AddKey(ctx, pair.Fingerprint, pair.PublicPEM, pair.Private, models.By{UserID: by.ID, Name: shownName(by)})
	return err
}

func (a *Admin) checkSetup(c echo.Context, token string) error {
	if token == "" {
		return errSetupLink
	}
	ok, err := a.DB.CheckSetupToken(c.Request().Context(), token)
	if err == nil && !ok {
		return errSetupLink
	}
	return err
}

// setupToken is the token of the address, of the form or of the cookie.
func setupToken(c echo.Context) string {
	if token := c.FormValue("token"); token != "" {
		return token
	}
	if cookie, err := c.Cookie(setupCookie); err == nil {
		return cookie.Value
	}
	return ""
}

func (a *Admin) newSetupCookie(token string, maxAge int) *http.Cookie {
	cookie := &http.Cookie{Name: setupCookie, Value: token, Path: views.FirstAdminURL, MaxAge: maxAge,
		HttpOnly: true, Secure: a.Sessions.Secure, SameSite: http.SameSiteLaxMode}
	if maxAge < 0 { // also for what does not know Max-Age
		cookie.Expires = time.Unix(1, 0)
	}
	return cookie
}

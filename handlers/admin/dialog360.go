package admin

import (
	"crypto/rand"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// SetDialog360Secret keeps what 360dialog's webhooks must show; an empty one makes it.
func (a *Admin) SetDialog360Secret(c echo.Context) error {
	secret := strings.TrimSpace(c.FormValue("dialog360_secret"))
	if secret == "" {
		secret = rand.Text()
	}
	if len(secret) < 16 || len(secret) > 200 {
		return a.connectDone(c, &models.Invalid{Field: "dialog360_secret", Message: "Write 16 to 200 characters, or leave it empty to have one made."}, "")
	}
	err := a.DB.SetSetting(c.Request().Context(), models.Dialog360Secret, secret, session.By(c))
	return a.connectDone(c, err, "Secret saved. Enter it at 360dialog now: the one before does not work any more.")
}

// dialog360 fills the card of 360dialog.
func (a *Admin) dialog360(c echo.Context) (views.Dialog360, error) {
	secret, err := a.DB.Setting(c.Request().Context(), models.Dialog360Secret)
	return views.Dialog360{URL: a.PublicURL() + "/webhooks/360dialog", Secret: secret}, err
}

package whatsapp

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/handlers/whatsapp/wire"
	"switchyard/models"
)

// What 360dialog shows that it is the sender: it signs nothing, but sends what its webhook was set up with.
const (
	// Dialog360Header holds the secret, when it does not come by Basic authentication.
	Dialog360Header = "X-Switchyard-Secret"
	// Dialog360User is the user name of Basic authentication; the secret is the password.
	Dialog360User = "360dialog"
)

// ReceiveDialog360 takes deliveries of 360dialog (POST): 200 when durable, 401 without the secret, 503 while none is
// set or the delivery cannot be stored.
func (w *Webhook) ReceiveDialog360(c echo.Context) error {
	secret := w.Dialog360Secret()
	if secret == "" {
		w.count("no_secret")
		w.Note(models.MarkDialog360NoSecret, w.Address(c))
		return c.String(http.StatusServiceUnavailable, "No secret of 360dialog is set, so deliveries cannot be checked.\n")
	}
	if !showsSecret(c.Request(), secret) {
		w.count("bad_signature")
		w.Note(models.MarkDialog360Bad, w.Address(c))
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Basic realm="webhook", charset="UTF-8"`)
		return c.String(http.StatusUnauthorized, "The secret is missing or wrong.\n")
	}
	body, err := readBody(c, maxWebhook)
	if err != nil {
		w.count(readResult(err))
		return err
	}
	w.Note(models.MarkDialog360, "")
	return w.store(c, models.Delivery{
		Source: string(wire.Dialog360), ReceivedAt: models.Time{Time: w.Now()}, Body: body,
		ContentType: cut(c.Request().Header.Get(echo.HeaderContentType), maxKeptHeader),
	})
}

// showsSecret takes one header or Basic authentication. Both are compared in constant time, whichever comes.
func showsSecret(r *http.Request, secret string) bool {
	header := r.Header.Values(Dialog360Header)
	byHeader := len(header) == 1 && sameSecret(secret, header[0])
	user, password, _ := r.BasicAuth()
	byUser, byPassword := sameSecret(Dialog360User, user), sameSecret(secret, password)
	return byHeader || byUser && byPassword
}

package admin

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const maxPEM = 32 << 10

// A KeyPair is an RSA key pair ready to be kept.
type KeyPair struct {
	Fingerprint, PublicPEM string
	Private                []byte // PKCS#8 DER
}

// Keys lists the key pairs of the endpoint.
func (a *Admin) Keys(c echo.Context) error { return a.showKeys(c, http.StatusOK, nil) }

func (a *Admin) showKeys(c echo.Context, status int, errs formErrors) error {
	keys, err := a.DB.Keys(c.Request().Context())
	if err != nil {
		return err
	}
	return render(c, status, views.Keys(views.KeysPage{Page: a.page(c, "Keys"), Keys: keys, Upload: a.UploadCall, Ask: a.AskCall, Errors: errs}))
}

// NewKey makes a key pair.
func (a *Admin) NewKey(c echo.Context) error {
	pair, err := a.MakeKey()
	if err != nil {
		return err
	}
	return a.keepKey(c, pair, "Key made. Upload its public part to WhatsApp for each phone number.")
}

func (a *Admin) keepKey(c echo.Context, pair KeyPair, said string) error {
	_, err := a.DB.AddKey(c.Request().Context(), pair.Fingerprint, pair.PublicPEM, pair.Private, session.By(c))
	if errors.Is(err, models.ErrConflict) {
		err = &models.Invalid{Field: "file", Message: "This key is here already."}
	}
	return a.keyDone(c, err, said)
}

func (a *Admin) keyDone(c echo.Context, err error, said string) error {
	return a.settled(c, err, a.showKeys, said, views.KeysURL)
}

// ImportKey takes a private key as PEM.
func (a *Admin) ImportKey(c echo.Context) error {
	raw, err := uploaded(c, "file", "text", maxPEM)
	if err == nil && len(raw) == 0 {
		err = &models.Invalid{Field: "file", Message: "Choose the PEM file, or paste the key."}
	}
	if err != nil {
		return a.keyDone(c, err, "")
	}
	pair, err := a.ReadKey(raw, []byte(c.FormValue("passphrase")))
	if err != nil {
		return a.keyDone(c, err, "")
	}
	return a.keepKey(c, pair, "Key imported. Upload its public part to WhatsApp, unless it is there already.")
}

// RetireKey ends a key after a while: after=0s, 24h or 168h.
func (a *Admin) RetireKey(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	after, err := time.ParseDuration(c.FormValue("after"))
	if err != nil || after < 0 || after > 30*24*time.Hour {
		return a.keyDone(c, &models.Invalid{Field: "after", Message: "Choose when the key ends."}, "")
	}
	err = a.DB.RetireKey(c.Request().Context(), id, models.Time{Time: a.Now().Add(after)}, session.By(c))
	return a.keyDone(c, err, "The key ends as chosen. Until then it goes on opening requests.")
}

// KeepKey takes the end from a key.
func (a *Admin) KeepKey(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = a.DB.KeepKey(c.Request().Context(), id, session.By(c))
	return a.keyDone(c, err, "The key has no end any more. It opens requests within a second.")
}

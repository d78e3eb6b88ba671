package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// NewReceiver asks for the channel, or shows the form of a new receiver of that ?channel=.
func (a *Admin) NewReceiver(c echo.Context) error {
	channel := models.Channel(c.QueryParam("channel"))
	if channel != models.Email && channel != models.WebHook && channel != models.Chat {
		server, err := a.DB.MailServer(c.Request().Context())
		if err != nil {
			return err
		}
		return render(c, http.StatusOK, views.ReceiverChannels(views.ReceiverChannelsPage{Page: a.page(c, "Add a receiver"), MailServer: server.Host != ""}))
	}
	r := models.Receiver{Channel: channel, Moments: models.Moments, Severity: 1, Forgotten: 30, Hourly: 5, Daily: 15}
	if r.Hours.Zone = me(c).Zone; r.Hours.Zone == "" {
		zone, err := a.DB.Setting(c.Request().Context(), models.InstanceZone)
		if err != nil {
			return err
		}
		r.Hours.Zone = zone
	}
	return a.showReceiverForm(c, http.StatusOK, r, "", nil)
}

// ReceiverSettings shows the form of a receiver's settings. The address of a chat is never shown again.
func (a *Admin) ReceiverSettings(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	address, _, err := a.DB.ReceiverAddress(c.Request().Context(), r.ID)
	if err != nil {
		return err
	}
	if r.Channel == models.Chat {
		address = ""
	}
	return a.showReceiverForm(c, http.StatusOK, r, address, nil)
}

func (a *Admin) showReceiverForm(c echo.Context, status int, r models.Receiver, address string, errs formErrors) error {
	p := views.ReceiverFormPage{Receiver: r, New: r.ID == 0, Address: address, Errors: errs}
	if p.New {
		p.Page = a.page(c, "Add a receiver")
	} else {
		p.Page = a.page(c, "Settings of "+r.Name)
	}
	var err error
	if p.Flows, err = a.DB.Flows(c.Request().Context()); err != nil {
		return err
	}
	return render(c, status, views.ReceiverForm(p))
}

// CreateReceiver adds a receiver; of a web hook it shows the signing secret, once.
func (a *Admin) CreateReceiver(c echo.Context) error {
	r, address, err := a.receiverFromForm(c, models.Receiver{Channel: models.Channel(c.FormValue("channel"))})
	made, secret := models.Receiver{}, ""
	if err == nil {
		made, secret, err = a.DB.CreateReceiver(c.Request().Context(), r, address, session.By(c))
	}
	if errs := formErrorsOf(err); errs != nil {
		return a.showReceiverForm(c, http.StatusUnprocessableEntity, r, c.FormValue("address"), errs)
	}
	if err != nil {
		return err
	}
	if secret != "" {
		return render(c, http.StatusOK, views.ReceiverSecret(views.ReceiverSecretPage{Page: a.page(c, "Signing secret"), Receiver: made, Secret: secret, New: true}))
	}
	if err := a.done(c, "The receiver is added. Send it a test."); err != nil {
		return err
	}
	return redirect(c, views.ReceiverURL(made.ID))
}

// UpdateReceiver saves a receiver's settings.
func (a *Admin) UpdateReceiver(c echo.Context) error {
	before, err := a.receiver(c)
	if err != nil {
		return err
	}
	r, address, err := a.receiverFromForm(c, before)
	if err == nil {
		_, err = a.DB.SaveReceiver(c.Request().Context(), r, address, session.By(c))
	}
	again := func(c echo.Context, status int, errs formErrors) error {
		return a.showReceiverForm(c, status, r, c.FormValue("address"), errs)
	}
	return a.settled(c, err, again, "Settings saved.", views.ReceiverURL(before.ID))
}

// SwitchReceiver switches a receiver on or off (to=on, to=off).
func (a *Admin) SwitchReceiver(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	r.Off = c.FormValue("to") == "off"
	said := "The receiver is on. It hears of what happens from now on."
	if r.Off {
		said = "The receiver is off. What waited for it is not sent."
	}
	_, err = a.DB.SaveReceiver(c.Request().Context(), r, "", session.By(c))
	again := func(c echo.Context, status int, errs formErrors) error { return a.showReceiver(c, status, r, errs) }
	return a.settled(c, err, again, said, views.ReceiverURL(r.ID))
}

// RenewReceiverSecret makes a new signing secret of a web hook and shows it, once.
func (a *Admin) RenewReceiverSecret(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	secret, err := a.DB.RenewReceiverSecret(c.Request().Context(), r.ID, session.By(c))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ReceiverSecret(views.ReceiverSecretPage{Page: a.page(c, "Signing secret"), Receiver: r, Secret: secret}))
}

// DeleteReceiver removes a receiver; what waited for it is not sent.
func (a *Admin) DeleteReceiver(c echo.Context) error {
	r, err := a.receiver(c)
	if err != nil {
		return err
	}
	if err := a.DB.DeleteReceiver(c.Request().Context(), r.ID, session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "Receiver “"+r.Name+"” deleted."); err != nil {
		return err
	}
	return redirect(c, views.NotificationsURL)
}

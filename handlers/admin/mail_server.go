package admin

import (
	"net/http"
	"net/mail"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// MailServer shows the server that takes mail for people.
func (a *Admin) MailServer(c echo.Context) error { return a.showMailServer(c, http.StatusOK, nil) }

func (a *Admin) showMailServer(c echo.Context, status int, errs formErrors) error {
	server, err := a.DB.MailServer(c.Request().Context())
	if err != nil {
		return err
	}
	p := views.MailServerPage{Page: a.page(c, "Mail server"), Server: server, Set: server.Host != "", PasswordKept: server.Password != "", To: me(c).Email, Errors: errs}
	if p.Server.Password = ""; !p.Set {
		p.Server.Port, p.Server.Security = 587, "starttls"
	}
	if len(errs) > 0 && c.FormValue("host")+c.FormValue("from") != "" {
		p.Server = mailServerFromForm(c)
		p.Server.Password = ""
	}
	return render(c, status, views.MailServer(p))
}

func mailServerFromForm(c echo.Context) models.MailServer {
	return models.MailServer{Host: strings.TrimSpace(c.FormValue("host")), Port: numberOf(c.FormValue("port")), Security: c.FormValue("security"), User: strings.TrimSpace(c.FormValue("user")),
		Password: c.FormValue("password"), From: strings.TrimSpace(c.FormValue("from"))}
}

// SetMailServer keeps it.
func (a *Admin) SetMailServer(c echo.Context) error {
	m := mailServerFromForm(c)
	err := a.CheckMail(c.Request().Context(), m)
	if err != nil {
		err = &models.Invalid{Field: "host", Message: err.Error()}
	} else {
		err = a.DB.SetMailServer(c.Request().Context(), m, session.By(c))
	}
	return a.settled(c, err, a.showMailServer, "Mail server saved. Send a test.", views.MailServerURL)
}

// RemoveMailServer forgets it: receivers by e-mail wait until there is one.
func (a *Admin) RemoveMailServer(c echo.Context) error {
	err := a.DB.SetMailServer(c.Request().Context(), models.MailServer{}, session.By(c))
	return a.settled(c, err, a.showMailServer, "Mail server removed.", views.MailServerURL)
}

// TestMailServer sends a mail to one address (to=).
func (a *Admin) TestMailServer(c echo.Context) error {
	to := strings.TrimSpace(c.FormValue("to"))
	if address, err := mail.ParseAddress(to); err != nil || address.Address != to {
		return a.showMailServer(c, http.StatusUnprocessableEntity, formErrors{{ID: "to", Message: "Write an address such as ada@example.com."}})
	}
	problem, err := a.TryMail(c.Request().Context(), to)
	if err == nil && problem != "" {
		err = &models.Invalid{Field: "to", Message: problem}
	}
	return a.settled(c, err, a.showMailServer, "The mail server took a mail to "+to+". Look whether it arrived.", views.MailServerURL)
}

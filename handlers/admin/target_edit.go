package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// newTargetTimeout is what the form of a new target suggests, in seconds.
const newTargetTimeout = 10

// NewTarget shows the form of a new target.
func (a *Admin) NewTarget(c echo.Context) error {
	return a.showTargetForm(c, http.StatusOK, models.Target{Timeout: newTargetTimeout}, nil)
}

// TargetSettings shows the form of a target's settings.
func (a *Admin) TargetSettings(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	return a.showTargetForm(c, http.StatusOK, t, nil)
}

func (a *Admin) showTargetForm(c echo.Context, status int, t models.Target, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.TargetFormPage{Target: t, New: t.ID == 0, Errors: errs}
	if p.New {
		p.Page = a.page(c, "Add a target")
	} else {
		p.Page = a.page(c, "Settings of "+t.Name)
	}
	var err error
	if p.Seen, err = a.DB.AccountEventFields(ctx); err != nil {
		return err
	}
	if p.Flows, err = a.DB.Flows(ctx); err != nil {
		return err
	}
	return render(c, status, views.TargetForm(p))
}

// CreateTarget adds a target and shows its signing secret, once.
func (a *Admin) CreateTarget(c echo.Context) error {
	t, err := a.targetFromForm(c, models.Target{})
	made, secret := models.Target{}, ""
	if err == nil {
		made, secret, err = a.DB.CreateTarget(c.Request().Context(), t, session.By(c))
	}
	if errs := formErrorsOf(err); errs != nil {
		return a.showTargetForm(c, http.StatusUnprocessableEntity, t, errs)
	}
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TargetSecret(views.TargetSecretPage{Page: a.page(c, "Signing secret"), Target: made, Secret: secret, New: true}))
}

// UpdateTarget saves a target's settings.
func (a *Admin) UpdateTarget(c echo.Context) error {
	before, err := a.target(c)
	if err != nil {
		return err
	}
	t, err := a.targetFromForm(c, before)
	if err == nil {
		_, err = a.DB.SaveTarget(c.Request().Context(), t, session.By(c))
	}
	again := func(c echo.Context, status int, errs formErrors) error { return a.showTargetForm(c, status, t, errs) }
	return a.settled(c, err, again, "Settings saved.", views.TargetURL(before.ID))
}

// targetFromForm fills in what the form says, and refuses an address that requests may not go to.
func (a *Admin) targetFromForm(c echo.Context, t models.Target) (models.Target, error) {
	form, err := c.FormParams()
	if err != nil {
		return t, echo.NewHTTPError(http.StatusBadRequest)
	}
	t.Name, t.URL, t.Tests = strings.TrimSpace(form.Get("name")), strings.TrimSpace(form.Get("url")), form.Get("tests") == "1"
	t.Fields, t.Flows = slices.Clone(form["fields"]), nil
	t.Fields = append(t.Fields, strings.FieldsFunc(form.Get("other_fields"), func(r rune) bool { return r == ' ' || r == ',' })...)
	for _, text := range form["flows"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			t.Flows = append(t.Flows, id)
		}
	}
	seconds, err := strconv.Atoi(strings.TrimSpace(form.Get("timeout")))
	if err != nil {
		seconds = -1 // refused with the words that a wrong number gets
	}
	t.Timeout = seconds
	u, err := url.Parse(t.URL)
	if err != nil {
		return t, &models.Invalid{Field: "url", Message: "Write a whole address such as https://example.com/hook."}
	}
	if err := a.CheckAddress(c.Request().Context(), u); err != nil {
		return t, &models.Invalid{Field: "url", Message: err.Error()}
	}
	return t, nil
}

// SwitchTarget switches a target on or off (to=on, to=off).
func (a *Admin) SwitchTarget(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	t.Off = c.FormValue("to") == "off"
	said := "The target is on. What arrives from now on is passed on to it."
	if t.Off {
		said = "The target is off."
	}
	_, err = a.DB.SaveTarget(c.Request().Context(), t, session.By(c))
	again := func(c echo.Context, status int, errs formErrors) error { return a.showTarget(c, status, t, errs) }
	return a.settled(c, err, again, said, views.TargetURL(t.ID))
}

// RenewTargetSecret makes a new signing secret and shows it, once.
func (a *Admin) RenewTargetSecret(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	secret, err := a.DB.RenewTargetSecret(c.Request().Context(), t.ID, session.By(c))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TargetSecret(views.TargetSecretPage{Page: a.page(c, "Signing secret"), Target: t, Secret: secret}))
}

// DeleteTarget removes a target; what waited for it is not sent.
func (a *Admin) DeleteTarget(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	if err := a.DB.DeleteTarget(c.Request().Context(), t.ID, session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "Target “"+t.Name+"” deleted."); err != nil {
		return err
	}
	return redirect(c, views.TargetsURL)
}

// TargetTest says what a test sends.
func (a *Admin) TargetTest(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TargetTest(views.TargetTestPage{Page: a.page(c, "Test of "+t.Name), Target: t}))
}

// SendTargetTest sends a small signed body and shows what came back.
func (a *Admin) SendTargetTest(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	try, err := a.TryTarget(c.Request().Context(), t)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.TargetTest(views.TargetTestPage{Page: a.page(c, "Test of "+t.Name), Target: t, Try: &try}))
}

package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const faultsShown = 10

// Flows lists all flows, and Meta ids that report but are no flow here.
func (a *Admin) Flows(c echo.Context) error {
	ctx := c.Request().Context()
	page := a.page(c, "Flows")
	flows, err := a.DB.FlowsToday(ctx, page.Zone)
	if err != nil {
		return err
	}
	unknown, err := a.DB.UnknownFlows(ctx)
	if err != nil {
		return err
	}
	p := views.FlowsPage{Page: page, Flows: flows, Unknown: unknown, Static: map[string]bool{}}
	if p.Hours, err = a.DB.TalliesSince(ctx, models.Hour, page.Now.AddDate(0, 0, -views.FlowsDays)); err != nil {
		return err
	}
	for _, f := range flows {
		json, err := a.flowJSON(ctx, f.ID)
		if err != nil {
			return err
		}
		p.Static[f.Slug] = json != nil && !json.HasEndpoint()
	}
	return render(c, http.StatusOK, views.Flows(p))
}

// NewFlow shows the form of a new flow.
func (a *Admin) NewFlow(c echo.Context) error {
	f := models.Flow{Mode: models.Encrypted, MetaID: c.QueryParam("meta_id")}
	return render(c, http.StatusOK, views.FlowForm(views.FlowFormPage{Page: a.page(c, "Add a flow"), Flow: f, New: true}))
}

// CreateFlow adds a flow; responses that waited for it find it.
func (a *Admin) CreateFlow(c echo.Context) error {
	ctx := c.Request().Context()
	f := flowFromForm(c, models.Flow{CheckSignature: true})
	made, err := a.DB.CreateFlow(ctx, f, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return render(c, http.StatusUnprocessableEntity, views.FlowForm(views.FlowFormPage{Page: a.page(c, "Add a flow"), Flow: f, New: true, Errors: errs}))
	}
	if err != nil {
		return err
	}
	a.CatchUp(ctx)
	if err := a.done(c, "Flow added. Import its Flow JSON next."); err != nil {
		return err
	}
	return redirect(c, views.FlowURL(made.Slug)+"#flow-json")
}

func flowFromForm(c echo.Context, f models.Flow) models.Flow {
	f.Name, f.Slug, f.MetaID = strings.TrimSpace(c.FormValue("name")), strings.TrimSpace(c.FormValue("slug")), strings.TrimSpace(c.FormValue("meta_id"))
	f.Mode = models.Mode(c.FormValue("mode"))
	return f
}

// Flow shows one.
func (a *Admin) Flow(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	return a.showFlow(c, http.StatusOK, f, nil)
}

func (a *Admin) showFlow(c echo.Context, status int, f models.Flow, errs formErrors) error {
	return a.showFlowLimits(c, status, f, errs, nil)
}

// showFlowLimits is showFlow with what was typed into the form of its limits; nil: nothing was.
func (a *Admin) showFlowLimits(c echo.Context, status int, f models.Flow, errs formErrors, limits *views.LimitFields) error {
	ctx := c.Request().Context()
	p := views.FlowPage{Page: a.page(c, f.Name), Flow: f, EndpointURL: a.PublicURL() + "/flow-endpoint/" + f.Slug, Errors: errs, Fault: a.Fault(f.Slug)}
	var err error
	if p.Kept, p.JSON, p.Problems, err = a.keptJSON(ctx, f.ID); err != nil {
		return err
	}
	if p.Sensitive, err = a.DB.SensitiveFields(ctx, f.ID); err != nil {
		return err
	}
	if f.MetaID != "" {
		if p.Events, err = a.DB.FlowEvents(ctx, f.MetaID); err != nil {
			return err
		}
	}
	if p.Alerts, _, err = a.DB.Alerts(ctx, models.AlertFilter{MetaID: f.AlertID(), Open: true}); err != nil {
		return err
	}
	if p.Monitor, err = a.flowMonitor(ctx, f.ID); err != nil {
		return err
	}
	if limits != nil {
		p.Monitor.Fields, p.Monitor.Errors = *limits, errs
		p.Errors = nil
	}
	if p.Faults, err = a.DB.Faults(ctx, f.ID, faultsShown); err != nil {
		return err
	}
	if p.Responses, err = a.DB.ResponsesPerDay(ctx, f.ID, overviewDays, p.Zone); err != nil {
		return err
	}
	if p.Tokenless, err = a.DB.Tokenless(ctx, f.ID, models.Time{Time: a.Now().AddDate(0, 0, -7)}); err != nil {
		return err
	}
	set, err := a.DB.Retention(ctx, f.ID)
	if err != nil {
		return err
	}
	p.KeptDays = set.Days
	if p.Today, err = a.DB.Pace(ctx, f.ID, views.Midnight(p.Page)); err != nil {
		return err
	}
	if p.Stops, err = a.DB.Stops(ctx, f.ID, views.StopsSince(p.Page)); err != nil {
		return err
	}
	if p.SignedWith, err = a.uncheckedBecause(ctx, f); err != nil {
		return err
	}
	return render(c, status, views.Flow(p))
}

// FlowSettings shows the form of a flow's settings.
func (a *Admin) FlowSettings(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	return a.showFlowForm(c, http.StatusOK, f, nil)
}

func (a *Admin) showFlowForm(c echo.Context, status int, f models.Flow, errs formErrors) error {
	p := views.FlowFormPage{Page: a.page(c, "Settings of "+f.Name), Flow: f, Errors: errs}
	json, err := a.flowJSON(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	if json != nil {
		for _, s := range json.Screens {
			p.Screens = append(p.Screens, views.Option{Value: s.ID, Label: views.ScreenName(json, s.ID)})
		}
	}
	return render(c, status, views.FlowForm(p))
}

// UpdateFlow saves a flow's settings.
func (a *Admin) UpdateFlow(c echo.Context) error {
	ctx := c.Request().Context()
	before, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	f := flowFromForm(c, before)
	f.FallbackMessage, f.FallbackScreen = c.FormValue("fallback_message"), c.FormValue("fallback_screen")
	f.CheckSignature, f.TokenOnce = c.FormValue("check_signature") == "1", c.FormValue("token_once") == "1"
	f.KeepVersion = c.FormValue("keep_version") == "1"
	saved, err := a.DB.UpdateFlow(ctx, f, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		f.Slug = before.Slug // the form's own address
		return a.showFlowForm(c, http.StatusUnprocessableEntity, f, errs)
	}
	if err != nil {
		return err
	}
	if saved.MetaID != before.MetaID || saved.Slug != before.Slug {
		a.CatchUp(ctx)
	}
	if err := a.done(c, "Settings saved."); err != nil {
		return err
	}
	return redirect(c, views.FlowURL(saved.Slug))
}

// uncheckedBecause says why requests to the flow's endpoint are answered unchecked; "" when they are checked.
func (a *Admin) uncheckedBecause(ctx context.Context, f models.Flow) (string, error) {
	if f.Mode == models.Plain {
		if f.HasSecret {
			return "", nil
		}
		return "Anyone who knows the address gets answers. Make a secret and give it to the provider.", nil
	}
	if !f.CheckSignature {
		return "The check of signatures is switched off in the flow's settings.", nil
	}
	if f.HasAppSecret {
		return "", nil
	}
	secret, err := a.Secret(ctx)
	if err != nil || secret != "" {
		return "", err
	}
	return "No app secret is known, so the signature of requests cannot be checked. Enter it on the setup page.", nil
}

// SetFlowAppSecret keeps the app secret of a flow that belongs to another app; an empty one removes it.
func (a *Admin) SetFlowAppSecret(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	secret := strings.TrimSpace(c.FormValue("app_secret"))
	err = a.DB.SetFlowAppSecret(ctx, f.ID, secret, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.showFlow(c, http.StatusUnprocessableEntity, f, errs)
	}
	if err != nil {
		return err
	}
	said := "App secret of this flow saved."
	if secret == "" {
		said = "This flow has no app secret of its own."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	return redirect(c, views.FlowURL(f.Slug))
}

// SetFlowSecret makes a new secret for a plain flow and shows it once.
func (a *Admin) SetFlowSecret(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	if f.Mode != models.Plain {
		return errors.Join(models.ErrConflict, errors.New("the flow is encrypted"))
	}
	secret := newSecret()
	if err := a.DB.SetFlowSecret(ctx, f.ID, secret, session.By(c)); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SecretOnce(views.SecretPage{Page: a.page(c, "New secret"), Flow: f, Secret: secret, URL: a.PublicURL() + "/flow-endpoint/" + f.Slug}))
}

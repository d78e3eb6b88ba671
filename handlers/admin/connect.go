package admin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Connect shows what to enter at Meta, and what has been seen to work.
func (a *Admin) Connect(c echo.Context) error { return a.showConnect(c, http.StatusOK, nil) }

func (a *Admin) showConnect(c echo.Context, status int, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.ConnectPage{Page: a.page(c, "Setup"), Errors: errs, CallbackURL: a.PublicURL() + "/webhooks/meta", EndpointBase: a.PublicURL() + "/flow-endpoint/",
		PublicURLSet: strings.HasPrefix(a.PublicURL(), "https://"), TokenFixed: a.Fixed(models.VerifyToken), SecretFixed: a.Fixed(models.AppSecret), VerifyToken: a.VerifyToken(),
		UploadCall: a.UploadCall("")}
	secret, err := a.Secret(ctx)
	if err != nil {
		return err
	}
	p.SecretKnown = secret != ""
	if p.Marks, err = a.DB.Marks(ctx); err != nil {
		return err
	}
	if p.Flows, err = a.DB.Flows(ctx); err != nil {
		return err
	}
	if p.Key, err = a.newestKey(ctx); err != nil {
		return err
	}
	if p.FirstReply, err = a.hasResponse(ctx); err != nil {
		return err
	}
	zone, err := a.DB.Setting(ctx, models.InstanceZone)
	if err != nil {
		return err
	}
	p.Zone = zone
	if p.Dialog360, err = a.dialog360(c); err != nil {
		return err
	}
	if p.AccessToken, err = a.accessToken(ctx); err != nil {
		return err
	}
	if err := a.system(ctx, &p); err != nil {
		return err
	}
	return render(c, status, views.Connect(p))
}

func (a *Admin) newestKey(ctx context.Context) (*models.Key, error) {
	keys, err := a.DB.Keys(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.RetireAt.IsZero() {
			return &k, nil
		}
	}
	return nil, nil
}

func (a *Admin) hasResponse(ctx context.Context) (bool, error) {
	page, err := a.DB.Responses(ctx, models.ResponseFilter{Limit: 1})
	return len(page.Rows) > 0, err
}

// system is one line each about version, database and backup. Demo data, which a banner stands over, needs none.
func (a *Admin) system(ctx context.Context, p *views.ConnectPage) error {
	engine, _, size, err := a.DB.Version(ctx)
	if err != nil {
		return err
	}
	p.System = []views.Term{{Label: "Version", Value: a.Version}, {Label: "Database", Value: engine}, {Label: "Size", Value: views.Bytes(size)}}
	made, bytes, known, err := a.DB.LastBackup(ctx)
	if err != nil {
		return err
	}
	p.System = append(p.System, views.BackupTerm(p.Page, made.Time, bytes, known))
	p.System = append(p.System, a.Kept.Terms()...)
	if known && a.Banner == "" {
		p.BackupMissing = made.IsZero() && p.FirstReply
		p.BackupOld = !made.IsZero() && p.Now.Sub(made.Time) > models.BackupDue
	}
	return nil
}

// SetAppSecret keeps a new app secret; the one before keeps working, because Meta signs with it for a while.
func (a *Admin) SetAppSecret(c echo.Context) error {
	ctx := c.Request().Context()
	secret := strings.TrimSpace(c.FormValue("app_secret"))
	if a.Fixed(models.AppSecret) {
		return a.connectDone(c, &models.Invalid{Field: "app_secret", Message: "The environment sets the app secret. Change it there."}, "")
	}
	if len(secret) < 16 || len(secret) > 200 {
		return a.connectDone(c, &models.Invalid{Field: "app_secret", Message: "An app secret has 32 characters. Copy it from App settings, Basic."}, "")
	}
	before, err := a.DB.Setting(ctx, models.AppSecret)
	if err != nil {
		return err
	}
	if before != "" && before != secret {
		if err := a.DB.SetSetting(ctx, models.PreviousAppSecret, before, session.By(c)); err != nil {
			return err
		}
	}
	err = a.DB.SetSetting(ctx, models.AppSecret, secret, session.By(c))
	return a.connectDone(c, err, "App secret saved.")
}

// SetInstanceZone sets what “today” means in rules.
func (a *Admin) SetInstanceZone(c echo.Context) error {
	name := strings.TrimSpace(c.FormValue("timezone"))
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return a.connectDone(c, &models.Invalid{Field: "timezone", Message: "There is no such time zone. Enter one such as Europe/Lisbon."}, "")
	}
	err := a.DB.SetSetting(c.Request().Context(), models.InstanceZone, name, session.By(c))
	return a.connectDone(c, err, "Time zone saved.")
}

func (a *Admin) connectDone(c echo.Context, err error, said string) error {
	return a.settled(c, err, a.showConnect, said, views.SetupURL)
}

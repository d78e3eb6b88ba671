package admin

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// addExportLink makes a link for scripts and shows its token, once.
func (a *Admin) addExportLink(c echo.Context, f found, typed views.ExportForm) error {
	l, token, err := a.DB.AddExportLink(c.Request().Context(), models.ExportLink{Name: typed.Name, Plan: typed.Plan}, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.showExport(c, http.StatusUnprocessableEntity, f, typed, errs)
	}
	if err != nil {
		return err
	}
	p := views.ExportLinkPage{Page: a.page(c, "New export link"), Link: l, Token: token, URL: a.PublicURL() + views.ExportLinkURL(l.ID)}
	p.Section = views.SectionResponses
	return render(c, http.StatusOK, views.NewExportLink(p))
}

// RevokeExportLink ends a link of the person's own; an administrator may end everybody's.
func (a *Admin) RevokeExportLink(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := a.DB.RevokeExportLink(c.Request().Context(), id, me(c).Role.May(models.Admin), session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "The link is revoked. Its token opens nothing any more."); err != nil {
		return err
	}
	return redirect(c, views.ExportsURL)
}

// FetchExport streams the export of a link to a script that has its token, as Authorization: Bearer or as the password of
// basic authentication: never in the address.
func (a *Admin) FetchExport(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		id = 0
	}
	l, u, err := a.DB.OpenExportLink(ctx, id, tokenOf(c.Request()))
	if errors.Is(err, models.ErrNotFound) {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="switchyard export"`)
		return c.String(http.StatusUnauthorized, "The token is missing or does not open this link. Send it as Authorization: Bearer TOKEN.\n")
	}
	if err != nil {
		return err
	}
	by := models.By{UserID: u.ID, Name: shownName(u), IP: models.ShortIP(c.RealIP())}
	x, err := a.prepareExport(ctx, l.Plan, u)
	if errs := formErrorsOf(err); errs != nil {
		return c.String(http.StatusConflict, "This export is not possible any more: "+errs[0].Message+"\n")
	}
	if err != nil {
		return err
	}
	e, err := a.DB.AddExport(ctx, models.Export{Plan: l.Plan, LinkID: l.ID, File: x.fileName(a.Now()), Total: models.Tally{More: true}}, by)
	if err != nil {
		return err
	}
	if err := a.DB.UseExportLink(ctx, l.ID); err != nil {
		return err
	}
	return a.sendExport(c, e, u, by)
}

func tokenOf(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, token, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

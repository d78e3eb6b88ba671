package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// TestFlow runs the flow's self-test and shows its stages.
func (a *Admin) TestFlow(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	stages, err := a.SelfTest(ctx, f)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SelfTest(views.SelfTestPage{Page: a.page(c, "Self-test of "+f.Name), Flow: f, Stages: stages}))
}

// MakeToken shows a new flow token. It is posted for, so that no address, history or log holds it.
func (a *Admin) MakeToken(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	p := views.TokenPage{Page: a.page(c, "Flow token"), Flow: f, Token: models.MintToken(f.Slug)}
	if p.Test = c.FormValue("test") == "1"; p.Test {
		p.Token = models.MintTestToken(f.Slug)
	}
	return render(c, http.StatusOK, views.NewToken(p))
}

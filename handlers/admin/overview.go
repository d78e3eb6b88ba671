package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
)

const (
	overviewDays   = 30
	overviewAlerts = 5
	overviewRecent = 8
)

// Overview is where people start their day.
func (a *Admin) Overview(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.OverviewPage{Page: a.page(c, "Overview")}
	var err error
	if p.Alerts, _, err = a.DB.Alerts(ctx, models.AlertFilter{Status: alert.Active, Limit: overviewAlerts}); err != nil {
		return err
	}
	if p.Flows, err = a.DB.FlowsToday(ctx, p.Zone); err != nil {
		return err
	}
	if p.Responses, err = a.DB.ResponsesPerDay(ctx, 0, overviewDays, p.Zone); err != nil {
		return err
	}
	if p.Visits, err = a.DB.VisitsPerDay(ctx, 0, overviewDays, p.Zone); err != nil {
		return err
	}
	recent, err := a.DB.Responses(ctx, models.ResponseFilter{Limit: overviewRecent})
	if err != nil {
		return err
	}
	if p.Recent, err = a.responseRows(ctx, nil, recent.Rows, !p.Can.Support); err != nil {
		return err
	}
	tray, err := a.DB.TrayCounts(ctx)
	if err != nil {
		return err
	}
	p.Unmatched = tray.All()
	counts, oldest, err := a.DB.DeliveryCounts(ctx)
	if err != nil {
		return err
	}
	p.Waiting, p.Oldest = counts[models.Pending], oldest
	if p.Notices, err = a.targetNotices(ctx); err != nil {
		return err
	}
	unheard, err := a.receiverNotices(ctx, p.Can)
	if err != nil {
		return err
	}
	p.Notices = append(p.Notices, unheard...)
	return render(c, http.StatusOK, views.Overview(p))
}

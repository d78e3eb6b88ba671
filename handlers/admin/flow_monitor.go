package admin

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
	"switchyard/web/session"
)

// chartHours is how far back the chart of a flow's endpoint goes.
const chartHours = 48

// flowMonitor is what our own monitor measured and when it speaks.
func (a *Admin) flowMonitor(ctx context.Context, flowID int64) (m views.FlowMonitor, err error) {
	if m.Limits, err = a.DB.Limits(ctx, flowID); err != nil {
		return m, err
	}
	m.Fields = views.LimitFieldsOf(m.Limits)
	now := a.Now()
	if m.Minutes, err = a.DB.Tallies(ctx, flowID, models.Minute, now.Add(-alert.LookBack), now.Add(time.Minute)); err != nil {
		return m, err
	}
	m.Hours, err = a.DB.Tallies(ctx, flowID, models.Hour, now.Truncate(time.Hour).Add(-(chartHours-1)*time.Hour), now.Add(time.Hour))
	return m, err
}

// SetFlowLimits changes at which figures our own monitor speaks about a flow.
func (a *Admin) SetFlowLimits(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	typed := views.LimitFields{}
	for name, to := range typed.ByName() {
		*to = strings.TrimSpace(c.FormValue(name))
	}
	l, err := limitsOf(typed)
	if err == nil {
		err = a.DB.SetLimits(ctx, f.ID, l, session.By(c))
	}
	again := func(c echo.Context, status int, errs formErrors) error {
		return a.showFlowLimits(c, status, f, errs, &typed)
	}
	return a.settled(c, err, again, "Limits saved. They count at once.", views.FlowURL(f.Slug)+"#monitor")
}

// limitsOf reads what was typed.
func limitsOf(typed views.LimitFields) (l alert.Limits, err error) {
	for name, to := range map[string]*float64{"latency": &l.Latency, "endpoint_errors": &l.EndpointErrors, "client_errors": &l.ClientErrors, "availability": &l.Availability} {
		if *to, err = strconv.ParseFloat(strings.ReplaceAll(*typed.ByName()[name], ",", "."), 64); err != nil {
			return l, &models.Invalid{Field: name, Message: "Write a number, such as 5."}
		}
	}
	if l.Requests, err = strconv.ParseInt(typed.Requests, 10, 64); err != nil {
		return l, &models.Invalid{Field: "requests", Message: "Write a whole number, such as 20."}
	}
	return l, nil
}

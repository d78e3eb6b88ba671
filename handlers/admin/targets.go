package admin

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// Targets lists the systems that get raw bodies, with how it goes with each.
func (a *Admin) Targets(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.TargetsPage{Page: a.page(c, "Forwarding")}
	var err error
	if p.Targets, err = a.DB.Targets(ctx); err != nil {
		return err
	}
	if p.Health, err = a.DB.TargetsHealth(ctx); err != nil {
		return err
	}
	if p.Flows, err = a.flowNames(ctx); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Targets(p))
}

// flowNames are the names of all flows by id.
func (a *Admin) flowNames(ctx context.Context) (map[int64]string, error) {
	flows, err := a.DB.Flows(ctx)
	names := map[int64]string{}
	for _, f := range flows {
		names[f.ID] = f.Name
	}
	return names, err
}

// target is the one of the path.
func (a *Admin) target(c echo.Context) (models.Target, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return models.Target{}, err
	}
	return a.DB.Target(c.Request().Context(), id)
}

// Target shows one with its forwards in the state of ?state=, a page by key.
func (a *Admin) Target(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	return a.showTarget(c, http.StatusOK, t, nil)
}

func (a *Admin) showTarget(c echo.Context, status int, t models.Target, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.TargetPage{Page: a.page(c, t.Name), Target: t, Errors: errs}
	health, err := a.DB.TargetsHealth(ctx)
	if err != nil {
		return err
	}
	p.Health = health[t.ID]
	if p.Flows, err = a.flowNames(ctx); err != nil {
		return err
	}
	p.State = forwardState(c.QueryParam("state"), p.Health)
	f := models.ForwardFilter{Target: t.ID, State: p.State}
	f.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64)
	f.After, _ = strconv.ParseInt(c.QueryParam("after"), 10, 64)
	page, err := a.DB.Forwards(ctx, f)
	if err != nil {
		return err
	}
	p.Rows = page.Rows
	if page.Newer != 0 {
		p.Newer = views.TargetForwardsURL(t.ID, p.State, "after", page.Newer)
	}
	if page.Older != 0 {
		p.Older = views.TargetForwardsURL(t.ID, p.State, "before", page.Older)
	}
	return render(c, status, views.Target(p))
}

// forwardState is the tab that is meant; without one, the first that somebody should look at.
func forwardState(text string, h models.TargetHealth) models.ForwardState {
	switch s := models.ForwardState(text); {
	case s == models.ForwardWaiting || s == models.ForwardDead || s == models.ForwardDone:
		return s
	case h.Waiting > 0:
		return models.ForwardWaiting
	case h.Dead > 0:
		return models.ForwardDead
	}
	return models.ForwardDone
}

// besideDelivery reads where a delivery was passed on to.
func (a *Admin) besideDelivery(ctx context.Context, p *views.DeliveryPage) (err error) {
	if p.Forwards, err = a.DB.DeliveryForwards(ctx, p.Delivery.ID); err != nil || len(p.Forwards) == 0 {
		return err
	}
	targets, err := a.DB.Targets(ctx)
	p.Targets = map[int64]string{}
	for _, t := range targets {
		p.Targets[t.ID] = t.Name
	}
	return err
}

// targetNotices are the sentences of the overview about targets.
func (a *Admin) targetNotices(ctx context.Context) ([]views.TargetNotice, error) {
	targets, err := a.DB.Targets(ctx)
	if err != nil || len(targets) == 0 {
		return nil, err
	}
	health, err := a.DB.TargetsHealth(ctx)
	return views.TargetNotices(targets, health, a.Now()), err
}

package admin

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	runsShown = 20
	// firstRun is when the first run comes after a change.
	firstRun = time.Hour
)

// Retention shows for how long a flow keeps what customers left in it, and what goes next.
func (a *Admin) Retention(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	return a.showRetention(c, http.StatusOK, f, nil)
}

func (a *Admin) showRetention(c echo.Context, status int, f models.Flow, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.RetentionPage{Page: a.page(c, "How long "+f.Name+" is kept"), Flow: f, Kept: a.Kept, Errors: errs}
	var err error
	if p.Set, err = a.DB.Retention(ctx, f.ID); err != nil {
		return err
	}
	if p.Days = views.RetentionDays(p.Set.Days); len(errs) > 0 {
		p.Days = c.FormValue("days")
	}
	p.Before = p.Set.Bound(later(p.Set.NextAt.Time, p.Now))
	if p.Next, err = a.DB.CountOld(ctx, f.ID, p.Before); err != nil {
		return err
	}
	if p.Runs, err = a.DB.RetentionRuns(ctx, f.ID, runsShown); err != nil {
		return err
	}
	return render(c, status, views.Retention(p))
}

func later(t, other time.Time) time.Time {
	if t.Before(other) {
		return other
	}
	return t
}

// SetRetention changes it. To keep less than until now asks first, with the count of what goes.
func (a *Admin) SetRetention(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	was, err := a.DB.Retention(ctx, f.ID)
	if err != nil {
		return err
	}
	again := func(c echo.Context, status int, errs formErrors) error { return a.showRetention(c, status, f, errs) }
	days, err := retentionSaid(c.FormValue("days"))
	if err == nil && days > 0 && (was.Days == 0 || days < was.Days) && c.FormValue("sure") != "1" {
		return a.askRetention(c, f, was, days)
	}
	if err == nil {
		err = a.DB.SetRetention(ctx, f.ID, days, session.By(c))
	}
	return a.settled(c, err, again, views.RetentionSaid(days), views.RetentionURL(f.Slug))
}

// retentionSaid reads days; nothing is for ever.
func retentionSaid(text string) (int, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	days, err := strconv.Atoi(text)
	if err != nil || days == 0 {
		days = -1 // which cannot be
	}
	return days, models.CheckRetention(days)
}

func (a *Admin) askRetention(c echo.Context, f models.Flow, was models.Retention, days int) (err error) {
	p := views.RetentionAskPage{Page: a.page(c, "Keep less of "+f.Name), Flow: f, Was: was.Days, Days: days}
	p.Path = views.RetentionURL(f.Slug)
	p.FirstRun = p.Now.Add(firstRun)
	p.Before = models.Retention{Days: days}.Bound(p.FirstRun)
	if p.Count, err = a.DB.CountOld(c.Request().Context(), f.ID, p.Before); err != nil {
		return err
	}
	status := http.StatusOK
	if c.FormValue("asked") == "1" {
		status, p.Errors = http.StatusUnprocessableEntity, []views.FieldError{{ID: "sure", Message: "Confirm that what is older is to be removed."}}
	}
	return render(c, status, views.RetentionAsk(p))
}

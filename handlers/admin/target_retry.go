package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// RetryForwards puts dead letters of a target back: one=ID, or those that are ticked (ids=ID…). delivery=ID returns to
// the page of that delivery.
func (a *Admin) RetryForwards(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	texts := form["one"]
	if len(texts) == 0 {
		texts = form["ids"]
	}
	var ids []int64
	for _, text := range texts {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	back := views.TargetForwardsURL(t.ID, models.ForwardDead, "", 0)
	if id, err := strconv.ParseInt(form.Get("delivery"), 10, 64); err == nil && id > 0 {
		back = views.DeliveryURL(id)
	}
	return a.retry(c, ids, back)
}

func (a *Admin) retry(c echo.Context, ids []int64, back string) error {
	if len(ids) == 0 {
		if err := a.Sessions.Flash(c, string(views.Failed), "Nothing was selected, so nothing is tried again."); err != nil {
			return err
		}
		return redirect(c, back)
	}
	n, err := a.DB.RetryForwards(c.Request().Context(), ids, session.By(c))
	if errors.Is(err, models.ErrNotFound) {
		if err := a.Sessions.Flash(c, string(views.Note), "It is no dead letter any more."); err != nil {
			return err
		}
		return redirect(c, back)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, views.RetriedWords(n)); err != nil {
		return err
	}
	return redirect(c, back)
}

// AskRetryAll counts the dead letters of a target and asks whether all shall be tried again.
func (a *Admin) AskRetryAll(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	return a.askRetryAll(c, http.StatusOK, t, nil)
}

func (a *Admin) askRetryAll(c echo.Context, status int, t models.Target, errs formErrors) error {
	n, err := a.DB.CountForwards(c.Request().Context(), models.ForwardFilter{Target: t.ID, State: models.ForwardDead})
	if err != nil {
		return err
	}
	return render(c, status, views.RetryAll(views.RetryAllPage{Page: a.page(c, "Retry dead letters"), Target: t, Count: n, Errors: errs}))
}

// RetryAll puts all dead letters of a target back.
func (a *Admin) RetryAll(c echo.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	n, err := a.DB.RetryAllForwards(c.Request().Context(), models.ForwardFilter{Target: t.ID}, session.By(c))
	again := func(c echo.Context, status int, errs formErrors) error { return a.askRetryAll(c, status, t, errs) }
	return a.settled(c, err, again, views.RetriedWords(n), views.TargetForwardsURL(t.ID, models.ForwardWaiting, "", 0))
}

package admin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

const replaysShown = 50

// ReplayDelivery has one decoded again.
func (a *Admin) ReplayDelivery(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return a.replay(c, []int64{id}, views.DeliveryURL(id))
}

// ReplaySelected has those decoded again that are ticked in the list.
func (a *Admin) ReplaySelected(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	back := url.Values{}
	for name, values := range form {
		if param, ok := strings.CutPrefix(name, "filter_"); ok && len(values) == 1 {
			back.Set(param, values[0])
		}
	}
	var ids []int64
	for _, text := range form["ids"] {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		if err := a.Sessions.Flash(c, string(views.Failed), "Nothing was selected, so nothing is replayed."); err != nil {
			return err
		}
		return redirect(c, views.DeliveriesURL(back))
	}
	return a.replay(c, ids, views.DeliveriesURL(back))
}

func (a *Admin) replay(c echo.Context, ids []int64, to string) error {
	r, err := a.DB.ReplayDeliveries(c.Request().Context(), ids, session.By(c))
	if err != nil {
		return err
	}
	a.Wake()
	said := "The delivery is decoded again."
	if r.Done > 1 {
		said = views.Number(r.Done) + " deliveries are decoded again."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	return redirect(c, to)
}

// AskReplayAll counts what the filter matches and asks whether all of it shall be replayed.
func (a *Admin) AskReplayAll(c echo.Context) error { return a.askReplayAll(c, http.StatusOK, nil) }

func (a *Admin) askReplayAll(c echo.Context, status int, wrong formErrors) error {
	p := views.ReplayAllPage{Page: a.page(c, "Replay")}
	q, f, errs := a.deliveryFilter(c, p.Zone)
	p.Query, p.Errors = q, append(wrong, errs...)
	if len(errs) > 0 {
		status, p.All = http.StatusUnprocessableEntity, true
		return render(c, status, views.ReplayAll(p))
	}
	var err error
	if p.Running, err = a.runningReplay(c); err != nil {
		return err
	}
	if p.Count, p.All, err = a.DB.CountDeliveries(c.Request().Context(), f); err != nil {
		return err
	}
	return render(c, status, views.ReplayAll(p))
}

// ReplayAll begins to replay all that the filter matches, which is found anew here.
func (a *Admin) ReplayAll(c echo.Context) error {
	_, f, errs := a.deliveryFilter(c, a.zoneOf(c))
	if len(errs) > 0 {
		return a.askReplayAll(c, http.StatusUnprocessableEntity, nil)
	}
	r, err := a.DB.StartReplay(c.Request().Context(), f, session.By(c))
	if wrong := formErrorsOf(err); wrong != nil {
		return a.askReplayAll(c, http.StatusUnprocessableEntity, wrong)
	}
	if errors.Is(err, models.ErrConflict) {
		return a.askReplayAll(c, http.StatusConflict, nil)
	}
	if err != nil {
		return err
	}
	return redirect(c, views.ReplayURL(r.ID))
}

// runningReplay is the one that runs; nil when none does.
func (a *Admin) runningReplay(c echo.Context) (*models.Replay, error) {
	r, err := a.DB.RunningReplay(c.Request().Context())
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return &r, err
}

// Replays lists who replayed what: ?before=ID pages.
func (a *Admin) Replays(c echo.Context) error {
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	rows, err := a.DB.Replays(c.Request().Context(), before, replaysShown+1)
	if err != nil {
		return err
	}
	p := views.ReplaysPage{Page: a.page(c, "Replays"), Rows: rows[:min(len(rows), replaysShown)]}
	p.Section = views.SectionDeliveries
	if len(rows) > replaysShown {
		p.Older = fmt.Sprintf("%s?before=%d", views.ReplaysURL, rows[replaysShown-1].ID)
	}
	if before > 0 {
		p.Newer = views.ReplaysURL
	}
	return render(c, http.StatusOK, views.Replays(p))
}

// Replay shows one with its progress.
func (a *Admin) Replay(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	r, err := a.DB.Replay(c.Request().Context(), id)
	if err != nil {
		return err
	}
	p := views.ReplayPage{Page: a.page(c, fmt.Sprintf("Replay %d", r.ID)), Replay: r}
	p.Section = views.SectionDeliveries
	return render(c, http.StatusOK, views.Replay(p))
}

// CancelReplay ends one that runs.
func (a *Admin) CancelReplay(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	r, err := a.DB.CancelReplay(c.Request().Context(), id, session.By(c))
	if err != nil {
		return err
	}
	said := "The replay is cancelled. What was put back so far is decoded."
	if r.State != models.ReplayCancelled {
		said = "The replay had ended already."
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	return redirect(c, views.ReplayURL(id))
}

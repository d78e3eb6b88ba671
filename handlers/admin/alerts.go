package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/alert"
	"switchyard/views"
	"switchyard/web/session"
)

// Alerts lists the alerts that the filter in the URL matches: ?state=active (the default), acknowledged, snoozed or resolved,
// and flow, kind, severity; ?before=ID pages.
func (a *Admin) Alerts(c echo.Context) error {
	ctx := c.Request().Context()
	q, f, err := a.alertFilter(ctx, c.QueryParams())
	if err != nil {
		return err
	}
	rows, more, err := a.DB.Alerts(ctx, f)
	if err != nil {
		return err
	}
	counts, err := a.DB.AlertCounts(ctx, f)
	if err != nil {
		return err
	}
	ever := counts
	if q.Filtered() {
		if ever, err = a.DB.AlertCounts(ctx, models.AlertFilter{}); err != nil {
			return err
		}
	}
	p := views.AlertsPage{Page: a.page(c, "Alerts"), Query: q, Counts: counts, Rows: rows, Did: bulkDone(c.QueryParams())}
	if p.Flows, err = a.flowOptions(ctx); err != nil {
		return err
	}
	if p.Can.Support && q.State != alert.Resolved {
		if p.People, err = a.peopleForAlerts(ctx); err != nil {
			return err
		}
	}
	p.Ever = ever[alert.Active]+ever[alert.Acknowledged]+ever[alert.Snoozed]+ever[alert.Resolved] > 0
	if p.Before = f.Before; f.Before > 0 {
		p.Newer = q.URL()
	}
	if more {
		p.Older = q.PageURL(rows[len(rows)-1].ID)
	}
	return render(c, http.StatusOK, views.Alerts(p))
}

// alertFilter reads the filter from a query. What is not known is left out.
func (a *Admin) alertFilter(ctx context.Context, v url.Values) (q views.AlertQuery, f models.AlertFilter, err error) {
	q = alertQuery(v)
	f = models.AlertFilter{Status: q.State, Kind: q.Kind, Severity: q.Severity}
	f.Before, _ = strconv.ParseInt(v.Get("before"), 10, 64)
	if q.Flow == "" {
		return q, f, nil
	}
	flow, err := a.DB.Flow(ctx, q.Flow)
	if errors.Is(err, models.ErrNotFound) {
		q.Flow = ""
		return q, f, nil
	}
	q.Flow, f.MetaID = flow.Slug, flow.AlertID()
	return q, f, err
}

func alertQuery(v url.Values) views.AlertQuery {
	q := views.AlertQuery{State: alertStatus(v.Get("state")), Flow: v.Get("flow")}
	if k := alert.Kind(v.Get("kind")); slices.Contains(alert.Kinds, k) {
		q.Kind = k
	}
	if n, err := strconv.Atoi(v.Get("severity")); err == nil && n >= 1 && n <= 3 {
		q.Severity = alert.Severity(n)
	}
	return q
}

func alertStatus(s string) alert.Status {
	switch s := alert.Status(s); s {
	case alert.Acknowledged, alert.Snoozed, alert.Resolved:
		return s
	}
	return alert.Active
}

// Alert shows one.
func (a *Admin) Alert(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return a.renderAlert(c, http.StatusOK, id, views.AlertPage{})
}

// alertTaken shows an alert after a refused act. A note that was typed for it stands ready as a comment.
func (a *Admin) alertTaken(c echo.Context, id int64, conflict string) error {
	p := views.AlertPage{Conflict: conflict}
	if p.Note = c.FormValue("note"); p.Note != "" {
		p.Form, p.Conflict = "comment", conflict+" Your note is kept below as a comment that you can add."
	}
	return a.renderAlert(c, http.StatusConflict, id, p)
}

// renderAlert fills p, which holds what a form said.
func (a *Admin) renderAlert(c echo.Context, status int, id int64, p views.AlertPage) (err error) {
	ctx := c.Request().Context()
	if p.Alert, err = a.DB.Alert(ctx, id); err != nil {
		return err
	}
	p.Page = a.page(c, views.AlertName(p.Alert.Kind))
	if p.Can.Support && p.Alert.Status != alert.Resolved {
		if p.People, err = a.peopleForAlerts(ctx); err != nil {
			return err
		}
	}
	if p.Evidence, err = a.alertEvidence(ctx, p.Alert); err != nil {
		return err
	}
	if p.Told, err = a.DB.AlertNotifications(ctx, id); err != nil {
		return err
	}
	return render(c, status, views.Alert(p))
}

// AcknowledgeAlert says that the signed-in person has it.
func (a *Admin) AcknowledgeAlert(c echo.Context) error {
	return a.actByForm(c, "acknowledge", "Acknowledged. A worse threshold makes it active again.", func(id int64) (models.Alert, error) {
		return a.DB.AcknowledgeAlert(c.Request().Context(), id, c.FormValue("note"), session.By(c))
	})
}

// UnacknowledgeAlert takes the acknowledgement back.
func (a *Admin) UnacknowledgeAlert(c echo.Context) error {
	return a.actOnAlert(c, "The acknowledgement is taken back.", func(id int64) (models.Alert, error) {
		return a.DB.UnacknowledgeAlert(c.Request().Context(), id, session.By(c))
	})
}

// actOnAlert answers an act: the changed row in the list, else the alert's page; 409 with who has it when somebody
// else was quicker.
func (a *Admin) actOnAlert(c echo.Context, done string, act func(id int64) (models.Alert, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	al, err := act(id)
	taken, isTaken := errors.AsType[*alert.Conflict](err)
	resolved, others := errors.Is(err, models.ErrConflict), errors.Is(err, alert.ErrNotYours)
	if err != nil && !isTaken && !resolved && !others {
		return err
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusConflict
	}
	if isHTMX(c) {
		return a.alertRow(c, status, al)
	}
	switch {
	case isTaken:
		return a.alertTaken(c, id, taken.Name+" already has this alert.")
	case resolved:
		return a.alertTaken(c, id, "The alert has been resolved meanwhile.")
	case others:
		return a.alertTaken(c, id, "Only who wrote a comment takes it back.")
	}
	if err := a.done(c, done); err != nil {
		return err
	}
	return redirect(c, cmp.Or(alertsBack(c), views.AlertURL(id)))
}

// alertsBack is the list that the form of an act names to lead back to; "" is none.
func alertsBack(c echo.Context) string {
	back := c.FormValue("back")
	u, err := url.Parse(back)
	switch {
	case back == views.OverviewURL:
		return back
	case err == nil && u.Path == "/alerts":
		return alertQuery(u.Query()).URL()
	}
	return ""
}

func (a *Admin) alertRow(c echo.Context, status int, al models.Alert) error {
	ctx := c.Request().Context()
	q, f := views.AlertQuery{State: al.Standing(a.Now())}, models.AlertFilter{}
	if u, err := url.Parse(c.Request().Header.Get("HX-Current-URL")); err == nil && u.Path == "/alerts" {
		if q, f, err = a.alertFilter(ctx, u.Query()); err != nil {
			return err
		}
	}
	counts, err := a.DB.AlertCounts(ctx, f)
	if err != nil {
		return err
	}
	return render(c, status, views.AlertActed(al, a.page(c, ""), q, counts, alertsBack(c)))
}

package admin

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// responseFilter reads the filter of the list from the URL. Dates are whole days of the person's zone, both ends
// included. What cannot be read is told in errs and left out of the filter.
func (a *Admin) responseFilter(c echo.Context, zone *time.Location) (q views.ResponseQuery, f models.ResponseFilter, flow models.Flow, errs formErrors, err error) {
	q = views.ResponseQuery{Flow: c.QueryParam("flow"), State: c.QueryParam("state"), From: c.QueryParam("from"), To: c.QueryParam("to"),
		Text: c.QueryParam("q"), Tests: c.QueryParam("tests") == "1"}
	f = models.ResponseFilter{Text: q.Text, Tests: q.Tests, NamesOnly: !me(c).Role.May(models.Support)}
	if q.Flow != "" {
		if flow, err = a.DB.Flow(c.Request().Context(), q.Flow); errors.Is(err, models.ErrNotFound) {
			errs, err = append(errs, views.FieldError{ID: "flow", Message: "There is no flow “" + q.Flow + "”. Choose one of the list."}), nil
			q.Flow = ""
		} else if err != nil {
			return q, f, flow, errs, err
		}
		f.FlowID = flow.ID
	}
	switch s := models.ResponseState(q.State); s {
	case "", models.Complete, models.Unreadable, models.UnmatchedResponse:
		f.State = s
	default:
		errs = append(errs, views.FieldError{ID: "state", Message: "There is no state “" + q.State + "”. Choose one of the list."})
		q.State = ""
	}
	if bad := formErrorsOf(models.CheckSearch(q.Text)); bad != nil {
		errs = append(errs, views.FieldError{ID: "q", Message: bad[0].Message})
		f.Text = ""
	}
	f.From, q.From, errs = day(q.From, "from", 0, zone, errs)
	f.To, q.To, errs = day(q.To, "to", 1, zone, errs)
	f.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64)
	f.After, _ = strconv.ParseInt(c.QueryParam("after"), 10, 64)
	return q, f, flow, errs, nil
}

// day is the start of a date plus some days, and the date as the form shows it; zero and "" for none.
func day(s, field string, plus int, zone *time.Location, errs formErrors) (time.Time, string, formErrors) {
	if s == "" {
		return time.Time{}, "", errs
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil || t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}, "", append(errs, views.FieldError{ID: field, Message: "Enter a date such as 2026-11-20."})
	}
	return t.AddDate(0, 0, plus), s, errs
}

// flowOptions are all flows for a choice, by slug.
func (a *Admin) flowOptions(ctx context.Context) ([]views.Option, error) {
	flows, err := a.DB.Flows(ctx)
	if err != nil {
		return nil, err
	}
	options := make([]views.Option, len(flows))
	for i, f := range flows {
		options[i] = views.Option{Value: f.Slug, Label: f.Name}
	}
	return options, nil
}

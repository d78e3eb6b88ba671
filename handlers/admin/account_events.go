package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// AccountEvents lists what the filter in the URL matches, the newest first: ?before=ID pages.
func (a *Admin) AccountEvents(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.AccountEventsPage{Page: a.page(c, "Account events")}
	var f models.AccountEventFilter
	p.Query, f, p.Errors = accountEventFilter(c, p.Page)
	rows, more, err := a.DB.AccountEvents(ctx, f)
	if err != nil {
		return err
	}
	p.Rows = rows
	if p.Channels, err = a.DB.AccountChannels(ctx); err != nil {
		return err
	}
	if more {
		older := p.Query.Values()
		older.Set("before", strconv.FormatInt(rows[len(rows)-1].ID, 10))
		p.Older = views.AccountEventsURL(older)
	}
	if f.Before > 0 {
		p.Newer = views.AccountEventsURL(p.Query.Values())
	}
	status := http.StatusOK
	if len(p.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.AccountEvents(p))
}

// accountEventFilter reads the filter. What cannot be read is told in errs and left out of the filter.
func accountEventFilter(c echo.Context, page views.Page) (q views.AccountEventQuery, f models.AccountEventFilter, errs formErrors) {
	q = views.AccountEventQuery{Kind: c.QueryParam("kind"), Channel: c.QueryParam("channel"), From: c.QueryParam("from"), To: c.QueryParam("to"), Text: c.QueryParam("q")}
	if q.Kind != "" && !views.IsAccountEventKind(q.Kind) {
		errs = append(errs, views.FieldError{ID: "kind", Message: "There is no kind “" + q.Kind + "”. Choose one of the list."})
		q.Kind = ""
	}
	f = models.AccountEventFilter{Kind: q.Kind, Channel: q.Channel, Text: q.Text}
	if bad := formErrorsOf(models.CheckSearch(q.Text)); bad != nil {
		errs = append(errs, views.FieldError{ID: "q", Message: bad[0].Message})
		f.Text = ""
	}
	f.From, q.From, errs = day(q.From, "from", 0, page.Zone, errs)
	f.To, q.To, errs = day(q.To, "to", 1, page.Zone, errs)
	f.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64)
	return q, f, errs
}

// AccountEvent shows one. What came is for support and above: nobody knows what in it is a customer's number.
func (a *Admin) AccountEvent(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := a.DB.AccountEvent(c.Request().Context(), id)
	if err != nil {
		return err
	}
	p := views.AccountEventPage{Page: a.page(c, "Account event"), Event: e, Kept: a.Kept}
	if _, err := a.DB.Delivery(c.Request().Context(), e.DeliveryID); err == nil {
		p.DeliveryURL = views.DeliveryURL(e.DeliveryID)
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	p.Raw = bodyText(views.IndentJSON(e.Body), !p.Can.Support)
	return render(c, http.StatusOK, views.AccountEvent(p))
}

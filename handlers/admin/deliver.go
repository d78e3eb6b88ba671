package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// live tells whether the page asks by itself, to keep up to date.
func live(c echo.Context) bool { return c.Request().Header.Get(session.LiveHeader) != "" }

// Deliveries lists what the filter in the URL matches, a page by key.
func (a *Admin) Deliveries(c echo.Context) error {
	ctx := c.Request().Context()
	p := views.DeliveriesPage{Page: a.page(c, "Deliveries")}
	q, f, errs := a.deliveryFilter(c, p.Zone)
	p.Query, p.Errors = q, errs
	rows, err := a.DB.Deliveries(ctx, f)
	if err != nil {
		return err
	}
	p.Rows, p.ByID, p.Until = rows.Rows, rows.ByID, rows.Until.Time
	p.Newer, p.Older = deliveriesURL(q, "after", rows.Newer), deliveriesURL(q, "before", rows.Older)
	p.Live = f.Before == 0 && rows.Newer == 0 && f.Text == "" && len(errs) == 0
	if len(p.Rows) > 0 {
		p.Newest = p.Rows[0].ID
	}
	if !live(c) {
		if err := a.besideDeliveries(c, &p); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Deliveries(p))
}

// besideDeliveries reads what stands around the rows.
func (a *Admin) besideDeliveries(c echo.Context, p *views.DeliveriesPage) (err error) {
	ctx := c.Request().Context()
	if p.Sources, p.Kinds, err = a.DB.DeliveryWords(ctx); err != nil {
		return err
	}
	marks, err := a.DB.Marks(ctx)
	if err != nil {
		return err
	}
	p.Refused = marks[models.MarkBadSignature]
	p.Running, err = a.runningReplay(c)
	return err
}

func deliveriesURL(q views.DeliveryQuery, param string, id int64) string {
	if id == 0 {
		return ""
	}
	v := q.Values()
	v.Set(param, strconv.FormatInt(id, 10))
	return views.DeliveriesURL(v)
}

// deliveryFilter reads the filter from the URL or a form. Dates are whole days of the person's zone, both ends included.
// What cannot be read is told in errs and left out of the filter.
func (a *Admin) deliveryFilter(c echo.Context, zone *time.Location) (q views.DeliveryQuery, f models.DeliveryFilter, errs formErrors) {
	q = views.DeliveryQuery{Source: word(c, "source"), State: c.FormValue("state"), Kind: word(c, "kind"), Signed: c.FormValue("signed"),
		From: c.FormValue("from"), To: c.FormValue("to"), Text: c.FormValue("q"), InBodies: c.FormValue("in") == "bodies"}
	switch models.DeliveryState(q.State) {
	case "", models.Pending, models.Done, models.Unmatched, models.Failed:
	default:
		errs = append(errs, views.FieldError{ID: "state", Message: "There is no state “" + q.State + "”. Choose one of the list."})
		q.State = ""
	}
	switch models.Signed(q.Signed) {
	case "", models.SignedBody, models.UnsignedBody:
	default:
		errs = append(errs, views.FieldError{ID: "signed", Message: "Choose whether it is signed from the list."})
		q.Signed = ""
	}
	f = models.DeliveryFilter{Source: q.Source, State: models.DeliveryState(q.State), Kind: q.Kind, Signed: models.Signed(q.Signed), Text: q.Text,
		InBodies: q.InBodies, NamesOnly: !me(c).Role.May(models.Support)}
	if bad := formErrorsOf(models.CheckSearch(q.Text)); bad != nil {
		errs = append(errs, views.FieldError{ID: "q", Message: bad[0].Message})
		f.Text = ""
	}
	f.From.Time, q.From, errs = day(q.From, "from", 0, zone, errs)
	f.To.Time, q.To, errs = day(q.To, "to", 1, zone, errs)
	f.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64)
	f.After, _ = strconv.ParseInt(c.QueryParam("after"), 10, 64)
	return q, f, errs
}

// word is a parameter that is one word; a longer one matches nothing anyway.
func word(c echo.Context, name string) string {
	value := c.FormValue(name)
	return value[:min(len(value), 100)]
}

// NewDeliveries says how many came after ?after=ID, for a list that stands still.
func (a *Admin) NewDeliveries(c echo.Context) error {
	_, f, _ := a.deliveryFilter(c, time.UTC)
	after := f.After
	n, err := a.DB.CountDeliveriesAfter(c.Request().Context(), f, after)
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, views.CameMeanwhile(n))
}

// delivery is the one of the path.
func (a *Admin) delivery(c echo.Context) (models.Delivery, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return models.Delivery{}, err
	}
	return a.DB.Delivery(c.Request().Context(), id)
}

// Delivery shows one with its payload as the role may see it, and what it caused.
func (a *Admin) Delivery(c echo.Context) error {
	d, err := a.delivery(c)
	if errors.Is(err, models.ErrNotFound) {
		return a.deliveryGone(c)
	}
	if err != nil {
		return err
	}
	p, err := a.deliveryPage(c, d)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Delivery(p))
}

// deliveryPage reads what stands around the payload too, which is left out where it holds hidden answers.
func (a *Admin) deliveryPage(c echo.Context, d models.Delivery) (p views.DeliveryPage, err error) {
	ctx := c.Request().Context()
	page := a.page(c, fmt.Sprintf("Delivery %d", d.ID))
	p = views.DeliveryPage{Page: page, Delivery: d, Size: int64(len(d.Body))}
	if p.HiddenKeys, p.Hides, err = a.hiddenIn(ctx, d); err != nil {
		return p, err
	}
	if p.Payload = views.Payload(d.Body, !page.Can.Support); p.Hides && page.Can.Support {
		p.Payload = views.HiddenRaw(len(d.Body))
	}
	if p.Reveals, err = a.DB.DeliveryReveals(ctx, d.ID); err != nil {
		return p, err
	}
	if p.Effects, err = a.DB.Effects(ctx, d.Source, a.Decode(d)); err != nil {
		return p, err
	}
	if p.Dismissed, err = dismissal(a.DB.DeliveryDismissal(ctx, d.ID)); err != nil {
		return p, err
	}
	if d.ReplayID != 0 {
		r, err := a.DB.Replay(ctx, d.ReplayID)
		if err == nil {
			p.Replay = &r
		} else if !errors.Is(err, models.ErrNotFound) {
			return p, err
		}
	}
	return p, a.besideDelivery(ctx, &p)
}

// hiddenIn tells whether a body holds answers that are hidden, and which. Whose response it is nobody asks: what is hidden in
// one flow is hidden here in all.
func (a *Admin) hiddenIn(ctx context.Context, d models.Delivery) (keys []string, hides bool, err error) {
	hidden, err := a.DB.Sensitive(ctx, 0)
	if err != nil || hidden.None() {
		return nil, false, err
	}
	keys, whole := hidden.InDelivery(d.Body, a.Decode(d))
	return keys, whole || len(keys) > 0, nil
}

// deliveryGone tells a delivery that was here from one that never was.
func (a *Admin) deliveryGone(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	gone, err := a.DB.DeliveryGone(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if !gone {
		return models.ErrNotFound
	}
	page := a.page(c, fmt.Sprintf("Delivery %d", id))
	return render(c, http.StatusGone, views.DeliveryGone(views.DeliveryGonePage{Page: page, ID: id, Kept: a.Kept}))
}

// DeliveryBody is the body as it came, byte for byte.
func (a *Admin) DeliveryBody(c echo.Context) error {
	ctx := c.Request().Context()
	d, err := a.delivery(c)
	if err != nil {
		return err
	}
	_, hides, err := a.hiddenIn(ctx, d)
	if err != nil {
		return err
	}
	if hides {
		if err := a.Sessions.Flash(c, string(views.Failed), "The body holds hidden answers. Say first why you need to see them."); err != nil {
			return err
		}
		return redirect(c, views.DeliveryURL(d.ID))
	}
	return a.sendBody(c, d)
}

func (a *Admin) sendBody(c echo.Context, d models.Delivery) error {
	ctx := c.Request().Context()
	if err := a.DB.Audit(ctx, session.By(c), "delivery.download", fmt.Sprintf("delivery %d", d.ID), nil); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="delivery-%d.json"`, d.ID))
	c.Response().Header().Set(echo.HeaderXContentTypeOptions, "nosniff")
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, d.Body)
}

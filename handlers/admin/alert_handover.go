package admin

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

const (
	handoverDays = 7
	handoverRows = 500 // of the page; the file has all
)

// Handover shows a period's alerts with how long people and recovery took.
func (a *Admin) Handover(c echo.Context) error {
	p := views.HandoverPage{Page: a.page(c, "Handover")}
	f, errs := a.handoverFilter(c, &p)
	p.Errors = errs
	for al, err := range a.DB.EachAlert(c.Request().Context(), f) {
		if err != nil {
			return err
		}
		if len(p.Rows) == handoverRows {
			p.More = true
			break
		}
		p.Rows = append(p.Rows, al)
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Handover(p))
}

// handoverFilter reads the period: whole days of the person's zone, both ends included; the last week when not said.
func (a *Admin) handoverFilter(c echo.Context, p *views.HandoverPage) (f models.AlertFilter, errs formErrors) {
	today := p.Now.In(p.Zone)
	from, to := today.AddDate(0, 0, 1-handoverDays).Format(time.DateOnly), today.Format(time.DateOnly)
	if c.QueryParams().Has("from") {
		from, to = c.QueryParam("from"), c.QueryParam("to")
	}
	f.From, p.From, errs = day(from, "from", 0, p.Zone, errs)
	f.To, p.To, errs = day(to, "to", 1, p.Zone, errs)
	if len(errs) == 0 && !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		errs = append(errs, views.FieldError{ID: "to", Message: "Choose a last day that is not before the first."})
	}
	return f, errs
}

// ExportHandover streams the same as CSV. An error after the first byte cuts the file off.
func (a *Admin) ExportHandover(c echo.Context) error {
	p := views.HandoverPage{Page: views.Page{Now: a.Now(), Zone: a.zoneOf(c)}}
	f, errs := a.handoverFilter(c, &p)
	if len(errs) > 0 {
		return &models.Invalid{Field: errs[0].ID, Message: errs[0].Message}
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="alerts-`+a.Now().In(p.Zone).Format(time.DateOnly)+`.csv"`)
	c.Response().WriteHeader(http.StatusOK)
	rc := http.NewResponseController(c.Response())
	e := views.Export{W: c.Response(), BOM: true, CRLF: true, Zone: p.Zone, Flush: func() error {
		if err := rc.SetWriteDeadline(time.Now().Add(30 * time.Second)); err != nil {
			return err
		}
		return rc.Flush()
	}}
	if _, err := e.HandoverCSV(a.DB.EachAlert(c.Request().Context(), f)); err != nil {
		return fmt.Errorf("export handover: %w", err)
	}
	return nil
}

package admin

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// ExportResponses streams what the filter matches as CSV: the rows that the list shows, all of them. An error after
// the first byte cuts the file off, so that nobody takes a part for the whole.
func (a *Admin) ExportResponses(c echo.Context) error {
	ctx := c.Request().Context()
	zone := a.zoneOf(c)
	found, err := a.responseFilter(c, c.QueryParams(), zone)
	if err != nil {
		return err
	}
	if errs := found.errs; len(errs) > 0 {
		return &models.Invalid{Field: errs[0].ID, Message: errs[0].Message}
	}
	q, f, flow := found.query, found.filter, found.flow
	f.Before, f.After = 0, 0
	keys, err := a.exportKeys(c, flow)
	if err != nil {
		return err
	}
	if err := a.DB.Audit(ctx, session.By(c), "export.responses", "responses", map[string]any{"flow": q.Flow, "state": q.State, "from": q.From, "to": q.To, "searched": q.Text != "", "conditions": f.Where.Leaves(), "contacts": len(f.Contacts)}); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+exportName(flow, a.Now().In(zone))+`"`)
	c.Response().WriteHeader(http.StatusOK)
	rc := http.NewResponseController(c.Response())
	e := views.Export{W: c.Response(), BOM: true, CRLF: true, Zone: zone, Flush: func() error {
		if err := rc.SetWriteDeadline(time.Now().Add(30 * time.Second)); err != nil {
			return err
		}
		return rc.Flush()
	}}
	_, err = e.ResponsesCSV(a.DB.EachResponse(ctx, f), keys)
	if err != nil {
		return fmt.Errorf("export responses: %w", err)
	}
	return nil
}

// exportKeys are the answer columns: of one flow in the order of its Flow JSON, else by name.
func (a *Admin) exportKeys(c echo.Context, flow models.Flow) ([]string, error) {
	ctx := c.Request().Context()
	occurring, err := a.DB.AnswerKeys(ctx, flow.ID)
	if err != nil || flow.ID == 0 {
		return views.AnswerColumns(nil, occurring), err
	}
	reader, err := a.answersOf(ctx, flow.ID, flow.Slug)
	if err != nil {
		return nil, err
	}
	return views.AnswerColumns(reader.Keys(), occurring), nil
}

func exportName(flow models.Flow, now time.Time) string {
	name := "responses"
	if flow.Slug != "" {
		name += "-" + flow.Slug
	}
	return name + "-" + now.Format(time.DateOnly) + ".csv"
}

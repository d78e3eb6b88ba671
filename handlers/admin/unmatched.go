package admin

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

const trayPage = 20 // deliveries shown at once

// Unmatched is the tray of what needs a person: ?before=ID pages through the deliveries.
func (a *Admin) Unmatched(c echo.Context) error {
	ctx := c.Request().Context()
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	p := views.UnmatchedPage{Page: a.page(c, "Unmatched")}
	p.Section = views.SectionResponses
	mask := !p.Can.Support
	deliveries, err := a.DB.UnmatchedDeliveries(ctx, before, trayPage+1)
	if err != nil {
		return err
	}
	if len(deliveries) > trayPage {
		deliveries = deliveries[:trayPage]
		p.Older = fmt.Sprintf("%s?before=%d", views.UnmatchedURL, deliveries[trayPage-1].ID)
	}
	for _, d := range deliveries {
		p.Deliveries = append(p.Deliveries, views.DeliveryView{Delivery: d, Raw: bodyText(d.Body, mask)})
	}
	if before == 0 {
		if p.Responses, err = a.trayResponses(ctx, mask); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, views.Unmatched(p))
}

// trayResponses are the newest that are unmatched or unreadable.
func (a *Admin) trayResponses(ctx context.Context, mask bool) ([]views.ResponseRow, error) {
	var rows []views.ResponseRow
	for _, state := range []models.ResponseState{models.UnmatchedResponse, models.Unreadable} {
		page, err := a.DB.Responses(ctx, models.ResponseFilter{State: state, Tests: true})
		if err != nil {
			return nil, err
		}
		_, _, more, err := a.responseRows(ctx, models.Flow{}, page.Rows, mask)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// bodyText is a raw body as the role may see it. Without decoding it nobody knows what in it is a number, a token or an
// answer, so a viewer sees nothing of it.
func bodyText(body []byte, mask bool) views.RawText {
	if mask {
		return views.UnseenRaw(len(body))
	}
	return views.RawOf(string(body))
}

package admin

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

const (
	trayPage   = 20 // rows shown at once
	trayLately = 3  // assignments that the tray shows
)

// Unmatched is the tray of what needs a person: ?show=TAB, else the first tab with something; ?before=ID pages.
func (a *Admin) Unmatched(c echo.Context) error {
	ctx := c.Request().Context()
	before, _ := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	p := views.UnmatchedPage{Page: a.page(c, "Unmatched"), Show: views.TrayTab(c.QueryParam("show"))}
	p.Section = views.SectionResponses
	var err error
	if p.Counts, err = a.DB.TrayCounts(ctx); err != nil {
		return err
	}
	if !p.Show.Known() {
		p.Show = views.FirstTab(p.Counts)
	}
	if before > 0 {
		p.Newer = views.TrayURL(p.Show, 0)
	}
	switch p.Show {
	case views.TabBodies:
		err = a.trayBodies(ctx, &p, before)
	case views.TabUnreadable:
		err = a.trayResponses(ctx, &p, models.Unreadable, before)
	default:
		err = a.trayResponses(ctx, &p, models.UnmatchedResponse, before)
	}
	if err != nil {
		return err
	}
	if p.Lately, err = a.DB.Assignments(ctx, 0, trayLately); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Unmatched(p))
}

func (a *Admin) trayBodies(ctx context.Context, p *views.UnmatchedPage, before int64) error {
	all, err := a.DB.UnmatchedDeliveries(ctx, before, trayPage+1)
	if err != nil {
		return err
	}
	if len(all) > trayPage {
		all = all[:trayPage]
		p.Older = views.TrayURL(p.Show, all[trayPage-1].ID)
	}
	for _, d := range all {
		_, hides, err := a.hiddenIn(ctx, d)
		if err != nil {
			return err
		}
		raw := bodyText(d.Body, !p.Can.Support)
		if hides && p.Can.Support {
			raw = views.HiddenRaw(len(d.Body))
		}
		p.Deliveries = append(p.Deliveries, views.DeliveryView{Delivery: d, Raw: raw})
	}
	return nil
}

func (a *Admin) trayResponses(ctx context.Context, p *views.UnmatchedPage, state models.ResponseState, before int64) error {
	all, err := a.DB.Tray(ctx, state, before, trayPage+1)
	if err != nil {
		return err
	}
	if len(all) > trayPage {
		all = all[:trayPage]
		p.Older = views.TrayURL(p.Show, all[trayPage-1].ID)
	}
	rows, err := a.responseRows(ctx, nil, all, !p.Can.Support)
	if err != nil {
		return err
	}
	var s suggester
	if state == models.UnmatchedResponse {
		if s, err = a.suggester(ctx); err != nil {
			return err
		}
	}
	for _, r := range rows {
		row := views.TrayRow{ResponseRow: r, Token: views.MaskToken(r.Token, !p.Can.Support)}
		if best := s.of(r.Response); len(best) > 0 {
			row.Best = &best[0]
		}
		p.Responses = append(p.Responses, row)
	}
	return nil
}

// bodyText is a raw body as the role may see it. Without decoding it nobody knows what in it is a number, a token or an
// answer, so a viewer sees nothing of it.
func bodyText(body []byte, mask bool) views.RawText {
	if mask {
		return views.UnseenRaw(len(body))
	}
	return views.RawOf(string(body))
}

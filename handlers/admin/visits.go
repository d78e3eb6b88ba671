package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/views"
)

// Visits lists what the filter in the URL matches, a page by key: of one flow, or of all (without :flow).
func (a *Admin) Visits(c echo.Context) error {
	ctx := c.Request().Context()
	if said, to := a.numberAsName(c); said {
		return redirect(c, to)
	}
	page := a.page(c, "Visits")
	page.Section = views.SectionVisits
	q, f, flow, errs, err := a.visitFilter(c, c.Param("flow"), page.Zone)
	if err != nil {
		return err
	}
	p := views.VisitsPage{Page: page, Query: q, Flow: flow, Errors: errs}
	rows, err := a.DB.Visits(ctx, f)
	if err != nil {
		return err
	}
	if p.Count, err = a.DB.CountVisits(ctx, f); err != nil {
		return err
	}
	p.CountCapped = p.Count > countCap
	p.Newer, p.Older = q.Page("after", rows.Newer), q.Page("before", rows.Older)
	if p.Rows, err = a.visitRows(ctx, page, rows.Rows); err != nil {
		return err
	}
	if p.Screens, err = a.visitScreens(ctx, flow, q.Screen); err != nil {
		return err
	}
	if p.Of, err = a.contactNames(ctx, page, q.Contacts); err != nil {
		return err
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Visits(p))
}

// visitRows adds to visits what a list shows beside them.
func (a *Admin) visitRows(ctx context.Context, page views.Page, visits []models.Visit) ([]views.VisitRow, error) {
	who, err := a.DB.VisitContacts(ctx, visits)
	if err != nil {
		return nil, err
	}
	type known struct {
		models.Flow
		json *flowjson.Flow
	}
	flows := map[int64]known{}
	var rows []views.VisitRow
	for _, v := range visits {
		f, ok := flows[v.FlowID]
		if !ok {
			if f.Flow, err = a.DB.FlowByID(ctx, v.FlowID); err != nil && !errors.Is(err, models.ErrNotFound) {
				return nil, err
			}
			if f.json, err = a.flowJSON(ctx, v.FlowID); err != nil {
				return nil, err
			}
			flows[v.FlowID] = f
		}
		row := views.VisitRow{Visit: v, Outcome: v.OutcomeAt(page.Now), Screen: views.ScreenName(f.json, v.Screen), Flow: f.Flow}
		if contact, ok := who[v.ID]; ok {
			row.Contact, _ = views.ContactWords(contact, !page.Can.Support)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// visitScreens are the screens of a flow for a choice, the one in the URL always among them.
func (a *Admin) visitScreens(ctx context.Context, flow models.Flow, current string) ([]views.Option, error) {
	options, there := []views.Option{{Label: "Any"}}, current == ""
	if flow.ID == 0 {
		return options, nil
	}
	json, err := a.flowJSON(ctx, flow.ID)
	if err != nil {
		return nil, err
	}
	if json != nil {
		for _, s := range json.Screens {
			options = append(options, views.Option{Value: s.ID, Label: views.ScreenName(json, s.ID)})
			there = there || s.ID == current
		}
	}
	if !there {
		options = append(options, views.Option{Value: current, Label: current + " (not in the Flow JSON)"})
	}
	return options, nil
}

func (a *Admin) contactNames(ctx context.Context, page views.Page, ids []int64) (names []string, err error) {
	contacts, err := a.DB.Contacts(ctx, ids)
	for _, contact := range contacts {
		name, _ := views.ContactWords(contact, !page.Can.Support)
		names = append(names, name)
	}
	return names, err
}

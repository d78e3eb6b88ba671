package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/filter"
	"switchyard/views"
)

// maxCharts is how many answers of a flow have a chart.
const maxCharts = 60

// Distribution shows how the newest responses of the list that its address names are spread: as a page, or beside that
// list.
func (a *Admin) Distribution(c echo.Context) error {
	page := a.page(c, "Distribution")
	page.Section = views.SectionResponses
	f, err := a.responseFilter(c, c.QueryParams(), page.Zone)
	if err != nil {
		return err
	}
	p := views.DistributionPage{Page: page, Query: f.query, Flow: f.flow.Name, Errors: f.errs}
	beside := isHTMX(c) && c.Request().Header.Get("HX-Target") == "distribution"
	to := views.DistributionURL
	if beside {
		to = func(q views.ResponseQuery) string { q.Shown = true; return q.List() }
	}
	if err := a.spread(c, &p, f, to); err != nil {
		return err
	}
	if beside {
		return render(c, http.StatusOK, views.DistributionBeside(p))
	}
	status := http.StatusOK
	if len(p.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Distribution(p))
}

func (a *Admin) spread(c echo.Context, p *views.DistributionPage, f found, to func(views.ResponseQuery) string) error {
	ctx := c.Request().Context()
	columns, err := a.spreadColumns(c, f)
	if err != nil {
		return err
	}
	shown := columns[:min(len(columns), maxCharts)]
	p.More = len(columns) - len(shown)
	keys := make([]models.SpreadKey, len(shown))
	for i, col := range shown {
		keys[i] = models.SpreadKey{Key: col.Key, By: f.reader.SpreadOf(col.Key)}
	}
	d, err := a.DB.Distribution(ctx, f.filter, keys, p.Zone)
	if err != nil {
		return err
	}
	p.Read, p.None = views.DistributionWords(d), d.Read == 0
	r := views.SpreadReader{Query: f.query, Where: f.where, Answers: f.reader, Forbidden: f.forbidden, To: to, Read: d.Read}
	p.Chips = views.ConditionChips(f.where, f.reader.FilterFields(columns), func(w filter.Condition) string {
		q := f.query
		q.Where = w.String()
		return to(q)
	})
	p.Charts = append(p.Charts, r.Received(d.Days))
	readers, err := a.readersOf(ctx, f, d.Flows)
	if err != nil {
		return err
	}
	if f.flow.ID == 0 {
		p.Charts = append(p.Charts, r.Flows(d.Flows), r.States(d.States))
	}
	if outcomes := r.Outcomes(d.Outcomes, d.Flows, readers); len(outcomes.Bars) > 0 {
		p.Charts = append(p.Charts, outcomes)
	}
	for i, s := range d.Fields {
		p.Charts = append(p.Charts, r.Field(shown[i], s, i))
	}
	return nil
}

// readersOf are the readers of the flows that were counted, by slug.
func (a *Admin) readersOf(ctx context.Context, f found, flows []models.SpreadCount) (map[string]views.Answers, error) {
	if f.flow.ID != 0 {
		return map[string]views.Answers{f.flow.Slug: f.reader}, nil
	}
	readers := map[string]views.Answers{}
	for _, n := range flows {
		if n.Value == "" {
			continue
		}
		flow, err := a.DB.Flow(ctx, n.Value)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err == nil {
			readers[n.Value], err = a.answersOf(ctx, flow.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	return readers, nil
}

// spreadColumns are the answers that the role may name.
func (a *Admin) spreadColumns(c echo.Context, f found) (columns []views.AnswerColumn, err error) {
	if f.flow.ID == 0 {
		return nil, nil
	}
	all, err := a.columns(c.Request().Context(), f.flow.ID, f.reader)
	for _, col := range all {
		if f.reader.Names(col.Key) {
			columns = append(columns, col)
		}
	}
	return columns, err
}

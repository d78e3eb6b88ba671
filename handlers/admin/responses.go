package admin

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
)

const (
	countCap       = 10_000 // above it the list says "more than"
	summaryAnswers = 3      // answers shown of each response when the flows are mixed
)

// Responses lists what the filter in the URL matches, a page by key.
func (a *Admin) Responses(c echo.Context) error {
	ctx := c.Request().Context()
	page := a.page(c, "Responses")
	q, f, flow, errs, err := a.responseFilter(c, page.Zone)
	if err != nil {
		return err
	}
	p := views.ResponsesPage{Page: page, Query: q, Errors: errs}
	if p.Flows, err = a.flowOptions(ctx); err != nil {
		return err
	}
	rows, err := a.DB.Responses(ctx, f)
	if err != nil {
		return err
	}
	if p.Count, err = a.DB.CountResponses(ctx, f); err != nil {
		return err
	}
	p.CountCapped = p.Count > countCap
	if p.Columns, p.More, p.Rows, err = a.responseRows(ctx, flow, rows.Rows, !page.Can.Support); err != nil {
		return err
	}
	tray, err := a.DB.TrayCounts(ctx)
	if err != nil {
		return err
	}
	p.Unmatched = tray.All()
	p.Newer, p.Older = pageURL(q.Values(), "after", rows.Newer), pageURL(q.Values(), "before", rows.Older)
	if page.Can.Support {
		p.ExportURL = views.ResponsesURL(nil) + "/export?" + q.Values().Encode()
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Responses(p))
}

func pageURL(v url.Values, param string, id int64) string {
	if id == 0 {
		return ""
	}
	v.Set(param, strconv.FormatInt(id, 10))
	return views.ResponsesURL(v)
}

// responseRows reads the answers of a page: a column per key when one flow is chosen, else a summary of each.
func (a *Admin) responseRows(ctx context.Context, flow models.Flow, rs []models.Response, mask bool) (columns []views.AnswerColumn, more int, rows []views.ResponseRow, err error) {
	readers := map[int64]views.Answers{}
	for _, r := range rs {
		if _, ok := readers[r.FlowID]; !ok {
			if readers[r.FlowID], err = a.answersOf(ctx, r.FlowID, r.FlowSlug); err != nil {
				return nil, 0, nil, err
			}
		}
	}
	if flow.ID != 0 && len(rs) > 0 {
		heads := readers[flow.ID]
		heads.Mask = mask
		if columns, more, err = a.columns(ctx, flow.ID, heads); err != nil {
			return nil, 0, nil, err
		}
	}
	for _, r := range rs {
		reader := readers[r.FlowID]
		reader.Mask, reader.Phone, reader.Token = mask, r.Contact.Phone, r.Token
		row := views.ResponseRow{Response: r}
		row.Contact, row.Phone = views.ContactWords(r.Contact, mask)
		for _, col := range columns {
			row.Cells = append(row.Cells, reader.Cell(col.Key, r.Answers))
		}
		if flow.ID == 0 {
			row.Cells = summary(reader, r.Answers)
		}
		rows = append(rows, row)
	}
	return columns, more, rows, nil
}

// columns are those of a flow's answers that a table shows, and how many it does not.
func (a *Admin) columns(ctx context.Context, flowID int64, reader views.Answers) (columns []views.AnswerColumn, more int, err error) {
	keys, err := a.DB.AnswerKeys(ctx, flowID)
	if err != nil {
		return nil, 0, err
	}
	if len(keys) >= models.MaxAnswerKeys { // a response with thousands of keys must not push out what the flow asks
		keys = append(keys, reader.Keys()...)
	}
	all := reader.Columns(keys)
	columns = all[:min(len(all), views.MaxAnswers)]
	return columns, len(all) - len(columns), nil
}

// summary is the first answers that say something, in the flow's order.
func summary(reader views.Answers, answers map[string]any) []views.AnswerView {
	var cells []views.AnswerView
	for _, col := range reader.Columns(slices.Collect(maps.Keys(answers))) {
		if len(cells) == summaryAnswers {
			break
		}
		if v := reader.Cell(col.Key, answers); v.Text != "" {
			cells = append(cells, v)
		}
	}
	return cells
}

// answersOf is how the answers of a flow are read; of no flow without labels.
func (a *Admin) answersOf(ctx context.Context, flowID int64, slug string) (views.Answers, error) {
	if flowID == 0 {
		return views.Answers{}, nil
	}
	kept, err := a.DB.NewestFlowJSON(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return views.Answers{}, nil
	}
	if err != nil {
		return views.Answers{}, err
	}
	flow, _ := flowjson.Parse(kept.Raw)
	published, err := a.DB.PublishedRules(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return views.ReadAnswers(flow, nil), nil
	}
	if err != nil {
		return views.Answers{}, err
	}
	doc, _ := rules.Parse(published.Document, func() string { return "" })
	return views.ReadAnswers(flow, doc.FinishSources()), nil
}

// Response shows one.
func (a *Admin) Response(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	r, err := a.DB.Response(ctx, id)
	if err != nil {
		return err
	}
	reader, err := a.answersOf(ctx, r.FlowID, r.FlowSlug)
	if err != nil {
		return err
	}
	page := a.page(c, "Response")
	mask := !page.Can.Support
	p := views.ResponsePage{Page: page, Response: r, Kept: a.Kept}
	if p.DeliveryGone, err = a.DB.DeliveryGone(ctx, r.DeliveryID); err != nil {
		return err
	}
	reader.Mask, reader.Phone, reader.Token = mask, r.Contact.Phone, r.Token
	if reader.Files, err = a.DB.ResponseFiles(ctx, r.ID, r.VisitID); err != nil {
		return err
	}
	if p.Steps, reader.Titles, err = a.visitOf(ctx, r.FlowID, r.VisitID); err != nil {
		return err
	}
	if p.Sent, err = a.sentMoments(ctx, r.ContextID); err != nil {
		return err
	}
	if p.Found, err = a.DB.FoundBy(ctx, r); err != nil {
		return err
	}
	if p.Dismissed, err = dismissal(a.DB.ResponseDismissal(ctx, r.ID)); err != nil {
		return err
	}
	p.Contact, p.Phone = views.ContactWords(r.Contact, mask)
	p.Token, p.Raw = views.MaskToken(r.Token, mask), reader.Raw(r.Raw, r.Answers)
	if !mask && r.Contact.Phone != "" {
		p.ChatURL = views.ChatURL(r.Contact.Phone)
	}
	all := reader.Columns(slices.Collect(maps.Keys(r.Answers)))
	shown := all[:min(len(all), views.MaxAnswers)]
	p.More = len(all) - len(shown)
	for _, col := range shown {
		p.Answers = append(p.Answers, reader.View(col.Key, r.Answers[col.Key]))
	}
	p.Files = reader.OtherFiles(p.Answers)
	return render(c, http.StatusOK, views.Response(p))
}

// visitOf tells the run behind a response, and the titles of the options that were sent in it.
func (a *Admin) visitOf(ctx context.Context, flowID, visitID int64) ([]views.Moment, func(*flowjson.Field, string) string, error) {
	if visitID == 0 {
		return nil, nil, nil
	}
	visit, err := a.DB.Visit(ctx, visitID)
	if err != nil {
		return nil, nil, err
	}
	steps, err := a.DB.VisitSteps(ctx, visitID)
	if err != nil {
		return nil, nil, err
	}
	flow, err := a.flowJSON(ctx, flowID)
	if err != nil {
		return nil, nil, err
	}
	return views.StepMoments(flow, steps), views.SentTitles(visit.Sent), nil
}

// sentMoments are what is known of the message that a response answers; none when it is not known.
func (a *Admin) sentMoments(ctx context.Context, wamid string) ([]views.Moment, error) {
	m, err := a.DB.SentMessage(ctx, wamid)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return views.SentMoments(m), err
}

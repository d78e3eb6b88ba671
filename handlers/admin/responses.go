package admin

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/filter"
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
	page := a.page(c, "Responses")
	f, err := a.responseFilter(c, c.QueryParams(), page.Zone)
	if err != nil {
		return err
	}
	return a.showResponses(c, page, f, func(*views.ResponsesPage) {})
}

// showResponses answers with the list of a filter; change may alter the page first.
func (a *Admin) showResponses(c echo.Context, page views.Page, f found, change func(*views.ResponsesPage)) (err error) {
	ctx := c.Request().Context()
	page.ViewQuery = f.query.Query()
	p := views.ResponsesPage{Page: page, Query: f.query, Errors: f.errs}
	if p.Flows, err = a.flowOptions(ctx); err != nil {
		return err
	}
	rows, err := a.findRows(ctx, &p, f)
	if err != nil {
		return err
	}
	columns, err := a.tableColumns(ctx, me(c).ID, f)
	if err != nil {
		return err
	}
	p.Columns, p.More, p.Hidden = shownColumns(columns)
	p.Picks = page.Can.Support
	p.Follow = views.FollowNames{TriageNames: f.names, Me: me(c).ID, Outcome: f.reader.Outcome}
	if p.Outcomes, err = a.outcomeOptions(ctx, f); err != nil {
		return err
	}
	if p.Done, err = a.doneActs(ctx, c.QueryParams()["done"]); err != nil {
		return err
	}
	if p.Rows, err = a.responseRows(ctx, p.Columns, rows, !page.Can.Support); err != nil {
		return err
	}
	p.Box = views.FilterBox{Root: views.NodeOf(f.where), Fields: f.reader.FilterFields(answerColumns(columns))}
	if f.query.Outcome != "" {
		q := f.query
		q.Outcome = ""
		p.Asked = append(p.Asked, views.ConditionChip{Words: "Outcome is " + f.reader.OutcomeWords(f.query.Outcome), Without: q.List()})
	}
	p.Asked = append(p.Asked, views.ConditionChips(f.where, p.Box.Fields, func(w filter.Condition) string {
		q := f.query
		q.Where = w.String()
		return q.List()
	})...)
	if p.Of, err = a.contactNames(ctx, page, f.query.Contacts); err != nil {
		return err
	}
	tray, err := a.DB.TrayCounts(ctx)
	if err != nil {
		return err
	}
	p.Unmatched = tray.All()
	if page.Can.Support {
		p.ExportURL = views.AskExportURL(f.query)
	}
	for _, v := range page.Views {
		if v.Query == page.ViewQuery && page.ViewQuery != "" {
			p.View = v.ResponseView
		}
	}
	change(&p)
	status := http.StatusOK
	if len(p.Errors)+len(p.Box.Errors) > 0 || p.Saving.Error != "" {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.Responses(p))
}

// outcomeOptions are the outcomes that a filter of a flow may ask for; none of a flow without rules.
func (a *Admin) outcomeOptions(ctx context.Context, f found) ([]views.Option, error) {
	if f.flow.ID == 0 {
		return nil, nil
	}
	occurring, err := a.DB.Outcomes(ctx, f.flow.ID)
	if err != nil || !f.reader.Routes() && len(occurring) < 2 {
		return nil, err
	}
	return f.reader.OutcomeOptions(occurring, f.filter.Outcome), nil
}

// findRows reads a page of the list, how many there are, and where the page stands.
func (a *Admin) findRows(ctx context.Context, p *views.ResponsesPage, f found) ([]models.Response, error) {
	rows, tally, err := a.DB.FindResponses(ctx, f.filter)
	if errors.Is(err, models.ErrTooSlow) {
		p.TooSlow = true
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p.Count, p.CountCapped, p.From = tally.N, tally.More, 1
	if rows.Newer != 0 {
		p.From = max(f.at, 1)
	}
	p.Newer = f.query.Page("after", rows.Newer, max(1, p.From-len(rows.Rows)))
	p.Older = f.query.Page("before", rows.Older, p.From+len(rows.Rows))
	return rows.Rows, nil
}

// responseRows reads the answers of a page: those of the columns, or without any (nil) a summary of each.
func (a *Admin) responseRows(ctx context.Context, columns []views.AnswerColumn, rs []models.Response, mask bool) (rows []views.ResponseRow, err error) {
	readers := map[int64]views.Answers{}
	for _, r := range rs {
		reader, ok := readers[r.FlowID]
		if !ok {
			if reader, err = a.answersOf(ctx, r.FlowID); err != nil {
				return nil, err
			}
			readers[r.FlowID] = reader
		}
		reader.Mask, reader.Phone, reader.Token = mask, r.Contact.Phone, r.Token
		row := views.ResponseRow{Response: r}
		row.Contact, row.Phone = views.ContactWords(r.Contact, mask)
		for _, col := range columns {
			if views.FollowColumn(col.Key) {
				row.Cells = append(row.Cells, views.AnswerView{Key: col.Key}) // the page has the names for it
				continue
			}
			row.Cells = append(row.Cells, reader.Cell(col.Key, r.Answers))
		}
		if columns == nil {
			row.Cells = summary(reader, r.Answers)
		}
		rows = append(rows, row)
	}
	return rows, nil
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

// answersOf is how the answers of a flow are read, and what of them is hidden; of no flow without labels.
func (a *Admin) answersOf(ctx context.Context, flowID int64) (reader views.Answers, err error) {
	hidden, err := a.DB.Sensitive(ctx, flowID)
	if err == nil && flowID != 0 {
		reader, err = a.labelsOf(ctx, flowID)
	}
	reader.Hidden = reader.Hidden.With(hidden)
	return reader, err
}

// labelsOf is how a flow's newest Flow JSON and its published rules name answers.
func (a *Admin) labelsOf(ctx context.Context, flowID int64) (views.Answers, error) {
	flow, err := a.flowJSON(ctx, flowID)
	if err != nil || flow == nil {
		return views.Answers{}, err
	}
	published, err := a.DB.PublishedRules(ctx, flowID)
	if errors.Is(err, models.ErrNotFound) {
		return views.ReadAnswers(flow, nil), nil
	}
	if err != nil {
		return views.Answers{}, err
	}
	doc, _ := rules.Parse(published.Document, func() string { return "" })
	reader := views.ReadAnswers(flow, doc.FinishSources())
	reader.Rules = views.RuleNames(doc, flow)
	return reader, nil
}

// visitOf tells the run behind a response, and the titles of the options that were sent in it.
func (a *Admin) visitOf(ctx context.Context, p *views.ResponsePage) (titles func(*flowjson.Field, string) string, err error) {
	if p.Response.VisitID == 0 {
		return nil, nil
	}
	if p.Visit, err = a.DB.Visit(ctx, p.Response.VisitID); err != nil {
		return nil, err
	}
	steps, err := a.DB.VisitSteps(ctx, p.Visit.ID)
	if err != nil {
		return nil, err
	}
	flow, err := a.flowJSON(ctx, p.Response.FlowID)
	if err != nil {
		return nil, err
	}
	p.Steps = views.StepMoments(flow, steps)
	p.RuleVersions = ruleVersions(p.Visit, steps)
	return views.SentTitles(p.Visit.Sent), nil
}

// ruleVersions are those that decided in a visit, in their order. Its steps may be kept no longer: then its first and last.
func ruleVersions(v models.Visit, steps []models.Step) []int {
	versions := []int{v.RuleVersion}
	for _, s := range steps {
		versions = append(versions, s.RuleVersion)
	}
	versions = append(versions, v.LastVersion)
	versions = slices.DeleteFunc(versions, func(n int) bool { return n == 0 })
	return slices.Compact(versions)
}

// flowJSONsOf are the versions of the Flow JSON in force when the customer began and when the response came.
func (a *Admin) flowJSONsOf(ctx context.Context, r models.Response, v models.Visit) ([]int, error) {
	var versions []int
	for _, at := range []models.Time{v.StartedAt, r.ReceivedAt} {
		if at.IsZero() || r.FlowID == 0 {
			continue
		}
		n, err := a.DB.FlowJSONAt(ctx, r.FlowID, at)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			versions = append(versions, n)
		}
	}
	return slices.Compact(versions), nil
}

// sentMoments are what is known of the message that a response answers; none when it is not known.
func (a *Admin) sentMoments(ctx context.Context, wamid string) ([]views.Moment, error) {
	m, err := a.DB.SentMessage(ctx, wamid)
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return views.SentMoments(m), err
}

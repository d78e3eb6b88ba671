package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// AskExport is the page where an export of the list's responses is put together.
func (a *Admin) AskExport(c echo.Context) error {
	list := c.QueryParams()
	if list.Has("list") { // from the boxes beside the rows
		var err error
		if list, err = url.ParseQuery(list.Get("list")); err != nil {
			return models.ErrNotFound
		}
	}
	f, err := a.responseFilter(c, list, a.zoneOf(c))
	if err != nil {
		return err
	}
	form := views.ExportForm{Scope: views.ScopeFiltered, IDs: idsIn(c.QueryParams()["ids"], models.MaxExportIDs), BOM: true, Every: string(models.SpanDay), Time: "06:00", Keep: "30"}
	if form.Plan = (models.ExportPlan{Format: models.CSV, Zone: a.zoneOf(c).String(), Labels: true, Titles: true}); len(form.IDs) > 0 {
		form.Scope = views.ScopeSelected
	}
	columns, err := a.tableColumns(c.Request().Context(), me(c).ID, f)
	if err != nil {
		return err
	}
	if _, _, hidden := shownColumns(columns); hidden > 0 {
		form.Some = true // as the person sees the list
		before, _ := views.FixedExportColumns()
		for _, o := range before {
			form.Plan.Columns = append(form.Plan.Columns, o.Value)
		}
		for _, col := range columns {
			if !col.hidden {
				form.Plan.Columns = append(form.Plan.Columns, views.ExportColumnName(col.Key))
			}
		}
	}
	return a.showExport(c, http.StatusOK, f, form, f.errs)
}

// showExport is that page with what was typed and what is wrong with it.
func (a *Admin) showExport(c echo.Context, status int, f found, form views.ExportForm, errs formErrors) (err error) {
	ctx := c.Request().Context()
	p := views.ExportPage{Page: a.page(c, "Export responses"), Query: f.query, Flow: f.flow.Name, Form: form, Errors: errs, Folder: a.ExportFolder}
	p.Section = views.SectionResponses
	columns, err := a.tableColumns(ctx, me(c).ID, f)
	if err != nil {
		return err
	}
	before, behind := views.FixedExportColumns()
	p.Columns = before
	for _, col := range columns {
		p.Columns = append(p.Columns, views.Option{Value: views.ExportColumnName(col.Key), Label: col.Label})
	}
	p.Columns = append(p.Columns, behind...)
	if p.All, err = a.DB.TallyExport(ctx, models.ResponseFilter{FlowID: f.flow.ID}); err != nil {
		return err
	}
	if p.Narrowed = f.query.Narrowed(); p.Narrowed {
		if p.Filtered, err = a.DB.TallyExport(ctx, f.filter); err != nil {
			return err
		}
	} else if p.Form.Scope == views.ScopeFiltered {
		p.Form.Scope = views.ScopeAll
	}
	if p.Can.Admin {
		hidden, err := a.DB.Sensitive(ctx, f.flow.ID)
		if err != nil {
			return err
		}
		p.Hides = !hidden.None()
		targets, err := a.DB.Targets(ctx)
		if err != nil {
			return err
		}
		for _, t := range targets {
			p.Targets = append(p.Targets, views.TargetOption(t))
		}
	}
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, views.AskExport(p))
}

// Export takes the page's form: it begins an export, makes a link or makes a schedule.
func (a *Admin) Export(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	list, err := url.ParseQuery(form.Get("list"))
	if err != nil {
		return models.ErrNotFound
	}
	f, err := a.responseFilter(c, list, a.zoneOf(c))
	if err != nil {
		return err
	}
	typed := readExport(form, f)
	errs := slices.Concat(f.errs, formErrorsOf(typed.Plan.Check()))
	if form.Get("hidden") == "1" {
		errs = append(errs, formErrorsOf(models.CheckReason(typed.Plan.Reveal))...)
	}
	if typed.Some && len(typed.Plan.Columns) == 0 {
		errs = append(errs, views.FieldError{ID: "columns", Message: "Choose at least one column, or all."})
	}
	if len(errs) > 0 {
		return a.showExport(c, http.StatusUnprocessableEntity, f, typed, errs)
	}
	switch {
	case form.Get("do") == "link":
		return a.addExportLink(c, f, typed)
	case form.Get("do") == "schedule" && me(c).Role.May(models.Admin):
		return a.addExportSchedule(c, f, typed)
	}
	return a.beginExport(c, f, typed)
}

// readExport reads the form.
func readExport(form url.Values, f found) views.ExportForm {
	typed := views.ExportForm{
		Scope: form.Get("scope"), IDs: idsIn(form["ids"], models.MaxExportIDs), Some: form.Get("columns") == "some", BOM: form.Get("bom") == "1",
		Name: form.Get(form.Get("do")), Span: form.Get("span"), Every: form.Get("every"), Weekday: form.Get("weekday"), Time: form.Get("time"), To: form.Get("to"), Keep: form.Get("keep"),
		Do: form.Get("do"),
		Plan: models.ExportPlan{
			Format: models.ExportFormat(form.Get("format")), Labels: form.Get("heads") == "labels", Titles: form.Get("values") == "titles", Split: form.Get("lists") == "split",
			Zone: strings.TrimSpace(form.Get("zone")), Delimiter: map[string]string{"semicolon": ";", "tab": "\t"}[form.Get("delimiter")],
		},
	}
	p := &typed.Plan
	p.NoBOM = !typed.BOM
	if typed.Reveal = form.Get("hidden") == "1"; typed.Reveal {
		p.Reveal = strings.TrimSpace(form.Get("reason"))
	}
	if typed.Some {
		p.Columns = form["column"]
	}
	switch typed.Scope {
	case views.ScopeSelected:
		p.IDs = typed.IDs
		p.Query = views.ResponseQuery{Flow: f.query.Flow, Tests: f.query.Tests}.Query()
	case views.ScopeFiltered:
		p.Query = f.query.Query()
	default:
		p.Query = views.ResponseQuery{Flow: f.query.Flow}.Query()
	}
	return typed
}

// beginExport keeps the plan and leads to its page, which fetches the file.
func (a *Admin) beginExport(c echo.Context, f found, typed views.ExportForm) error {
	ctx := c.Request().Context()
	if typed.Scope == views.ScopeSelected && len(typed.IDs) == 0 {
		return a.showExport(c, http.StatusUnprocessableEntity, f, typed, formErrors{{ID: "scope", Message: "Nothing is selected. Choose all or the filtered responses."}})
	}
	x, err := a.prepareExport(ctx, typed.Plan, me(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.showExport(c, http.StatusUnprocessableEntity, f, typed, errs)
	}
	if err != nil {
		return err
	}
	total, err := a.DB.TallyExport(ctx, x.filter)
	if err != nil {
		return err
	}
	e, err := a.DB.AddExport(ctx, models.Export{Plan: typed.Plan, File: x.fileName(a.Now()), Total: total}, session.By(c))
	if err != nil {
		return err
	}
	return leave(c, views.ExportURL(e.ID))
}

// prepared is an export that can begin.
type prepared struct {
	plan   models.ExportPlan
	filter models.ResponseFilter
	flow   models.Flow
	table  *views.ExportTable
	hidden map[int64]models.Sensitive
}

// prepareExport finds out what a plan means in the right of a person. Invalid: it means nothing any more.
func (a *Admin) prepareExport(ctx context.Context, plan models.ExportPlan, u models.User) (x prepared, err error) {
	list, err := url.ParseQuery(plan.Query)
	if err != nil {
		return x, &models.Invalid{Field: "scope", Message: "The filter cannot be read."}
	}
	f, err := a.filterFor(ctx, u, list, zone(u.Zone)) // its days are those of the list, whatever the zone of the file
	if err != nil {
		return x, err
	}
	if len(f.errs) > 0 {
		return x, &models.Invalid{Field: "scope", Message: f.errs[0].Message}
	}
	x = prepared{plan: plan, filter: f.filter, flow: f.flow}
	x.filter.Before, x.filter.After, x.filter.Sort, x.filter.IDs = 0, 0, models.Sort{}, plan.IDs
	if len(plan.IDs) > 0 {
		x.filter.Tests = true // whoever selects one means it
	}
	if plan.Reveal != "" && !u.Role.May(models.Admin) {
		return x, &models.Invalid{Field: "reveal", Message: "Only administrators export hidden answers."}
	}
	if x.hidden, err = a.DB.AllSensitive(ctx); err != nil {
		return x, err
	}
	keys, err := a.DB.AnswerKeys(ctx, f.flow.ID)
	if err != nil {
		return x, err
	}
	statuses, err := a.DB.TriageStatuses(ctx)
	if err != nil {
		return x, err
	}
	x.table = views.NewExportTable(views.TableOptions{
		Triage: true, Statuses: statusNames(statuses),
		Keys: views.AnswerColumns(f.reader.Keys(), keys), Names: plan.Columns, Labels: plan.Labels, Titles: plan.Titles, Split: plan.Split, Reader: f.reader,
		Readers: a.titleReaders(ctx, f),
	})
	x.filter.Notes = x.table.Notes()
	if n := len(x.table.Head()); n == 0 || plan.Format == models.XLSX && n > views.SheetColumns {
		return x, &models.Invalid{Field: "columns", Message: "None of these columns is there, or there are too many for a sheet. Choose others."}
	}
	return x, nil
}

// titleReaders reads titles of the flow of each response, where a filter asks for no flow.
func (a *Admin) titleReaders(ctx context.Context, f found) func(int64) (views.Answers, error) {
	if f.flow.ID != 0 {
		return nil
	}
	return func(flowID int64) (views.Answers, error) { return a.answersOf(ctx, flowID) }
}

// statusNames is what statuses are called, by key.
func statusNames(all []models.TriageStatus) map[string]string {
	names := make(map[string]string, len(all))
	for _, s := range all {
		names[s.Key] = s.Name
	}
	return names
}

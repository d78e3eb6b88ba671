package admin

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// A column is an answer in a person's table.
type column struct {
	views.AnswerColumn
	hidden bool
}

// tableColumns are the answers of a filter's flow as the person has put them: those that are new stand at the end.
func (a *Admin) tableColumns(ctx context.Context, userID int64, f found) ([]column, error) {
	if f.flow.ID == 0 {
		return nil, nil
	}
	all, err := a.columns(ctx, f.flow.ID, f.reader)
	if err != nil {
		return nil, err
	}
	all = append(views.FollowColumns(f.reader.Routes()), all...)
	kept, err := a.DB.TableColumns(ctx, userID, f.flow.ID)
	if err != nil {
		return nil, err
	}
	place := map[string]int{}
	for i, k := range kept {
		place[k.Key] = i + 1
	}
	columns := make([]column, len(all))
	for i, c := range all {
		columns[i] = column{AnswerColumn: c}
		if at := place[c.Key]; at > 0 {
			columns[i].hidden, columns[i].Width = kept[at-1].Hidden, kept[at-1].Width
		}
	}
	slices.SortStableFunc(columns, func(x, y column) int {
		return placeOr(place[x.Key], len(kept)) - placeOr(place[y.Key], len(kept))
	})
	return columns, nil
}

// placeOr is a place, or the one after the last.
func placeOr(place, last int) int {
	if place == 0 {
		return last + 1
	}
	return place
}

// columns are all answers of a flow, in the order of its Flow JSON; what only older versions have is marked.
func (a *Admin) columns(ctx context.Context, flowID int64, reader views.Answers) ([]views.AnswerColumn, error) {
	keys, err := a.DB.AnswerKeys(ctx, flowID)
	if err != nil {
		return nil, err
	}
	if len(keys) >= models.MaxAnswerKeys { // a response with thousands of keys must not push out what the flow asks
		keys = append(keys, reader.Keys()...)
	}
	known, err := a.namesOf(ctx, flowID)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(reader.Columns(keys), func(c views.AnswerColumn) bool { return views.FollowColumn(c.Key) })
	for i := range all {
		head, _, _ := strings.Cut(all[i].Key, ".")
		all[i].Removed = (known[all[i].Key] || known[head]) && !reader.Knows(all[i].Key)
	}
	return all, nil
}

// shownColumns are those that a table shows, how many more there are, and how many of all the person hid.
func shownColumns(all []column) (shown []views.AnswerColumn, more, hidden int) {
	if all != nil {
		shown = []views.AnswerColumn{}
	}
	for _, c := range all {
		switch {
		case c.hidden:
			hidden++
		case len(shown) < views.MaxAnswers:
			shown = append(shown, c.AnswerColumn)
		default:
			more++
		}
	}
	return shown, more, hidden
}

// answerColumns are those of answers.
func answerColumns(all []column) (columns []views.AnswerColumn) {
	for _, c := range all {
		if !views.FollowColumn(c.Key) {
			columns = append(columns, c.AnswerColumn)
		}
	}
	return columns[:min(len(columns), views.MaxAnswers)]
}

// Columns is where a person chooses the columns of a flow.
func (a *Admin) Columns(c echo.Context) error {
	f, page, err := a.columnsOf(c, c.QueryParams())
	if err != nil {
		return err
	}
	columns, err := a.tableColumns(c.Request().Context(), me(c).ID, f)
	if err != nil {
		return err
	}
	return a.showColumns(c, http.StatusOK, page, f, columns)
}

func (a *Admin) columnsOf(c echo.Context, list url.Values) (f found, page views.Page, err error) {
	page = a.page(c, "Columns")
	f, err = a.responseFilter(c, list, page.Zone)
	if err == nil && f.flow.ID == 0 {
		err = models.ErrNotFound
	}
	return f, page, err
}

func (a *Admin) showColumns(c echo.Context, status int, page views.Page, f found, columns []column, errs ...views.FieldError) error {
	p := views.ColumnsPage{Page: page, Query: f.query, Flow: f.flow.Name, Hidden: map[string]bool{}, Errors: errs}
	for _, col := range columns[:min(len(columns), views.MaxAnswers)] {
		if !f.reader.Names(col.Key) {
			continue
		}
		p.Columns = append(p.Columns, col.AnswerColumn)
		p.Hidden[col.Key] = col.hidden
	}
	return render(c, status, views.Columns(p))
}

// SaveColumns takes the form of Columns: it moves a column, or keeps them all.
func (a *Admin) SaveColumns(c echo.Context) error {
	ctx := c.Request().Context()
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	list, err := url.ParseQuery(form.Get("list"))
	if err != nil {
		return models.ErrNotFound
	}
	f, page, err := a.columnsOf(c, list)
	if err != nil {
		return err
	}
	all, err := a.tableColumns(ctx, me(c).ID, f)
	if err != nil {
		return err
	}
	columns, named := orderedBy(all, form)
	do, n, _ := strings.Cut(form.Get("do"), "-")
	i, _ := strconv.Atoi(n)
	switch {
	case do == "up" && i > 0 && i < len(columns):
		columns[i-1], columns[i] = columns[i], columns[i-1]
		return a.showColumns(c, http.StatusOK, page, f, columns)
	case do == "down" && i >= 0 && i < len(columns)-1:
		columns[i+1], columns[i] = columns[i], columns[i+1]
		return a.showColumns(c, http.StatusOK, page, f, columns)
	}
	var kept []models.TableColumn
	if do != "reset" {
		kept = keptColumns(columns[:named]) // those that the form did not show stay as the flow has them
	}
	err = a.DB.SetTableColumns(ctx, me(c).ID, f.flow.ID, kept)
	if errs := formErrorsOf(err); errs != nil {
		return a.showColumns(c, http.StatusUnprocessableEntity, page, f, columns, errs...)
	}
	if err != nil {
		return err
	}
	return leave(c, f.query.List())
}

// orderedBy puts columns as a form has them; those that it does not name stay behind. named is how many it names.
func orderedBy(all []column, form url.Values) (columns []column, named int) {
	rest := slices.Clone(all)
	for i := 0; form.Has(numbered("key", i)) && i < models.MaxAnswerKeys && len(columns) < models.MaxTableColumns; i++ {
		at := slices.IndexFunc(rest, func(c column) bool { return c.Key == form.Get(numbered("key", i)) })
		if at < 0 {
			continue
		}
		c := rest[at]
		c.hidden = form.Get(numbered("show", i)) == ""
		c.Width, _ = strconv.Atoi(form.Get(numbered("width", i)))
		columns, rest = append(columns, c), slices.Delete(rest, at, at+1)
	}
	return append(columns, rest...), len(columns)
}

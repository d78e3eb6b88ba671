package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
)

// rowsShown is how many rows of a list stand on one page.
const rowsShown = 50

// gridOf is one page of the rows that match a query.
func gridOf(l rules.List, query string, page int) views.ListGrid {
	query = strings.TrimSpace(query)
	g := views.ListGrid{Query: query, New: views.GridRow{Row: rules.Row{Enabled: true}}}
	var found []int
	for i, r := range l.Rows {
		if query == "" || rowHolds(r, strings.ToLower(query)) {
			found = append(found, i)
		}
	}
	g.Found = len(found)
	g.Pages = max(1, (len(found)+rowsShown-1)/rowsShown)
	g.Page = min(page, g.Pages)
	first := (g.Page - 1) * rowsShown
	for _, i := range found[first:min(first+rowsShown, len(found))] {
		g.Rows = append(g.Rows, views.GridRow{Was: l.Rows[i].ID, Place: i + 1, Position: strconv.Itoa(i + 1), Row: l.Rows[i]})
	}
	g.From, g.To = first+1, first+len(g.Rows)
	return g
}

func rowHolds(r rules.Row, lower string) bool {
	for _, text := range append([]string{r.ID, r.Title, r.Description}, r.Cells...) {
		if strings.Contains(strings.ToLower(text), lower) {
			return true
		}
	}
	return false
}

// SaveListRows takes one page of rows as they were typed over, the new one, and what the pressed button asks for: save,
// add, up.N, down.N, remove.N.
func (a *Admin) SaveListRows(c echo.Context) error {
	name := c.Param("name")
	v, err := c.FormParams()
	if err != nil {
		return err
	}
	base, err := a.DB.ListVersion(c.Request().Context(), name, seenVersion(c))
	if errors.Is(err, models.ErrNotFound) {
		return a.listTooOld(c)
	}
	if err != nil {
		return err
	}
	grid := readGrid(v, base.List)
	l, anchor := applyGrid(base.List, grid, v.Get("do"))
	if errs := gridErrors(l, grid); errs != nil {
		return a.showGrid(c, base, grid, errs)
	}
	err = a.saveList(c, l, models.ListEdited, movedWords(l, anchor, v.Get("do")), listPlace(name, v, l, anchor))
	if errs := formErrorsOf(err); errs != nil {
		return a.showGrid(c, base, grid, errs)
	}
	return err
}

// movedWords says where a row went, "" when no button moved one.
func movedWords(l rules.List, anchor, do string) string {
	i := slices.IndexFunc(l.Rows, func(r rules.Row) bool { return r.ID == anchor })
	if i < 0 || !strings.HasPrefix(do, "up.") && !strings.HasPrefix(do, "down.") {
		return ""
	}
	return "“" + l.Rows[i].Title + "” moved to position " + strconv.Itoa(i+1) + ". "
}

// listTooOld answers a form whose version is not kept any more: nothing can be said of what was changed in it.
func (a *Admin) listTooOld(c echo.Context) error {
	errs := formErrors{{Message: "The list was changed too often since this page was opened. Nothing was saved: make your changes again."}}
	return a.showList(c, http.StatusConflict, func(p *views.ListPage) { p.At, p.Errors = "rows", errs })
}

// listPlace is the page to see after a save: the same, at the row that was moved or added.
func listPlace(name string, v url.Values, l rules.List, anchor string) string {
	page, _ := strconv.Atoi(v.Get("page"))
	query := v.Get("q")
	if i := slices.IndexFunc(l.Rows, func(r rules.Row) bool { return r.ID == anchor }); i >= 0 && query == "" {
		page = i/rowsShown + 1
	}
	to := views.ListPageURL(name, query, page)
	switch {
	case v.Get("do") == "add":
		return to + "#new"
	case anchor != "":
		return to + "#" + views.ListRowAnchor(anchor)
	}
	return to + "#list-rows"
}

// showGrid shows the rows again as they were entered, with what is wrong with them.
func (a *Admin) showGrid(c echo.Context, base models.ListVersion, grid views.ListGrid, errs formErrors) error {
	return a.showList(c, http.StatusUnprocessableEntity, func(p *views.ListPage) {
		asSeen(p, base, grid.Query, grid.Page)
		p.At, p.Errors, p.Note = "rows", errs, c.FormValue("note")
		p.Grid.Rows, p.Grid.New = grid.Rows, grid.New
	})
}

// asSeen makes a page that of the version that a form was made from: what somebody else saved since must not look seen.
func asSeen(p *views.ListPage, base models.ListVersion, query string, page int) {
	p.List.List, p.List.Version, p.List.Size = base.List, base.Version, base.Size
	p.Grid, p.Columns = gridOf(base.List, query, page), columnInputs(base.Columns)
}

// gridErrors says what is wrong with the rows, at the cells.
func gridErrors(l rules.List, grid views.ListGrid) formErrors {
	var errs formErrors
	for _, f := range models.ListFaults(l) {
		column := f.Column
		if i := slices.IndexFunc(l.Columns, func(c rules.Column) bool { return c.Name == column }); i >= 0 {
			column = "c" + strconv.Itoa(i)
		}
		errs = append(errs, views.FieldError{ID: column + "-" + anchorIn(grid, l.Rows[f.Row]), Message: "Row " + strconv.Itoa(f.Row+1) + ": " + f.Message})
	}
	return errs
}

// anchorIn is the element of a row on the page that was posted; a row of another page has none there.
func anchorIn(grid views.ListGrid, row rules.Row) string {
	for _, r := range append(grid.Rows, grid.New) {
		if r.Row.ID == row.ID && r.Row.Title == row.Title {
			return r.Anchor()
		}
	}
	return views.ListRowAnchor(row.ID)
}

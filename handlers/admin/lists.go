package admin

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

const maxListCSV = 5 << 20

// Lists shows all lists.
func (a *Admin) Lists(c echo.Context) error { return a.showLists(c, http.StatusOK, "", nil) }

func (a *Admin) showLists(c echo.Context, status int, name string, errs formErrors) error {
	ctx := c.Request().Context()
	p := views.ListsPage{Page: a.page(c, "Lists"), Name: name, Errors: errs}
	var err error
	if p.Lists, err = a.DB.Lists(ctx); err != nil {
		return err
	}
	if p.Gone, err = a.DB.DeletedLists(ctx); err != nil {
		return err
	}
	return render(c, status, views.Lists(p))
}

// List shows one, as a table to edit.
func (a *Admin) List(c echo.Context) error { return a.showList(c, http.StatusOK, nil) }

// showList shows the list of the path; change, when it is not nil, puts what was entered and refused on the page.
func (a *Admin) showList(c echo.Context, status int, change func(*views.ListPage)) error {
	ctx := c.Request().Context()
	l, err := a.DB.List(ctx, c.Param("name"))
	if err != nil {
		return err
	}
	p := views.ListPage{Page: a.page(c, l.Name), List: l, Grid: gridOf(l.List, c.FormValue("q"), pageNumber(c)), Columns: columnInputs(l.Columns)}
	if p.Uses, err = a.listUses(ctx, l.Name); err != nil {
		return err
	}
	if change != nil {
		change(&p)
	}
	return render(c, status, views.List(p))
}

// pageNumber is which page of rows was asked for, from 1.
func pageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.FormValue("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// seenVersion is the version of the list that the form was made from.
func seenVersion(c echo.Context) int {
	n, err := strconv.Atoi(c.FormValue("version"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// ExportList gives a list as CSV, in the form that SaveList reads.
func (a *Admin) ExportList(c echo.Context) error {
	l, err := a.DB.List(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	return csvOf(c, l.List, l.Name)
}

func csvOf(c echo.Context, l rules.List, file string) error {
	var b bytes.Buffer
	if err := rules.WriteList(&b, l); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+file+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// DeleteList removes one.
func (a *Admin) DeleteList(c echo.Context) error {
	if err := a.DB.DeleteList(c.Request().Context(), c.Param("name"), session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "List deleted. Its versions are kept."); err != nil {
		return err
	}
	return redirect(c, views.ListsURL)
}

// RenameList gives one another name.
func (a *Admin) RenameList(c echo.Context) error {
	name, to := c.Param("name"), strings.TrimSpace(c.FormValue("name"))
	err := a.DB.RenameList(c.Request().Context(), name, to, seenVersion(c), session.By(c))
	errs := formErrorsOf(err)
	if errors.Is(err, models.ErrConflict) {
		errs = formErrors{{ID: "name", Message: "Somebody else changed the list meanwhile. Look at it, then rename it."}}
	}
	if errs != nil {
		return a.showList(c, http.StatusUnprocessableEntity, func(p *views.ListPage) { p.At, p.Errors, p.Renamed = "rename", errs, to })
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "List renamed."); err != nil {
		return err
	}
	return redirect(c, views.ListURL(to))
}

// saveList changes the list that the form was made from; said is what was done, before the version. When somebody was faster, both are kept and shown: 409.
func (a *Admin) saveList(c echo.Context, l rules.List, did models.ListAct, said, to string) error {
	ctx := c.Request().Context()
	version, err := a.DB.ChangeList(ctx, l, models.ListEdit{Seen: seenVersion(c), Did: did, Note: c.FormValue("note")}, session.By(c))
	if errors.Is(err, models.ErrConflict) {
		return a.keptAside(c, l.Name, version)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, said+"Saved as version "+strconv.Itoa(version)+". Customers get it within a second."); err != nil {
		return err
	}
	return redirect(c, to)
}

// keptAside answers a save that came too late: what differs between the list and what was to be saved.
func (a *Admin) keptAside(c echo.Context, name string, version int) error {
	ctx := c.Request().Context()
	mine, err := a.DB.ListVersion(ctx, name, version)
	if err != nil {
		return err
	}
	now, err := a.DB.List(ctx, name)
	if errors.Is(err, models.ErrNotFound) {
		return leave(c, views.ListVersionURL(name, version)) // it was deleted meanwhile
	}
	if err != nil {
		return err
	}
	if isHTMX(c) {
		return leave(c, views.CompareListURL(name, now.Version, version)+"&late=1")
	}
	p := views.ListComparePage{Page: a.page(c, "Not saved"), Name: name, Refused: true}
	p.Current, p.To = now.Version, mine
	p.From = models.ListVersion{List: now.List, Version: now.Version, Author: now.Author, At: now.UpdatedAt}
	p.Diff = rules.DiffList(now.List, mine.List)
	return render(c, http.StatusConflict, views.ListCompare(p))
}

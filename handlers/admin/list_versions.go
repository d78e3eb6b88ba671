package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// currentList is the version that rules read; 0 when the list was deleted.
func (a *Admin) currentList(c echo.Context) (int, error) {
	l, err := a.DB.List(c.Request().Context(), c.Param("name"))
	if errors.Is(err, models.ErrNotFound) {
		return 0, nil
	}
	return l.Version, err
}

// ListVersions shows the versions of a list, also of one that was deleted.
func (a *Admin) ListVersions(c echo.Context) error {
	p := views.ListVersionsPage{Page: a.page(c, "Versions of "+c.Param("name")), Name: c.Param("name")}
	var err error
	if p.Versions, err = a.DB.ListVersions(c.Request().Context(), p.Name); err != nil {
		return err
	}
	if len(p.Versions) == 0 {
		return models.ErrNotFound
	}
	if p.Current, err = a.currentList(c); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ListVersions(p))
}

// listVersion is the version that the path names.
func (a *Admin) listVersion(c echo.Context, number string) (models.ListVersion, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return models.ListVersion{}, models.ErrNotFound
	}
	return a.DB.ListVersion(c.Request().Context(), c.Param("name"), n)
}

// versionRows is how many rows of an earlier version stand on one page.
const versionRows = 500

// ListVersion shows one version.
func (a *Admin) ListVersion(c echo.Context) error {
	v, err := a.listVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	p := views.ListVersionPage{Page: a.page(c, "Version "+c.Param("version")+" of "+v.Name), Version: v}
	p.Pages = max(1, (len(v.Rows)+versionRows-1)/versionRows)
	p.Number = min(pageNumber(c), p.Pages)
	first := (p.Number - 1) * versionRows
	p.Rows = v.Rows[first:min(first+versionRows, len(v.Rows))]
	if p.Current, err = a.currentList(c); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.ListVersion(p))
}

// ExportListVersion gives one version as CSV.
func (a *Admin) ExportListVersion(c echo.Context) error {
	v, err := a.listVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	return csvOf(c, v.List, v.Name+"-"+strconv.Itoa(v.Version))
}

// CompareList shows what changed from one version to another.
func (a *Admin) CompareList(c echo.Context) error {
	p := views.ListComparePage{Page: a.page(c, "Compare "+c.Param("name")), Name: c.Param("name"), Refused: c.QueryParam("late") != ""}
	var err error
	if p.From, err = a.listVersion(c, c.QueryParam("from")); err != nil {
		return err
	}
	if p.To, err = a.listVersion(c, c.QueryParam("to")); err != nil {
		return err
	}
	if p.Current, err = a.currentList(c); err != nil {
		return err
	}
	p.Diff = rules.DiffList(p.From.List, p.To.List)
	return render(c, http.StatusOK, views.ListCompare(p))
}

// RestoreListVersion makes an earlier version the list again, as a new version.
func (a *Admin) RestoreListVersion(c echo.Context) error {
	v, err := a.listVersion(c, c.Param("version"))
	if err != nil {
		return err
	}
	made, err := a.DB.RestoreList(c.Request().Context(), v.Name, v.Version, seenVersion(c), session.By(c))
	if errors.Is(err, models.ErrConflict) {
		return a.keptAside(c, v.Name, made)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "Version "+strconv.Itoa(v.Version)+" is restored as version "+strconv.Itoa(made)+". Customers get it within a second."); err != nil {
		return err
	}
	return redirect(c, views.ListURL(v.Name))
}

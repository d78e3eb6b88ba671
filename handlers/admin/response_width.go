package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
)

// keptColumns are columns as they are kept.
func keptColumns(columns []column) []models.TableColumn {
	kept := make([]models.TableColumn, len(columns))
	for i, c := range columns {
		kept[i] = models.TableColumn{Key: c.Key, Hidden: c.hidden, Width: c.Width}
	}
	return kept
}

// SizeColumn keeps the width that somebody gave a column in the table itself; 0 is as it needs.
func (a *Admin) SizeColumn(c echo.Context) error {
	ctx := c.Request().Context()
	f, _, err := a.columnsOf(c, url.Values{"flow": {c.FormValue("flow")}})
	if err != nil {
		return err
	}
	columns, err := a.tableColumns(ctx, me(c).ID, f)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(columns, func(col column) bool { return col.Key == c.FormValue("key") })
	if i < 0 || i >= models.MaxTableColumns {
		return models.ErrNotFound
	}
	if columns[i].Width, err = strconv.Atoi(c.FormValue("width")); err != nil {
		columns[i].Width = -1
	}
	kept := keptColumns(columns[:min(len(columns), models.MaxTableColumns)])
	if err := a.DB.SetTableColumns(ctx, me(c).ID, f.flow.ID, kept); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

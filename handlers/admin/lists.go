package admin

import (
	"bytes"
	"context"
	"errors"
	"net/http"
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
	lists, err := a.DB.Lists(c.Request().Context())
	if err != nil {
		return err
	}
	return render(c, status, views.Lists(views.ListsPage{Page: a.page(c, "Lists"), Lists: lists, Name: name, Errors: errs}))
}

// List shows one.
func (a *Admin) List(c echo.Context) error {
	ctx := c.Request().Context()
	l, err := a.DB.List(ctx, c.Param("name"))
	if err != nil {
		return err
	}
	used, err := a.usersOfList(ctx, l.Name)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.List(views.ListPage{Page: a.page(c, l.Name), List: l, UsedBy: used}))
}

// usersOfList are the flows whose rules, draft or published, name the list.
func (a *Admin) usersOfList(ctx context.Context, name string) ([]models.Flow, error) {
	flows, err := a.DB.Flows(ctx)
	if err != nil {
		return nil, err
	}
	var used []models.Flow
	for _, f := range flows {
		for _, read := range []func(context.Context, int64) (models.RuleSet, error){a.DB.DraftRules, a.DB.PublishedRules} {
			set, err := read(ctx, f.ID)
			if errors.Is(err, models.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if bytes.Contains(set.Document, []byte("'"+name+"'")) {
				used = append(used, f)
				break
			}
		}
	}
	return used, nil
}

// SaveList makes or replaces a list by its CSV.
func (a *Admin) SaveList(c echo.Context) error {
	name := strings.TrimSpace(c.FormValue("name"))
	raw, err := uploaded(c, "file", "text", maxListCSV)
	if err == nil && len(raw) == 0 {
		err = &models.Invalid{Field: "file", Message: "Choose a CSV file, or paste its rows."}
	}
	var l rules.List
	if err == nil {
		l, err = rules.ReadList(name, bytes.NewReader(raw))
		if err != nil {
			err = &models.Invalid{Field: "file", Message: err.Error()}
		}
	}
	if err == nil {
		err = a.DB.SaveList(c.Request().Context(), l, session.By(c))
	}
	if errs := formErrorsOf(err); errs != nil {
		return a.showLists(c, http.StatusUnprocessableEntity, name, errs)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "List saved. Customers get it within a second."); err != nil {
		return err
	}
	return redirect(c, views.ListURL(name))
}

// ExportList gives a list as CSV, in the form that SaveList reads.
func (a *Admin) ExportList(c echo.Context) error {
	l, err := a.DB.List(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := rules.WriteList(&b, l.List); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+l.Name+`.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

// DeleteList removes one.
func (a *Admin) DeleteList(c echo.Context) error {
	if err := a.DB.DeleteList(c.Request().Context(), c.Param("name"), session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "List deleted."); err != nil {
		return err
	}
	return redirect(c, views.ListsURL)
}

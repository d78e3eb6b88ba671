package admin

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// SaveList makes a list of a CSV, or an empty one. One that is there already is not replaced before its changes were shown.
func (a *Admin) SaveList(c echo.Context) error {
	ctx := c.Request().Context()
	name := strings.TrimSpace(c.FormValue("name"))
	l, err := rules.List{Name: name}, error(nil)
	if c.FormValue("do") != "empty" {
		l, err = uploadedList(c, func(csv io.Reader) (rules.List, error) { return rules.ReadList(name, csv) })
	}
	var now models.ListRow
	if err == nil {
		now, err = a.DB.List(ctx, name)
		switch {
		case err == nil && c.FormValue("do") == "empty":
			err = &models.Invalid{Field: "name", Message: "There is a list of this name already."}
		case err == nil:
			return a.previewList(c, http.StatusOK, now, l, nil)
		case errors.Is(err, models.ErrNotFound):
			_, err = a.DB.ChangeList(ctx, l, models.ListEdit{Did: models.ListUploaded}, session.By(c))
		}
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

// uploadedList has the CSV of a form read; what is wrong with it is an Invalid.
func uploadedList(c echo.Context, read func(io.Reader) (rules.List, error)) (rules.List, error) {
	raw, err := uploaded(c, "file", "text", maxListCSV)
	if err != nil {
		return rules.List{}, err
	}
	if len(raw) == 0 {
		return rules.List{}, &models.Invalid{Field: "file", Message: "Choose a CSV file, or paste its rows."}
	}
	l, err := read(bytes.NewReader(raw))
	if err != nil {
		return l, &models.Invalid{Field: "file", Message: err.Error()}
	}
	return l, nil
}

// PreviewList shows what a CSV would change, before it replaces the rows or is put into them.
func (a *Admin) PreviewList(c echo.Context) error {
	now, err := a.DB.List(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	l, err := uploadedList(c, func(csv io.Reader) (rules.List, error) {
		if c.FormValue("mode") == "merge" {
			return rules.MergeCSV(now.List, csv)
		}
		return rules.ReadList(now.Name, csv)
	})
	if err == nil {
		if faults := models.CheckList(l); faults != nil {
			err = &models.Invalid{Field: "file", Message: faults.Error()}
		}
	}
	if errs := formErrorsOf(err); errs != nil {
		return a.showList(c, http.StatusUnprocessableEntity, func(p *views.ListPage) { p.At, p.Errors = "upload", errs })
	}
	if err != nil {
		return err
	}
	return a.previewList(c, http.StatusOK, now, l, nil)
}

func (a *Admin) previewList(c echo.Context, status int, now models.ListRow, l rules.List, errs formErrors) error {
	var b bytes.Buffer
	if err := rules.WriteList(&b, l); err != nil {
		return err
	}
	p := views.ListPreviewPage{
		Page: a.page(c, "What the upload changes"), Name: now.Name, Seen: now.Version, Diff: rules.DiffList(now.List, l),
		Size: len(l.Rows), Carried: carry(b.Bytes()), Errors: errs, Note: c.FormValue("note"),
	}
	var err error
	if p.Uses, err = a.listUses(c.Request().Context(), now.Name); err != nil {
		return err
	}
	if p.Missing, err = a.missingColumns(c, l); err != nil {
		return err
	}
	return render(c, status, views.ListPreview(p))
}

// ReplaceList saves what PreviewList showed.
func (a *Admin) ReplaceList(c echo.Context) error {
	name := c.Param("name")
	raw, err := carried(c.FormValue("carried"), maxCarriedList)
	if err != nil {
		return err
	}
	l, err := rules.ReadList(name, bytes.NewReader(raw))
	if err != nil {
		return &models.Invalid{Field: "file", Message: err.Error()}
	}
	err = a.saveList(c, l, models.ListUploaded, "", views.ListURL(name))
	if errs := formErrorsOf(err); errs != nil {
		now, err := a.DB.List(c.Request().Context(), name)
		if err != nil {
			return err
		}
		return a.previewList(c, http.StatusUnprocessableEntity, now, l, errs)
	}
	return err
}

// maxCarriedList is how large a list may be as the CSV that we write: an upload with guards, and rows that it was put into.
const maxCarriedList = 3 * maxListCSV

package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// SensitiveAnswers is where the answers of a flow are marked that are hidden until somebody reveals them.
func (a *Admin) SensitiveAnswers(c echo.Context) error {
	f, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	return a.showSensitive(c, http.StatusOK, f, nil)
}

func (a *Admin) showSensitive(c echo.Context, status int, f models.Flow, errs formErrors) (err error) {
	ctx := c.Request().Context()
	p := views.SensitivePage{Page: a.page(c, "Sensitive answers of "+f.Name), Flow: f, Errors: errs}
	fields, err := a.DB.SensitiveFields(ctx, f.ID)
	if err != nil {
		return err
	}
	if p.Working, err = a.DB.MakesSearchAnew(ctx, f.ID); err != nil {
		return err
	}
	columns, err := a.allColumns(ctx, f.ID, fields)
	if err != nil {
		return err
	}
	p.More = max(0, len(columns)-views.MaxSensitive)
	for i, col := range columns {
		at := slices.IndexFunc(fields, func(s models.SensitiveField) bool { return s.Key == col.Key })
		row := views.SensitiveRow{AnswerColumn: col, SensitiveField: models.SensitiveField{Key: col.Key}}
		if at >= 0 {
			row.SensitiveField = fields[at]
		}
		if i < views.MaxSensitive || row.Marked {
			p.Rows = append(p.Rows, row)
		}
	}
	return render(c, status, views.Sensitive(p))
}

// allColumns are the answers that a flow's responses have, those that its Flow JSON can give, and those of which somebody said
// that they are sensitive.
func (a *Admin) allColumns(ctx context.Context, flowID int64, fields []models.SensitiveField) ([]views.AnswerColumn, error) {
	reader, err := a.answersOf(ctx, flowID)
	if err != nil {
		return nil, err
	}
	keys, err := a.DB.AnswerKeys(ctx, flowID)
	if err != nil {
		return nil, err
	}
	known, err := a.namesOf(ctx, flowID)
	if err != nil {
		return nil, err
	}
	keys = append(keys, reader.Keys()...)
	for _, f := range fields {
		if f.Marked || f.Follows {
			keys = append(keys, f.Key)
		}
	}
	slices.Sort(keys)
	all := reader.Columns(slices.Compact(keys))
	for i := range all {
		head, _, _ := strings.Cut(all[i].Key, ".")
		all[i].Removed = (known[all[i].Key] || known[head]) && !reader.Knows(all[i].Key)
	}
	return all, nil
}

// MarkSensitive takes the form: what it showed and is ticked is marked, what is not ticked is not.
func (a *Admin) MarkSensitive(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	marks := map[string]bool{}
	for _, key := range form["field"] {
		marks[key] = slices.Contains(form["marked"], key)
	}
	if key := strings.TrimSpace(form.Get("other")); key != "" {
		marks[key] = true
	}
	err = a.DB.SetSensitive(ctx, f.ID, marks, session.By(c))
	return a.settled(c, err, func(c echo.Context, status int, errs formErrors) error { return a.showSensitive(c, status, f, errs) },
		"Saved. What is marked is hidden from now on.", views.SensitiveURL(f.Slug))
}

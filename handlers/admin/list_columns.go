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

// columnInputs are the columns as they are edited, with a line for a new one.
func columnInputs(columns []rules.Column) []views.ColumnInput {
	inputs := make([]views.ColumnInput, 0, len(columns)+1)
	for _, c := range columns {
		inputs = append(inputs, views.ColumnInput{Was: c.Name, Name: c.Name, Type: c.Type})
	}
	return append(inputs, views.ColumnInput{Type: "text"})
}

const mostColumns = 100 // that a form may hold; a list takes fewer

func readColumns(v url.Values) []views.ColumnInput {
	var inputs []views.ColumnInput
	for i := 0; i < mostColumns && v.Has(numbered("was", i)); i++ {
		get := func(name string) string { return strings.TrimSpace(v.Get(numbered(name, i))) }
		inputs = append(inputs, views.ColumnInput{Was: get("was"), Name: get("name"), Type: get("type"), Remove: get("remove") != ""})
	}
	return inputs
}

// SaveListColumns adds, renames, retypes and removes columns. When rules look up one that would be gone it asks first.
func (a *Admin) SaveListColumns(c echo.Context) error {
	v, err := c.FormParams()
	if err != nil {
		return err
	}
	base, err := a.DB.ListVersion(c.Request().Context(), c.Param("name"), seenVersion(c))
	if errors.Is(err, models.ErrNotFound) {
		return a.listTooOld(c)
	}
	if err != nil {
		return err
	}
	inputs := readColumns(v)
	refused := func(errs formErrors, ticked bool) error {
		return a.showList(c, http.StatusUnprocessableEntity, func(p *views.ListPage) {
			asSeen(p, base, "", 1)
			p.At, p.Errors, p.Columns, p.Ticked = "columns", errs, inputs, ticked
		})
	}
	l := recolumned(base.List, inputs)
	if v.Get("sure") == "" {
		missing, err := a.missingColumns(c, l)
		if err != nil {
			return err
		}
		if errs := columnWarnings(missing, inputs); errs != nil {
			return refused(errs, true)
		}
	}
	err = a.saveList(c, l, models.ListEdited, "", views.ListURL(l.Name)+"#list-columns")
	if errs := formErrorsOf(err); errs != nil {
		for i := range errs {
			errs[i].ID = columnAt(inputs, errs[i].Message)
		}
		return refused(errs, false)
	}
	return err
}

// columnAt is the input that a message about columns or cells names; the first when it names none.
func columnAt(inputs []views.ColumnInput, message string) string {
	for i, in := range inputs {
		if in.Name != "" && slices.Contains(strings.FieldsFunc(message, func(r rune) bool { return strings.ContainsRune(` "“”.,`, r) }), in.Name) {
			return "column-" + strconv.Itoa(i)
		}
	}
	return "column-0"
}

// recolumned is a list with other columns; the cells of a column that is renamed go along.
func recolumned(base rules.List, inputs []views.ColumnInput) rules.List {
	l := rules.List{Name: base.Name}
	var from []int // the column that each new one was; -1 for one that is new
	for _, in := range inputs {
		if in.Remove || in.Was == "" && in.Name == "" {
			continue
		}
		l.Columns = append(l.Columns, rules.Column{Name: in.Name, Type: in.Type})
		from = append(from, slices.IndexFunc(base.Columns, func(c rules.Column) bool { return in.Was != "" && c.Name == in.Was }))
	}
	for _, r := range base.Rows {
		cells := make([]string, len(from))
		for i, j := range from {
			if j >= 0 {
				cells[i] = r.Cell(j)
			}
		}
		r.Cells = cells
		l.Rows = append(l.Rows, r)
	}
	return l
}

// missingColumns are the rules that look up columns which the list would not have.
func (a *Admin) missingColumns(c echo.Context, l rules.List) ([]views.RuleUse, error) {
	uses, err := a.listUses(c.Request().Context(), l.Name)
	if err != nil {
		return nil, err
	}
	var missing []views.RuleUse
	for _, u := range uses {
		u.Columns = slices.DeleteFunc(slices.Clone(u.Columns), func(name string) bool {
			return slices.Contains([]string{"id", "title", "description"}, name) || slices.ContainsFunc(l.Columns, func(c rules.Column) bool { return c.Name == name })
		})
		if len(u.Columns) > 0 {
			missing = append(missing, u)
		}
	}
	return missing, nil
}

// columnWarnings say at each column that would be gone which rules look it up.
func columnWarnings(missing []views.RuleUse, inputs []views.ColumnInput) formErrors {
	var errs formErrors
	for i, in := range inputs {
		var users []string
		for _, u := range missing {
			if in.Was != "" && slices.Contains(u.Columns, in.Was) {
				users = append(users, u.Flow.Name+", "+u.PlaceName+", "+u.Rule)
			}
		}
		if len(users) > 0 {
			errs = append(errs, views.FieldError{ID: "column-" + strconv.Itoa(i), Message: "Rules look up " + in.Was + ": " + strings.Join(users, "; ") + "."})
		}
	}
	return errs
}

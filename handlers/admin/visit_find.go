package admin

import (
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// FindVisits leads to the visits of a flow token or a phone number, which never stand in a URL (design/decisions.md 9):
// to the one visit, or to the list of several.
func (a *Admin) FindVisits(c echo.Context) error {
	ctx := c.Request().Context()
	what := strings.TrimSpace(c.FormValue("what"))
	q := views.VisitQuery{}
	if slug := c.FormValue("flow"); slug != "" {
		f, err := a.DB.Flow(ctx, slug)
		if err != nil {
			return err
		}
		q.Flow = f.Slug
	}
	visits, err := a.DB.VisitsByToken(ctx, what)
	if err != nil {
		return err
	}
	switch {
	case len(visits) == 1:
		return redirect(c, views.VisitURL(visits[0].ID))
	case len(visits) > 1:
		q = views.VisitQuery{}
		for _, v := range visits {
			q.IDs = append(q.IDs, v.ID)
		}
		return redirect(c, q.List())
	}
	if q.Contacts, err = a.contactsOf(c, what); err != nil {
		return err
	}
	if len(q.Contacts) > 0 {
		return redirect(c, q.List())
	}
	if err := a.Sessions.Flash(c, string(views.Failed), "No visit has this token, and no contact this number."); err != nil {
		return err
	}
	return redirect(c, q.List())
}

// contactsOf finds the contacts of what may be a phone number.
func (a *Admin) contactsOf(c echo.Context, what string) ([]int64, error) {
	if digitsIn(what) < fewestDigits || strings.Trim(what, "+0123456789 -.()/") != "" {
		return nil, nil
	}
	ids, err := a.DB.ContactsByPhone(c.Request().Context(), what)
	return ids[:min(len(ids), maxContacts)], err
}

// maxContacts bounds the contacts in an address.
const maxContacts = 10

// pathVisit is the visit of the path.
func (a *Admin) pathVisit(c echo.Context) (models.Visit, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return models.Visit{}, err
	}
	return a.DB.Visit(c.Request().Context(), id)
}

package admin

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
)

// FindContact leads to the responses of whoever has a phone number or a name, neither of which ever stands in an address.
func (a *Admin) FindContact(c echo.Context) error {
	ctx := c.Request().Context()
	list, err := url.ParseQuery(c.FormValue("list"))
	if err != nil {
		return models.ErrNotFound
	}
	f, err := a.responseFilter(c, list, a.zoneOf(c))
	if err != nil {
		return err
	}
	what, said := strings.TrimSpace(c.FormValue("what")), ""
	var ids []int64
	if me(c).Role.May(models.Support) {
		if ids, err = a.contactsOf(c, what); err != nil {
			return err
		}
	}
	if len(ids) == 0 && what != "" && digitsIn(what) < fewestDigits {
		if ids, err = a.DB.ContactsByName(ctx, what, maxContacts+1); err != nil && formErrorsOf(err) == nil {
			return err
		}
	}
	switch {
	case len(ids) == 0:
		said = "No contact with responses has this name or number."
	case len(ids) > maxContacts:
		said = "More than 10 contacts have that name. Enter more of it, or search the list."
	default:
		f.query.Contacts = ids
	}
	if said != "" {
		if err := a.Sessions.Flash(c, string(views.Failed), said); err != nil {
			return err
		}
	}
	return redirect(c, f.query.List())
}

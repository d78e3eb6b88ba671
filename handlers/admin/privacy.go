package admin

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// receiptsShown is how many receipts the page lists.
const receiptsShown = 100

// Privacy is where a person is erased.
func (a *Admin) Privacy(c echo.Context) error { return a.showPrivacy(c, http.StatusOK, nil) }

func (a *Admin) showPrivacy(c echo.Context, status int, errs formErrors) error {
	all, err := a.DB.Erasures(c.Request().Context(), receiptsShown)
	if err != nil {
		return err
	}
	p := views.PrivacyPage{Page: a.page(c, "Erase a person"), Erasures: all, Errors: errs}
	if len(errs) > 0 {
		p.Number = c.FormValue("number")
	}
	p.Path = views.PrivacyURL
	return render(c, status, views.Privacy(p))
}

// personSaid is whom a form is about: a contact by its id, else whoever goes by a number.
func (a *Admin) personSaid(c echo.Context) (p models.Person, contact int64, err error) {
	ctx := c.Request().Context()
	if text := c.FormValue("contact"); text != "" {
		if contact, err = strconv.ParseInt(text, 10, 64); err != nil {
			return p, 0, models.ErrNotFound
		}
		p, err = a.DB.PersonByContact(ctx, contact)
		return p, contact, err
	}
	p, err = a.DB.PersonByNumber(ctx, strings.TrimSpace(c.FormValue("number")))
	return p, 0, err
}

// FindPerson shows what there is of a person. It changes nothing, and is a form so that no number stands in an address.
func (a *Admin) FindPerson(c echo.Context) error { return a.askErase(c, http.StatusOK, nil) }

func (a *Admin) askErase(c echo.Context, status int, wrong formErrors) error {
	ctx := c.Request().Context()
	who, contact, err := a.personSaid(c)
	if errs := formErrorsOf(err); errs != nil {
		return a.showPrivacy(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	contacts, err := a.DB.Contacts(ctx, who.Contacts)
	if err != nil {
		return err
	}
	p := views.EraseAskPage{Page: a.page(c, "Erase a person"), Contact: contact, Number: strings.TrimSpace(c.FormValue("number")), Errors: wrong}
	p.Path, p.Who = views.PrivacyURL, views.WhoSaid(contacts, p.Number)
	if p.Counts, err = a.DB.CountPerson(ctx, who); err != nil {
		return err
	}
	names, err := a.ExportFiles()
	if err != nil {
		return err
	}
	if p.Files, err = a.DB.PersonFiles(ctx, who, names); err != nil {
		return err
	}
	p.Clean = len(wrong) == 0 || c.FormValue("files") == "1"
	return render(c, status, views.EraseAsk(p))
}

// ErasePerson begins to erase one.
func (a *Admin) ErasePerson(c echo.Context) error {
	if c.FormValue("sure") != "1" {
		return a.askErase(c, http.StatusUnprocessableEntity, formErrors{{ID: "sure", Message: "Confirm that this person is to be erased."}})
	}
	who, _, err := a.personSaid(c)
	if errs := formErrorsOf(err); errs != nil {
		return a.showPrivacy(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	who.KeepFiles = c.FormValue("files") != "1"
	id, err := a.DB.Erase(c.Request().Context(), who, session.By(c))
	if err != nil {
		return err
	}
	return redirect(c, views.ErasureURL(id))
}

// Erasure is one receipt.
func (a *Admin) Erasure(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	e, err := a.DB.Erasure(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Erasure(views.ErasurePage{Page: a.page(c, "Receipt"), Erasure: e}))
}

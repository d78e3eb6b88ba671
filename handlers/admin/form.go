package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// A formErrors is what is wrong with a form: empty when nothing is.
type formErrors []views.FieldError

// formErrorsOf takes what may be shown out of an error: nil for a fault, which the caller returns.
func formErrorsOf(err error) formErrors {
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return formErrors{{ID: bad.Field, Message: bad.Message}}
	}
	return nil
}

// pathID reads a number from the path; anything else is a page that does not exist.
func pathID(c echo.Context, name string) (int64, error) {
	id, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, models.ErrNotFound
	}
	return id, nil
}

// done tells the person on the next page that something worked, in one sentence.
func (a *Admin) done(c echo.Context, text string) error {
	return a.Sessions.Flash(c, string(views.Done), text)
}

// me is who is signed in; every route of the desk has somebody.
func me(c echo.Context) models.User {
	u, _ := session.From(c)
	return u
}

// settled answers a form: the page again with what is wrong with it, or the page to see next, saying what was done.
func (a *Admin) settled(c echo.Context, err error, again func(echo.Context, int, formErrors) error, said, to string) error {
	if errs := formErrorsOf(err); errs != nil {
		return again(c, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	return redirect(c, to)
}

package admin

import (
	"errors"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// responseOf is the one of the path.
func (a *Admin) responseOf(c echo.Context) (models.Response, error) {
	id, err := pathID(c, "id")
	if err != nil {
		return models.Response{}, err
	}
	return a.DB.Response(c.Request().Context(), id)
}

// DismissResponse settles a response that has no place here.
func (a *Admin) DismissResponse(c echo.Context) error {
	r, err := a.responseOf(c)
	if err != nil {
		return err
	}
	err = a.DB.DismissResponse(c.Request().Context(), r.ID, c.FormValue("reason"), session.By(c))
	return a.dismissed(c, err, "The response is dismissed. It is kept, and no longer in the tray.", views.ResponseURL(r.ID))
}

// RestoreResponse brings a dismissed one back to the tray.
func (a *Admin) RestoreResponse(c echo.Context) error {
	r, err := a.responseOf(c)
	if err != nil {
		return err
	}
	err = a.DB.RestoreResponse(c.Request().Context(), r.ID, session.By(c))
	return a.dismissed(c, err, "The response is back in the tray.", views.ResponseURL(r.ID))
}

// DismissDelivery settles a body that nobody can read.
func (a *Admin) DismissDelivery(c echo.Context) error {
	d, err := a.delivery(c)
	if err != nil {
		return err
	}
	err = a.DB.DismissDelivery(c.Request().Context(), d.ID, c.FormValue("reason"), session.By(c))
	return a.dismissed(c, err, "The body is dismissed. It is kept, and no longer in the tray.", views.DeliveryURL(d.ID))
}

// dismissed answers with the page of the thing, or with that of the tab of the tray where it was, and says what was done or
// what is wrong.
func (a *Admin) dismissed(c echo.Context, err error, said, to string) error {
	kind, text := views.Done, said
	if errs := formErrorsOf(err); errs != nil {
		kind, text = views.Failed, errs[0].Message
	} else if errors.Is(err, models.ErrConflict) {
		kind, text = views.Note, "It needs nobody any more: somebody else was quicker."
	} else if err != nil {
		return err
	}
	if err := a.Sessions.Flash(c, string(kind), text); err != nil {
		return err
	}
	if tab := views.TrayTab(c.FormValue("back")); tab.Known() {
		to = views.TrayURL(tab, 0)
	}
	return redirect(c, to)
}

// dismissal is nil when there is none.
func dismissal(d models.Dismissal, err error) (*models.Dismissal, error) {
	if errors.Is(err, models.ErrNotFound) {
		return nil, nil
	}
	return &d, err
}

package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// RevealResponse shows a response once with its hidden answers, to whoever says why: that is recorded first. The next look at
// it hides them again.
func (a *Admin) RevealResponse(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := a.responsePage(c, false)
	if err != nil {
		return err
	}
	if err := a.besideResponse(c, &p); err != nil {
		return err
	}
	p.Path = p.Query.Response(p.Response.ID)
	if !p.Hides {
		return redirect(c, p.Path)
	}
	r := models.Reveal{ResponseID: p.Response.ID, Reason: c.FormValue("reason"), Keys: p.HiddenKeys}
	_, err = a.DB.AddReveal(ctx, r, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		p.Reveal = views.RevealForm{Reason: r.Reason, Error: errs[0].Message}
		return a.showRevealed(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	p.Revealed, p.Reveal.Reason, p.Answers = true, r.Reason, nil
	if err := a.readResponse(ctx, &p); err != nil {
		return err
	}
	if p.Reveals, err = a.DB.ResponseReveals(ctx, p.Response.ID); err != nil {
		return err
	}
	return a.showRevealed(c, http.StatusOK, p)
}

func (a *Admin) showRevealed(c echo.Context, status int, p views.ResponsePage) error {
	if isHTMX(c) && c.Request().Header.Get("HX-Target") == "panel" {
		return render(c, status, views.ResponsePanel(p))
	}
	return render(c, status, views.Response(p))
}

// RevealVisit is RevealResponse of what was entered and sent in a visit.
func (a *Admin) RevealVisit(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := a.visitPage(c)
	if err == nil {
		err = a.visitSteps(ctx, &p)
	}
	if err != nil {
		return err
	}
	p.Page.Path = p.Query.Visit(p.Visit.ID)
	if !p.Hides {
		return redirect(c, p.Page.Path)
	}
	r := models.Reveal{VisitID: p.Visit.ID, Reason: c.FormValue("reason")}
	_, err = a.DB.AddReveal(ctx, r, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		p.Reveal = views.RevealForm{Reason: r.Reason, Error: errs[0].Message}
		return render(c, http.StatusUnprocessableEntity, views.Visit(p))
	}
	if err != nil {
		return err
	}
	p.Revealed, p.Reveal.Reason = true, r.Reason
	if err := a.visitSteps(ctx, &p); err != nil {
		return err
	}
	if p.Reveals, err = a.DB.VisitReveals(ctx, p.Visit.ID); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Visit(p))
}

// RevealDelivery is RevealResponse of a body, to be seen or downloaded.
func (a *Admin) RevealDelivery(c echo.Context) error {
	ctx := c.Request().Context()
	d, err := a.delivery(c)
	if err != nil {
		return err
	}
	p, err := a.deliveryPage(c, d)
	if err != nil {
		return err
	}
	p.Path = views.DeliveryURL(d.ID)
	if !p.Hides {
		return redirect(c, p.Path)
	}
	r := models.Reveal{DeliveryID: d.ID, Reason: c.FormValue("reason"), Keys: p.HiddenKeys}
	_, err = a.DB.AddReveal(ctx, r, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		p.Reveal = views.RevealForm{Reason: r.Reason, Error: errs[0].Message}
		return render(c, http.StatusUnprocessableEntity, views.Delivery(p))
	}
	if err != nil {
		return err
	}
	if c.FormValue("do") == "download" {
		return a.sendBody(c, d)
	}
	if p.Reveals, err = a.DB.DeliveryReveals(ctx, d.ID); err != nil {
		return err
	}
	p.Revealed, p.Payload = true, views.Payload(d.Body, false)
	return render(c, http.StatusOK, views.Delivery(p))
}

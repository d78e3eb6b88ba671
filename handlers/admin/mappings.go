package admin

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// Mappings lists them with the form of a new one.
func (a *Admin) Mappings(c echo.Context) error {
	return a.showMappings(c, http.StatusOK, views.MappingsPage{Kind: string(models.LikeToken)})
}

func (a *Admin) showMappings(c echo.Context, status int, p views.MappingsPage) (err error) {
	ctx := c.Request().Context()
	p.Page = a.page(c, "Mappings")
	p.Section = views.SectionResponses
	if p.Rows, err = a.DB.Mappings(ctx); err != nil {
		return err
	}
	if p.Flows, err = a.flowOptions(ctx); err != nil {
		return err
	}
	return render(c, status, views.Mappings(p))
}

// mappingFrom reads the form of a new mapping.
func (a *Admin) mappingFrom(c echo.Context) (p views.MappingsPage, l models.Like, f models.Flow, err error) {
	p = views.MappingsPage{Kind: word(c, "kind"), Value: c.FormValue("value"), Flow: word(c, "flow")}
	l, err = models.CheckMapping(models.Like{Kind: models.LikeKind(p.Kind), Value: p.Value})
	if p.Errors = formErrorsOf(err); p.Errors == nil && err != nil {
		return p, l, f, err
	}
	if l.Kind == models.LikeContact { // a customer is chosen on the page of a response, where nobody types a number
		p.Errors = append(p.Errors, views.FieldError{ID: "kind", Message: "Choose what the mapping goes by."})
	}
	f, err = a.DB.Flow(c.Request().Context(), p.Flow)
	if errors.Is(err, models.ErrNotFound) {
		p.Errors, err = append(p.Errors, views.FieldError{ID: "flow", Message: "Choose a flow."}), nil
	}
	return p, l, f, err
}

// CheckMapping counts what a new mapping would match, before it is saved.
func (a *Admin) CheckMapping(c echo.Context) error {
	p, l, f, err := a.mappingFrom(c)
	if err != nil {
		return err
	}
	if len(p.Errors) > 0 {
		return a.showMappings(c, http.StatusUnprocessableEntity, p)
	}
	counts, err := a.DB.CountLike(c.Request().Context(), l)
	if err != nil {
		return err
	}
	p.Asked = &views.LikeView{Like: l, Count: counts[0]}
	p.Value, p.FlowName = l.Value, f.Name
	return a.showMappings(c, http.StatusOK, p)
}

// AddMapping saves one; what is unmatched finds it.
func (a *Admin) AddMapping(c echo.Context) error {
	ctx := c.Request().Context()
	p, l, f, err := a.mappingFrom(c)
	if err != nil {
		return err
	}
	if len(p.Errors) == 0 {
		_, err = a.DB.AddMapping(ctx, l, f.ID, session.By(c))
		p.Errors = formErrorsOf(err)
	}
	if len(p.Errors) > 0 {
		return a.showMappings(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	a.CatchUp(ctx)
	if err := a.done(c, "The mapping is saved. Unmatched responses that fit it move to "+f.Name+"."); err != nil {
		return err
	}
	return redirect(c, views.MappingsURL)
}

// RemoveMapping ends one. What it found stays where it is.
func (a *Admin) RemoveMapping(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := a.DB.Mapping(c.Request().Context(), id); err != nil {
		return err
	}
	if err := a.DB.RemoveMapping(c.Request().Context(), id, session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "The mapping is removed. What it matched stays where it is."); err != nil {
		return err
	}
	return redirect(c, views.MappingsURL)
}

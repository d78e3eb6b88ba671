package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/views"
	"switchyard/web/session"
)

// countingViews is how long the saved views of a sidebar are counted; those that are left have no number.
const countingViews = time.Second

// navViews are the views in the sidebar: those that everybody has, and the saved ones. A page is worth showing without them.
func (a *Admin) navViews(ctx context.Context, u models.User, current string) (all []views.NavView) {
	for _, v := range standingViews(u.Role.May(models.Support)) {
		v.Current = v.Query == current
		all = append(all, v)
	}
	kept, err := a.keptViews(ctx, u)
	if err != nil {
		return all
	}
	for _, v := range kept {
		all = append(all, views.NavView{ResponseView: v, Current: current != "" && v.Query == current})
	}
	return all
}

// keptViews are the saved views of a person and those that others share. Who may see no number does not see what others search
// for, and no filter that they could not make themselves.
func (a *Admin) keptViews(ctx context.Context, u models.User) ([]models.ResponseView, error) {
	all, err := a.DB.ResponseViews(ctx, u.ID)
	if err != nil || u.Role.May(models.Support) {
		return all, err
	}
	return slices.DeleteFunc(all, func(v models.ResponseView) bool {
		list, err := url.ParseQuery(v.Query)
		switch {
		case v.UserID == u.ID:
			return false
		case err != nil, list.Get("q") != "", views.MaskNumbers(v.Name) != v.Name:
			return true
		case list.Get("w") == "" && list.Get("sort") == "":
			return false
		}
		f, err := a.filterFor(ctx, u, list, time.UTC)
		return err != nil || len(f.errs) > 0
	}), nil
}

// CountViews is the part of the sidebar with the saved views and how many responses each has.
func (a *Admin) CountViews(c echo.Context) error {
	ctx := c.Request().Context()
	all := a.navViews(ctx, me(c), c.Request().URL.RawQuery)
	end, zone := time.Now().Add(countingViews), a.zoneOf(c)
	for i := range all {
		if time.Now().After(end) {
			break
		}
		list, err := url.ParseQuery(all[i].Query)
		if err != nil {
			continue
		}
		f, err := a.responseFilter(c, list, zone)
		if err != nil {
			return err
		}
		if len(f.errs) > 0 {
			continue // its flow is gone, or the role may not ask so
		}
		tally, err := a.DB.TallyResponses(ctx, f.filter)
		if err != nil {
			return err
		}
		all[i].Count = views.ViewCount(tally)
	}
	return render(c, http.StatusOK, views.NavViews(all, true, ""))
}

// Views lists the saved views.
func (a *Admin) Views(c echo.Context) error {
	return a.showViews(c, http.StatusOK, models.ResponseView{}, nil)
}

// showViews shows them; typed is the one whose form was refused.
func (a *Admin) showViews(c echo.Context, status int, typed models.ResponseView, errs formErrors) error {
	p := views.ViewsPage{Page: a.page(c, "Saved views"), Typed: typed, Errors: errs}
	p.Section = views.SectionResponses
	all, err := a.keptViews(c.Request().Context(), me(c))
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.UserID == me(c).ID {
			p.Own = append(p.Own, v)
		} else {
			p.Others = append(p.Others, v)
		}
	}
	return render(c, status, views.ResponseViews(p))
}

// SaveView keeps the filter of the list under a name.
func (a *Admin) SaveView(c echo.Context) error {
	list, err := url.ParseQuery(c.FormValue("query"))
	if err != nil {
		return models.ErrNotFound
	}
	page := a.page(c, "Responses")
	f, err := a.responseFilter(c, list, page.Zone)
	if err != nil {
		return err
	}
	v := models.ResponseView{Name: c.FormValue("name"), Query: f.query.Query(), Shared: c.FormValue("shared") == "1" && page.Can.Support}
	saved, err := a.DB.AddResponseView(c.Request().Context(), v, session.By(c))
	if errs := formErrorsOf(err); errs != nil {
		return a.showResponses(c, page, f, func(p *views.ResponsesPage) {
			p.Errors = append(p.Errors, views.FieldError{ID: "view-name", Message: errs[0].Message})
			p.Saving = views.SaveViewForm{Open: true, Name: v.Name, Shared: v.Shared, Error: errs[0].Message}
		})
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "The view “"+saved.Name+"” is in the sidebar."); err != nil {
		return err
	}
	return redirect(c, views.OpenViewURL(saved))
}

// ChangeView renames one of the person's views, and shares it or not.
func (a *Admin) ChangeView(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	was, err := a.DB.ResponseView(c.Request().Context(), id, me(c).ID)
	if err != nil {
		return err
	}
	shared := c.FormValue("shared") == "1" && (was.Shared || me(c).Role.May(models.Support))
	v := models.ResponseView{ID: id, Name: c.FormValue("name"), Shared: shared}
	err = a.DB.ChangeResponseView(c.Request().Context(), v, session.By(c))
	if bad, ok := errors.AsType[*models.Invalid](err); ok {
		return a.showViews(c, http.StatusUnprocessableEntity, v, formErrors{{ID: "view-" + strconv.FormatInt(id, 10) + "-name", Message: bad.Message}})
	}
	if err != nil {
		return err
	}
	if err := a.done(c, "The view was changed."); err != nil {
		return err
	}
	return redirect(c, views.ViewsURL)
}

// DeleteView deletes one of the person's views.
func (a *Admin) DeleteView(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := a.DB.DeleteResponseView(c.Request().Context(), id, session.By(c)); err != nil {
		return err
	}
	if err := a.done(c, "The view was deleted."); err != nil {
		return err
	}
	return redirect(c, views.ViewsURL)
}

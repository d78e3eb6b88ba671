package admin

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// heardEvery is how often a page that is open is written down as such.
const heardEvery = 5 * time.Second

// arrive says that the person opened all rules of a flow, or one, and tells who else is there. A page is worth showing
// without it.
func (a *Admin) arrive(c echo.Context, d draft, screen, rule string) (views.HerePart, error) {
	p := models.Presence{FlowID: d.flow.ID, UserID: me(c).ID, Name: session.By(c).Name, Screen: screen, Rule: rule, Doing: doing(d, screen, rule)}
	part := views.HerePart{Slug: d.flow.Slug, Edit: d.set.Edit, Screen: screen, Rule: rule, Doing: p.Doing}
	if a.DB.Arrive(c.Request().Context(), p) != nil {
		return part, nil
	}
	all, err := a.DB.Present(c.Request().Context(), d.flow.ID)
	part.Others = others(all, p.UserID)
	return part, err
}

// doing says what a person has open.
func doing(d draft, screen, rule string) string {
	switch {
	case screen == "":
		return ""
	case rule == "new":
		return "a new rule"
	case rule == "otherwise":
		return rules.Clash{Screen: screen, Part: rules.OtherwisePart}.Subject(d.doc, d.json)
	case rule == "back":
		return rules.Clash{Screen: screen, Part: rules.BackPart}.Subject(d.doc, d.json)
	}
	return rules.RuleSubject(d.doc, screen, rule, d.json)
}

func others(all []models.Presence, userID int64) []models.Presence {
	return slices.DeleteFunc(all, func(p models.Presence) bool { return p.UserID == userID })
}

// Here keeps the person on the list of who has a flow's rules open, and tells who else is on it and whether the draft is
// still the one that the page shows.
func (a *Admin) Here(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := a.DB.Flow(ctx, c.Param("flow"))
	if err != nil {
		return err
	}
	mine := models.Presence{FlowID: f.ID, UserID: me(c).ID, Name: session.By(c).Name, Screen: short(c.QueryParam("screen")), Rule: short(c.QueryParam("rule")), Doing: short(c.QueryParam("doing"))}
	all, err := a.DB.Present(ctx, f.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(p models.Presence) bool { return p.UserID == mine.UserID })
	if i < 0 || a.Now().Sub(all[i].SeenAt.Time) > heardEvery {
		if err := a.DB.Stay(ctx, mine); err != nil {
			return err
		}
	}
	part := views.HerePart{Slug: f.Slug, Others: others(all, mine.UserID), Rule: mine.Rule}
	if part.Changed, part.What, err = a.changedSince(c, f.ID); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.HereNow(part))
}

// changedSince tells whether the draft is another than the page shows, and what was done last.
func (a *Admin) changedSince(c echo.Context, flowID int64) (changed bool, what string, err error) {
	seen, err := strconv.Atoi(c.QueryParam("edit"))
	if err != nil {
		return false, "", nil
	}
	now, err := a.DB.DraftEditNow(c.Request().Context(), flowID)
	if err != nil || now == seen {
		return false, "", err
	}
	h, err := a.DB.DraftHistory(c.Request().Context(), flowID)
	if last := h.Last(); last != nil {
		what = views.EditSaid(*last)
	}
	return true, what, err
}

// short is what an address may say about a place.
func short(s string) string {
	if len(s) > 400 {
		return ""
	}
	return s
}

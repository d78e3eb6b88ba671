package admin

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/flowjson"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

const (
	draftChanged = "Somebody else changed the draft meanwhile. This is the newest one: look again, then repeat your change."
	draftGone    = "There is no draft any more: somebody discarded or published it."
)

// Rules shows a flow's routing: the draft, or what is published.
func (a *Admin) Rules(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	return a.showRules(c, http.StatusOK, d, "")
}

func (a *Admin) showRules(c echo.Context, status int, d draft, refused string) error {
	p, err := a.rulesPage(c, d, a.problems(d, a.instanceZone(c)), refused)
	if err != nil {
		return err
	}
	return render(c, status, views.Rules(p))
}

// edit is the number of the draft that the form was made from.
func editOf(c echo.Context) int {
	n, err := strconv.Atoi(c.FormValue("edit"))
	if err != nil {
		return -1
	}
	return n
}

// staleDraft answers a change to a draft that is not the newest: 409 with the newest one.
func (a *Admin) staleDraft(c echo.Context, refused string) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	return a.showRules(c, http.StatusConflict, d, refused)
}

// ActOnRule moves, duplicates, switches or deletes one rule: do=up, down, duplicate, on, off, delete.
func (a *Admin) ActOnRule(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	place, id := c.Param("screen"), c.Param("rule")
	s, ok := d.at(place)
	if !ok {
		return models.ErrNotFound
	}
	i := indexOf(s, id)
	if i < 0 {
		return models.ErrNotFound
	}
	anchor, said := actOn(s, i, c.FormValue("do"), twinID(id, editOf(c)))
	if said == "" {
		return &models.Invalid{Field: "do", Message: "Choose one of the buttons of the rule."}
	}
	if do := c.FormValue("do"); do == "up" || do == "down" { // of two that changed places, the one that was moved
		d.said = rules.RuleSubject(d.doc, place, id, d.json) + ": moved " + do
	}
	if err := a.saveDraft(c, d, editOf(c)); err != nil {
		return a.refusedSave(c, d, err)
	}
	if err := a.done(c, said); err != nil {
		return err
	}
	if anchor == "" {
		anchor = "screen-" + place
	} else {
		anchor = "rule-" + anchor
	}
	return redirect(c, views.RulesURL(d.flow.Slug)+"#"+anchor)
}

// actOn changes the rules of a place; it returns the rule to look at afterwards and what was done, "" for nothing.
// twin is the id of a duplicate.
func actOn(s *rules.ScreenRules, i int, do, twinID string) (id, said string) {
	r := &s.Rules[i]
	id = r.ID
	switch {
	case do == "up" && i > 0:
		s.Rules[i-1], s.Rules[i] = s.Rules[i], s.Rules[i-1]
		return id, "Rule moved to position " + strconv.Itoa(i) + "."
	case do == "down" && i < len(s.Rules)-1:
		s.Rules[i+1], s.Rules[i] = s.Rules[i], s.Rules[i+1]
		return id, "Rule moved to position " + strconv.Itoa(i+2) + "."
	case do == "duplicate" && indexOf(s, twinID) >= 0: // the form was sent twice
		return twinID, "Rule duplicated."
	case do == "duplicate":
		twin := (rules.Document{Switchyard: 1, Opening: &rules.ScreenRules{Rules: []rules.Rule{*r}}}).Clone().Opening.Rules[0]
		twin.ID = twinID
		if twin.Name != "" {
			twin.Name += " (copy)"
		}
		s.Rules = append(s.Rules[:i+1], append([]rules.Rule{twin}, s.Rules[i+1:]...)...)
		return twin.ID, "Rule duplicated."
	case do == "on" || do == "off":
		r.Off = do == "off"
		return id, "Rule switched " + do + "."
	case do == "delete":
		s.Rules = append(s.Rules[:i], s.Rules[i+1:]...)
		return "", "Rule deleted from the draft."
	}
	return "", ""
}

// DiscardRules drops the draft that the page showed.
func (a *Admin) DiscardRules(c echo.Context) error {
	flow, err := a.DB.Flow(c.Request().Context(), c.Param("flow"))
	if err != nil {
		return err
	}
	err = a.DB.DiscardDraft(c.Request().Context(), flow.ID, editOf(c), session.By(c))
	switch {
	case errors.Is(err, models.ErrConflict):
		return a.staleDraft(c, draftChanged)
	case errors.Is(err, models.ErrNotFound):
		return a.staleDraft(c, draftGone)
	case err != nil:
		return err
	}
	if err := a.done(c, "The draft is discarded."); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(flow.Slug))
}

// ExportRules gives the document that the page shows as a file.
func (a *Admin) ExportRules(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+d.flow.Slug+`-rules.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, d.doc.Encode())
}

// parsed reads a Flow JSON for compiling; nil when there is none.
func parsed(raw []byte) *flowjson.Flow {
	if raw == nil {
		return nil
	}
	flow, _ := flowjson.Parse(raw)
	return flow
}

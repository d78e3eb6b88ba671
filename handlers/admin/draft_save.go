package admin

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"switchyard/models"
	"switchyard/models/rules"
	"switchyard/views"
	"switchyard/web/session"
)

// saveDraft writes the changed document. What others changed since edit stays, unless it is the same part: *models.Clash.
// A document that was not changed is not written.
func (a *Admin) saveDraft(c echo.Context, d draft, edit int) error {
	changes := rules.Diff(d.was, d.doc, d.json)
	if len(changes) == 0 {
		return nil
	}
	change := models.DraftChange{Edit: edit, Base: d.was, Document: d.doc, Encoded: d.doc.Encode(), Said: cmp.Or(d.said, views.ChangesSaid(changes))}
	set, err := a.DB.ChangeDraft(c.Request().Context(), d.flow.ID, change, session.By(c))
	if err == nil && bytes.Equal(set.Document, change.Encoded) {
		a.drafts.saved(d, set.Document)
	}
	return err
}

// refusedSave answers a change that was not saved: 409 with both texts, or with the newest draft when what the change was
// made from is not kept any more.
func (a *Admin) refusedSave(c echo.Context, d draft, err error) error {
	clash, ok := errors.AsType[*models.Clash](err)
	switch {
	case !ok && errors.Is(err, models.ErrConflict):
		return a.staleDraft(c, draftChanged)
	case !ok:
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := views.ClashPage{Page: a.page(c, d.flow.Name+" rules"), Flow: d.flow, Clash: a.clashOf(c, d, clash), Edit: clash.Edit, Action: c.Request().URL.Path}
	for name, values := range form {
		for _, v := range values {
			if name != "edit" {
				p.Form = append(p.Form, views.Option{Value: v, Label: name})
			}
		}
	}
	slices.SortFunc(p.Form, func(a, b views.Option) int { return strings.Compare(a.Label, b.Label) })
	return render(c, http.StatusConflict, views.ClashShown(p))
}

// clashOf says both texts of a clash, and who saved meanwhile.
func (a *Admin) clashOf(c echo.Context, d draft, clash *models.Clash) *views.DraftClash {
	out := &views.DraftClash{Who: a.saversSince(c, d, editOf(c))}
	theirs, mine := rules.Diff(clash.Base, clash.Theirs, d.json), rules.Diff(clash.Base, d.doc, d.json)
	for _, part := range clash.Parts {
		out.Parts = append(out.Parts, views.ClashPart{
			Subject: part.Subject(clash.Base, d.json),
			Theirs:  views.ClashSide{Text: part.In(clash.Theirs, d.json), Changes: part.Of(theirs)},
			Mine:    views.ClashSide{Text: part.In(d.doc, d.json), Changes: part.Of(mine)},
		})
	}
	return out
}

// saversSince names the others who saved since an edit; nobody when that is not known.
func (a *Admin) saversSince(c echo.Context, d draft, edit int) (names []string) {
	h, err := a.DB.DraftHistory(c.Request().Context(), d.flow.ID)
	if err != nil {
		return nil
	}
	for _, e := range slices.Backward(h.Edits) {
		if e.Edit > edit && e.Act != models.DraftStart && !slices.Contains(names, e.Author) {
			names = append(names, e.Author)
		}
	}
	return names
}

// keepTheirs leaves what somebody else saved as it is.
func (a *Admin) keepTheirs(c echo.Context, d draft) error {
	if err := a.done(c, "Your change was dropped; the draft stays as it was saved."); err != nil {
		return err
	}
	return leave(c, views.RuleAnchorURL(d.flow.Slug, c.Param("screen"), c.Param("rule")))
}

var ruleIDForm = regexp.MustCompile(`^[a-z0-9]{4,40}$`)

// newIDOf is the id that the form of a new rule came with, so that a form that is sent twice makes one rule.
func newIDOf(c echo.Context, d draft) string {
	if id := c.FormValue("id"); ruleIDForm.MatchString(id) && id != "otherwise" && id != "back" && !usedElsewhere(d.doc, c.Param("screen"), id) {
		return id
	}
	return newRuleID()
}

// usedElsewhere tells whether a rule of another place than that one has the id. A document with an id twice cannot be read.
func usedElsewhere(doc rules.Document, place, id string) bool {
	if place != "opening" && doc.Opening != nil && indexOf(doc.Opening, id) >= 0 {
		return true
	}
	for screen, s := range doc.Screens {
		if screen != place && indexOf(s, id) >= 0 {
			return true
		}
	}
	return false
}

// twinID is the id of a duplicate, the same when the same form is sent twice.
func twinID(id string, edit int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, edit))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:10])
}

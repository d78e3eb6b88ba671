package admin

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"switchyard/views"
)

// SetRulesZone says in the draft what “today” means in a flow's rules; an empty zone is that of the installation.
func (a *Admin) SetRulesZone(c echo.Context) error {
	d, err := a.draft(c)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(c.FormValue("timezone"))
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		p, err := a.rulesPage(c, d, a.problems(d, a.instanceZone(c)), "")
		if err != nil {
			return err
		}
		p.Doc.Timezone = name
		p.Errors = formErrors{{ID: "timezone", Message: "There is no such time zone. Enter one such as Europe/Lisbon."}}
		return render(c, http.StatusUnprocessableEntity, views.Rules(p))
	}
	d.doc.Timezone = name
	if err := a.saveDraft(c, d, editOf(c)); err != nil {
		return a.refusedSave(c, d, err)
	}
	if err := a.done(c, "Time zone saved to the draft."); err != nil {
		return err
	}
	return redirect(c, views.RulesURL(d.flow.Slug)+"#zone")
}
